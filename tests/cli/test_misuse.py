"""Wrong usage: one sentence of what is wrong, what may be meant, and a line that works; no wall of names."""

from __future__ import annotations

import json
import shlex

import pytest

from moot_client.cli.meant import ELSEWHERE, meant
from moot_client.cli.parser import Parser, build, whole
from moot_shared.misuse import MOST
from tests.cli.page import commands
from tests.cli.shell import Shell

SAID = [
    ("isue add x", "Moot has no command ‘isue’. Did you mean moot issue or moot issues?"),
    ("people", "Moot has no command ‘people’. Did you mean moot members?"),
    ("ISSUES", "Did you mean moot issues"),
    ("add", "Did you mean moot issue add, moot review add or moot lesson add?"),
    ("close", "Did you mean moot issue close?"),
    ("xyzzy", "Moot has no command ‘xyzzy’. moot --help lists what there is."),
    ("issue", "moot issue needs one of these after it: add, show, edit,"),
    ("issue shwo 7xk2", "moot issue has no ‘shwo’. Did you mean moot issue show?"),
    ("issue 7xk2", "Did you mean moot issue show 7xk2?"),
    ("member Ben", "Did you mean moot member show Ben?"),
    ("community Foo", "moot community has no ‘Foo’; it has show, edit."),
    ("issues add x", "moot issues takes no ‘add’. Did you mean moot issue add?"),
    ("issue edit 7xk2 --state open", "moot issue edit knows no ‘--state’. Did you mean --status?"),
    ("issue add x --titel=y", "knows no ‘--titel’. Did you mean --title?"),
    ("issues --jsn", "Did you mean --json?"),
    ("--foo issues", "moot knows no ‘--foo’."),
    ("issue add -x", "Words that begin with a dash come last, after a -- of its own."),
    ("vote", "moot vote needs ISSUE and DOTS."),
    ("vote 7xk2", "moot vote needs DOTS (0 to 5)."),
    ("found North", "moot found needs --as ME (your name)."),
    ("comment 7xk2 two words", "‘words’ is more than moot comment takes. Words that belong together"),
    ("vote 7xk2 3 --why", "After --why comes TEXT. If that begins with a dash, write --why=TEXT."),
    ("words --check 7", "After --check come NUMBER and WORD."),
    ("history 7xk2 --version x", "--version is a whole number, and ‘x’ is none."),
    ("issues --json=3", "--json stands for itself: nothing comes after it."),
    ("--place moon", "--place is one of today, agenda, lessons, people; not ‘moon’."),
    ("picture mpa", "PICTURE is one of map, activity; not ‘mpa’. Did you mean map?"),
    ("web --port x", "--port: a port is a number up to 65535."),
]


@pytest.mark.parametrize(("typed", "sentence"), SAID, ids=[typed for typed, _ in SAID])
def test_wrong_usage_is_a_sentence_and_a_line_that_works(shell: Shell, typed: str, sentence: str) -> None:
    said, *example = shell(*typed.split()).refused(code=2).splitlines()
    assert sentence in said
    assert said.endswith((".", "?"))
    assert len(said) < 160
    for line in example:
        words = shlex.split(line.removeprefix("For example: "))
        if "<" in words:
            words = words[: words.index("<")]
        assert callable(build(words[1:]).parse_args(words[1:]).run)
    assert len(example) <= 1


def test_the_example_shows_the_option_that_is_meant(shell: Shell) -> None:
    assert '--status "in work"' in shell("issue", "edit", "7xk2", "--state", "x").refused(code=2)


@pytest.mark.parametrize("name", [name for name, parser in commands() if parser.examples])
def test_no_command_answers_a_wrong_option_with_argparses_words(shell: Shell, name: str) -> None:
    said = shell(*name.split(), "--nonsense-that-nobody-means").refused(code=2)
    for words in ("usage:", "invalid", "argument", "unrecognized", "required:", "None"):
        assert words not in said, said
    assert "For example: " in said


def test_wrong_usage_in_json_is_one_object_with_its_example(shell: Shell) -> None:
    told = json.loads(shell("issue", "edit", "7xk2", "--state", "x", "--json").err)
    assert (told["code"], told["reason"]) == (2, "usage")
    assert told["example"].startswith("moot issue edit")
    assert json.loads(shell("--json", "xyzzy").err)["code"] == 2


def test_what_was_typed_is_shown_short_and_steers_no_terminal(shell: Shell) -> None:
    said = shell("\x1b[2J" + "x" * 9_000).refused(code=2)
    assert len(said) < 120
    assert "␛" in said


def test_whatever_is_called_otherwise_elsewhere_is_there() -> None:
    tree = whole().commands.tree()
    leaves = {name for name, _ in commands()} | set(tree) | {"relay"}
    options = {option for parser in _all(tree) for option in parser._option_string_actions}
    for word, here in ELSEWHERE.items():
        assert word not in tree
        assert len(here) <= MOST
        assert all(one in (options if word.startswith("--") else leaves) for one in here), word


def _all(tree: dict[str, Parser]) -> list[Parser]:
    return [*tree.values(), *(parser for _, parser in commands())]


def test_nothing_is_meant_by_what_is_like_nothing() -> None:
    assert meant("q", ["issue", "review"]) == []


def test_help_is_a_word_too(shell: Shell) -> None:
    assert shell("help").good().out == shell("--help").good().out
    assert shell("help", "issue", "add").good().out == shell("issue", "add", "--help").good().out
