"""The examples of each command do what they show: they are run, in their order, in one cohort."""

from __future__ import annotations

import io
import shlex
import sys
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.commands import Edit
from moot_client.replica.replica import Replica
from tests.cli.page import commands
from tests.cli.shell import Shell
from tests.helpers import cohort

NOBODY = "ws://127.0.0.1:9"
EXAMPLES = [line for _, parser in commands() for line in parser.examples]
NOT_HERE = {
    "a relay": ("moot host", "moot sync", "moot relay set", "moot found North --as"),
    "another machine": ("moot join", "moot recover"),
    "a word of somebody else's": ("moot member vouch", "moot convenor agree"),
    "somebody at a terminal": ("moot leave", "moot demo", "moot web"),
    "a home of its own": ("moot found",),
}
"""What an example needs that is not here -> how it begins. Other tests have it."""
BEFORE = {
    "moot restore 7xk2 --version 3 --field title": "moot issue edit 7xk2 --title Again",
    "moot draft forget 1": "moot drafts",
}
"""An example -> what has to be done before it, since the one before has done it already."""


@pytest.fixture
def ada(shell: Shell) -> Shell:
    """A convenor in a cohort of three, where an issue was changed twice, and once at the same time."""
    mine = cohort.founder(shell.home, "Ada")
    ben = cohort.joiner(shell.home.parent / "ben", mine, "Ben Okafor", seed=5)
    cat = cohort.joiner(shell.home.parent / "cat", mine, "Cat", seed=6)
    key = cohort.issue(mine, "Facts are lost")
    for title in ("Handover", "Handover loses facts"):
        mine.do(Edit(key, {"title": title}))
    cohort.settle(mine, ben, cat)
    for replica, level in ((mine, "organisation"), (ben, "across teams")):
        replica.do(Edit(key, {"level": level}))
    cohort.settle(mine, ben, cat)
    mine.do(Edit(key, {"title": "Handover loses many facts"}))
    mine.set_relay_url(NOBODY)
    mine.save_draft("new issue", "", {"title": "Half a thought"})
    for replica in (mine, ben, cat):
        replica.close()
    return shell


def test_every_example_does_what_it_shows(
    ada: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("HOME", str(tmp_path))
    known = _ids(ada)
    for line in EXAMPLES:
        if any(line.startswith(begin) for begins in NOT_HERE.values() for begin in begins):
            continue
        for each in filter(None, (BEFORE.get(line, ""), line)):
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"What came in.")))
            ran = ada(*_words(each, known))
            assert ran.code == 0, (each, ran)
            assert ran.out, each
    assert "Everything holds" in ada("verify").good().out


def _ids(ada: Shell) -> dict[str, str]:
    """What stands in the examples for an id -> an id that is here; a word, and the right one."""
    issue = ada("issues", "--json").json[0]["id"]
    replica = Replica.open(Home(ada.home).place())
    words = replica.place.identity().words()
    replica.close()
    ada("invite").good()
    invite = next(row for row in ada("invites", "--json").json if row["state"] == "open")
    return {
        "7xk2": issue,
        "4c1d": ada.id("issue", "add", "Nobody owns supplier quality"),
        "9fq0": ada.id("review", "add", "The pilot"),
        "3bcd": ada.id("lesson", "add", "Close the list"),
        "1pQs": invite["key"].lstrip("-_")[:8],
        "apple": words[6],
    }


def _words(line: str, known: dict[str, str]) -> list[str]:
    """The words behind `moot`: without what a shell does around them, with ids that are here."""
    words = shlex.split(line.removeprefix("source <(").rstrip(")"))
    words = words[: min((words.index(sign) for sign in ("<", "|") if sign in words), default=None)]
    return [
        str(Path(known.get(word, word)).expanduser()) if word[:1] == "~" else known.get(word, word)
        for word in words[1:]
    ]


def test_what_is_not_run_here_is_an_example_somewhere() -> None:
    for begins in NOT_HERE.values():
        for begin in begins:
            assert any(line.startswith(begin) for line in EXAMPLES), begin
