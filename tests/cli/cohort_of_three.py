"""A cohort of three as `moot` finds it, and the examples of the help as somebody would type them there."""

from __future__ import annotations

import io
import shlex
import sys
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.commands import Edit
from moot_client.replica.replica import Replica
from tests.cli.shell import Shell
from tests.helpers import cohort
from tests.helpers.drafts import save_draft

NOBODY = "ws://127.0.0.1:9"


def begin(shell: Shell) -> None:
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
    save_draft(mine, "new issue", "", {"title": "Half a thought"})
    for replica in (mine, ben, cat):
        replica.close()


def ids(ada: Shell) -> dict[str, str]:
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


def at_work(ada: Shell, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """In a folder of one's own, where what is written harms nobody; the `ids`."""
    (folder / "work").mkdir()
    monkeypatch.chdir(folder / "work")
    monkeypatch.setenv("HOME", str(folder))
    return ids(ada)


def piped_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something comes in from stdin, for whoever reads it."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"What came in.")))


def typed(line: str, known: dict[str, str]) -> list[str]:
    """The words behind `moot`: without what a shell does around them, with ids that are here."""
    words = shlex.split(line.removeprefix("source <(").rstrip(")"))
    words = words[: min((words.index(sign) for sign in ("<", "|") if sign in words), default=None)]
    return [
        str(Path(known.get(word, word)).expanduser()) if word[:1] == "~" else known.get(word, word)
        for word in words[1:]
    ]
