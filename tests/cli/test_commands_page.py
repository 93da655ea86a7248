"""Every command is documented, shows how it is used, and does whatever a key does."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from moot_client.cli.layout import ELSE, sections
from moot_client.cli.parser import MODULES, Parser, build, whole
from moot_client.tui.commands.registry import COMMANDS
from tests.cli.page import AS_COMMAND, ONLY_THERE, commands, page

ALL = dict(commands())
EXAMPLES = [(name, line) for name, parser in ALL.items() for line in parser.examples]


def test_the_page_says_what_the_commands_say() -> None:
    written = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    assert written == page(), "run scripts/commands"
    assert all(f"### {name}\n" in written for name in ALL)


@pytest.mark.parametrize("name", ALL)
def test_every_command_shows_how_it_is_used(name: str) -> None:
    assert ALL[name].examples
    assert ALL[name].description
    assert "examples:\n  " in ALL[name].format_help()


@pytest.mark.parametrize(("name", "line"), EXAMPLES, ids=[line for _, line in EXAMPLES])
def test_an_example_can_be_typed(name: str, line: str) -> None:
    words = _words(line)
    assert words[0] == "moot"
    assert " ".join(words[1:]).startswith(name)
    parsed = build(words[1:]).parse_args(words[1:])
    assert callable(parsed.run)


def _words(line: str) -> list[str]:
    """The words of the command in a line: without what a shell does around it."""
    words = shlex.split(line.replace("source <(", "").replace(")", "") if line.startswith("source") else line)
    for sign in ("|", "<"):
        if sign in words:
            words = words[: words.index(sign)]
    return words


def test_the_first_help_is_a_table_of_contents_with_a_line_for_each_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    rows = whole().format_help().splitlines()
    assert len(rows) <= 70
    assert max(map(len, rows)) <= 80
    named = [row.split()[0] for row in rows if row.startswith("  ") and row[2] != " "]
    shown = [action.dest for _, action in whole().commands.listed()]
    options = ["--help", "--home", "--community", "--ca-file", "--json", "--version", "--place"]
    assert sorted(named) == sorted([*shown, *options])


def test_every_command_stands_under_a_place() -> None:
    assert ELSE not in sections(whole().commands.listed())


def test_the_table_of_commands_is_the_tree() -> None:
    """So that one command's module alone is imported, and completion knows all of them."""
    named = {name for names in MODULES.values() for name in names}
    assert named == set(whole().commands.tree())


def test_whatever_a_key_does_a_command_does_or_it_is_said_why_not() -> None:
    assert {command.id for command in COMMANDS.values()} == {*AS_COMMAND, *ONLY_THERE}
    assert not set(AS_COMMAND) & set(ONLY_THERE)
    known = set(ALL)
    for told in AS_COMMAND.values():
        for quoted in told.split("`")[1::2]:
            name = quoted.split(" --")[0].split(" |")[0]
            assert not name or name in known or name.startswith("--"), told


def test_help_of_a_group_shows_the_first_example_of_each() -> None:
    issue: Parser = whole().commands.tree()["issue"]
    assert "moot issue close 7xk2" in issue.examples
