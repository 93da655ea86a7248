"""Every command, with whatever can stand in its places: an answer or a sentence, and an exit code.

What is tried comes from the tree of commands, so a new command is tried too.
"""

from __future__ import annotations

import io
import json
import sys
from argparse import Action, _SubParsersAction
from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.cli.exits import MEANING
from moot_client.cli.parser import Parser
from tests.cli.page import commands
from tests.cli.shell import Ran, Shell

APART = ("demo", "web")
"""They go on until they are stopped: tests/demo and tests/web try them."""
ALL = {name: parser for name, parser in commands() if name not in APART}
ODD = {
    "nothing": "",
    "a space": " ",
    "stdin": "-",
    "nowhere": "zzzz",
    "signs": "\x1b[2J\x07\u202e\t\r\n",
    "no text": "\udcff\udc80",
    "long": "x" * 100_000,
    "markup": "[bold]%s{}'\"$(id)`;",
    "a number": "99999999999999999999999",
}
IN_OPTIONS = ("nothing", "no text", "long")
STEERS = {chr(code) for code in (*range(32), 127, *range(0x80, 0xA0), 0x202E)} - {"\n", "\t"}


@pytest.fixture
def there(ann: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A member of a community with one of each kind, in a folder where files may be made."""
    issue = ann.id("issue", "add", "Handover")
    ann.id("review", "add", "Audit", "--issue", issue)
    ann.id("lesson", "add", "Read it back")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return ann


def places(parser: Parser) -> list[Action]:
    """What must be given, in its order."""
    given = [a for a in parser._actions if not isinstance(a, _SubParsersAction)]
    return [a for a in given if a.required and a.nargs != "?"]


def lines(name: str, parser: Parser, value: str, known: str) -> Iterator[list[str]]:
    """The command with a value in all of its places, in all but an id's, and in each of its options."""
    must = [part for a in places(parser) for part in _given(a, value)]
    yield [*name.split(), *must]
    right = {"id": known, "dots": "1", "hours": "1", "number": "1", "what": "map", "shell": "bash"}
    good = [part for a in places(parser) for part in _given(a, right.get(a.dest, value))]
    yield [*name.split(), *good]
    for action in parser._actions:
        if (
            action.option_strings
            and action.nargs != 0
            and action.dest not in ("home", "community", "ca_file")
        ):
            yield [*name.split(), *good, *_given(action, value)]


def _given(action: Action, value: str) -> list[str]:
    times = action.nargs if isinstance(action.nargs, int) else 1
    if not action.option_strings:
        return [value] * times
    return (
        [f"{action.option_strings[-1]}={value}"]
        if times == 1
        else [action.option_strings[-1], *[value] * times]
    )


def harmless(ran: Ran, words: list[str]) -> None:
    """An answer or a sentence; never a fault of ours, never a sign that steers a terminal."""
    told = (words, ran.code, ran.err[:300])
    assert ran.code in MEANING, told
    for words_of_a_fault in ("Traceback", "inside Moot", "Error(", "None"):
        assert words_of_a_fault not in ran.err, told
    assert not STEERS & set(ran.out + ran.err), told
    assert bool(ran.err.strip()) or ran.code in (0, 1), told
    assert len(ran.err) < 1_500, told


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_whatever_stands_in_a_place_is_answered_with_a_sentence(
    there: Shell, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    known = there("issues", "--json").json[0]["id"]
    for number, (what, odd) in enumerate(ODD.items()):
        tried = list(lines(name, ALL[name], odd, known))
        for words in tried if what in IN_OPTIONS else tried[:2]:
            end = ["--json"] * (number % 2)
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\x00 \x1b[2J")))
            ran = there(*words, *end)
            harmless(ran, words)
            if end and ran.code not in (0, 1):
                assert json.loads(ran.err.splitlines()[-1])["code"] == ran.code
    assert "Everything holds" in there("verify").good().out
