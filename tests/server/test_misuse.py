"""Wrong usage of the relay's commands: a sentence and a line that works; each one is documented."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from moot_server.command import main
from moot_server.commands import copying, options
from moot_server.commands.exits import DONE, MEANING, NOT_DONE, STOPPED, USAGE
from tests.server.relay_page import commands, page

ALL = dict(commands())
EXAMPLES = [line for one in ALL.values() for line in one.examples]
SAID = [
    ("--port abc", "--port is a whole number, and ‘abc’ is none."),
    ("--port", "After --port comes PORT."),
    ("--log", "After --log comes one of quiet, text, json."),
    ("--nonsense", "moot relay knows no ‘--nonsense’."),
    ("--metrix 3", "moot relay knows no ‘--metrix’. Did you mean --metrics?"),
    ("--po 3", "moot relay knows no ‘--po’. Did you mean --port?"),
    ("--metrics=1", "--metrics stands for itself: nothing comes after it."),
    ("--log loud", "--log is one of quiet, text, json; not ‘loud’."),
    ("frob", "A relay has no command ‘frob’; it has backup, restore, verify, status, move."),
    ("--data here stats", "A relay has no command ‘stats’. Did you mean moot relay status?"),
    ("backup", "moot relay backup needs FILE (where to)."),
    ("backup one two", "‘two’ is more than moot relay backup takes."),
    ("move", "moot relay move needs --to URL (the database, an empty one)."),
    ("status --limit a=1", "moot relay status knows no ‘--limit’."),
    ("status \x1b[2J", "‘␛[2J’ is more than moot relay status takes."),
]


@pytest.mark.parametrize(("typed", "sentence"), SAID, ids=[repr(typed) for typed, _ in SAID])
def test_wrong_usage_is_a_sentence_and_a_line_that_works(
    typed: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(typed.split(" ")) == USAGE
    said = capsys.readouterr()
    first, example = said.err.splitlines()
    assert first.startswith(sentence)
    assert first.endswith((".", "?"))
    assert said.out == ""
    for words in ("usage:", "invalid", "argument", "unrecognized", "required:", "None", "\x1b"):
        assert words not in said.err
    assert example.removeprefix("For example: ") in EXAMPLES


def test_the_example_shows_the_option_that_is_meant(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--log", "loud"])
    assert "--log text" in capsys.readouterr().err.splitlines()[-1]


def test_what_cannot_be_done_is_no_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--limit", "x=1", "--data", str(tmp_path)]) == NOT_DONE
    assert "sets no limit" in capsys.readouterr().err


def test_who_stops_a_command_is_not_told_that_it_was_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(copying, "backup", interrupted)
    assert main(["backup", str(tmp_path / "copy.db")]) == STOPPED == 130


def test_the_page_says_what_the_commands_say() -> None:
    written = (Path(__file__).parents[2] / "docs" / "relay-commands.md").read_text(encoding="utf-8")
    assert written == page(), "run scripts/commands"


@pytest.mark.parametrize("name", ALL)
def test_every_command_explains_itself_and_shows_how_it_is_used(name: str) -> None:
    found = ALL[name]
    assert found.description
    assert found.examples
    assert all(action.help for action in found._actions if action.dest != "==SUPPRESS==")
    assert "examples:\n  moot relay" in found.format_help()


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_can_be_typed(line: str) -> None:
    words = shlex.split(line)
    assert words[:2] == ["moot", "relay"]
    assert callable(options.parser().parse_args(words[2:]).act)


def test_help_says_what_the_exit_codes_mean_and_is_a_word_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == DONE
    told = capsys.readouterr().out
    assert all(f"  {code:<4} {said}" in told for code, said in MEANING.items())
    assert main(["help"]) == DONE
    assert capsys.readouterr().out == told
    assert main(["help", "backup"]) == DONE
    assert "moot relay backup /var/backups/moot.db" in capsys.readouterr().out
