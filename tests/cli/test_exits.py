"""Exit codes: each held by a command that ends with it; what --json says of trouble; what a pipe gets."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from moot_client.cli.exits import (
    AWAY,
    DISK,
    DONE,
    MEANING,
    NOT_ALLOWED,
    NOT_DONE,
    NOT_FOUND,
    STOPPED,
    USAGE,
    code_of,
)
from moot_shared import errors
from moot_shared.errors import ConnectionTrouble, MootError
from tests.cli.shell import ROOT, Shell, environment

NOBODY = "ws://127.0.0.1:9"


def test_done_not_done_and_wrong_usage(ann: Shell) -> None:
    short = ann.id("issue", "add", "One")
    assert ann("issues").code == DONE == 0
    assert ann("vote", short, "9").code == NOT_DONE == 1
    assert ann("vote").code == USAGE == 2
    assert ann("nonsense").code == USAGE


@pytest.mark.parametrize(
    "words",
    [["--home", "", "issues"], ["issues", "--community", ""], ["--home", ""], ["export", ""]],
    ids=str,
)
def test_what_is_empty_is_not_taken_for_what_was_left_out(ann: Shell, words: list[str]) -> None:
    ran = ann(*words)
    assert ran.code == USAGE == 2
    assert "is empty: say" in ran.err


def test_nothing_found(ann: Shell, shell: Shell, tmp_path: Path) -> None:
    for words in (
        ["issue", "show", "zzzz"],
        ["member", "show", "Nobody"],
        ["issues", "--community", "Nowhere"],
    ):
        assert ann(*words).code == NOT_FOUND == 3, words
    assert ann("issues", "--home", str(tmp_path / "elsewhere")).code == NOT_FOUND


def test_a_relay_that_is_away_and_what_was_written_is_kept(ann: Shell) -> None:
    assert ann("host", NOBODY, "KEY" * 14).code in (AWAY, NOT_DONE)
    assert ann("relay", "set", NOBODY).code == DONE  # it is said, and goes out later
    ann("issue", "add", "Kept here").good()
    ran = ann("sync")
    assert ran.code == AWAY == 4
    assert "safe on this machine" in ran.err
    assert len(ann("issues").out.splitlines()) == 1


def test_the_disk(ann: Shell) -> None:
    store = next(ann.home.glob("communities/*/store.db"))
    with sqlite3.connect(store) as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    assert ann("issues").code == DISK == 6


def test_not_allowed_is_said_of_rules_and_of_relays_that_let_nobody_in() -> None:
    """With a real relay: test_belonging.py, `invites are listed, limited and taken back`."""

    class Shut(ConnectionTrouble):
        retry = False

    assert code_of(Shut("no")) == NOT_ALLOWED == 5
    assert code_of(errors.AdmissionError("stranger", "no")) == NOT_ALLOWED
    assert STOPPED == 130  # held in test_processes.py, with a real Ctrl+C


def test_what_is_not_for_this_member_to_do_is_not_allowed(ada: Shell) -> None:
    ada("convenor", "step-down", "--yes").good()
    for words in (
        ["member", "remove", "Cat"],
        ["invite", "--viewer"],
        ["relay", "set", NOBODY],
        ["convenor", "step-down"],
    ):
        assert ada(*words).code == NOT_ALLOWED, words
    ada("leave", "--yes").good()
    for words in (["issue", "add", "One"], ["profile", "--about", "Gone"], ["invite"]):
        ran = ada(*words, "--json")
        assert (ran.code, json.loads(ran.err.splitlines()[-1])["reason"]) == (NOT_ALLOWED, "not allowed"), (
            words
        )


def test_every_error_has_a_code_that_is_explained() -> None:
    def tree(kind: type[MootError]) -> list[type[MootError]]:
        return [kind, *(found for sub in kind.__subclasses__() for found in tree(sub))]

    for kind in tree(MootError):
        if kind.__module__ == errors.__name__:
            error = kind("code", "no") if kind is errors.AdmissionError else kind("no")
            assert code_of(error) in MEANING
    assert len({word for word, _ in MEANING.values()}) == len(MEANING)


def test_with_json_what_went_wrong_is_the_last_line_of_stderr(ann: Shell) -> None:
    ran = ann("issue", "show", "zz\x1b[31m", "--json")
    assert (ran.code, ran.out) == (NOT_FOUND, "")
    told = json.loads(ran.err.splitlines()[-1])
    assert (told["reason"], told["code"]) == ("not found", NOT_FOUND)
    assert "There is no issue" in told["error"]
    assert ran.err.isascii()


def test_a_pipe_gets_one_record_a_line_with_tabs_between_whole_cells_and_nothing_else(ann: Shell) -> None:
    long = "A title of many words " * 8
    short = ann.id("issue", "add", f"{long}\twith a tab", "--level", "organisation")
    ann("vote", short, "2").good()
    second = ann.id("issue", "add", "Another")
    ran = ann("issues").good()
    assert [row.split("\t") for row in ran.out.splitlines()] == [
        [short, "2", "2", "-", f"{long}with a tab".replace("  ", " "), "organisation, no hours yet!"],
        [second, "0", "-", "-", "Another", ""],
    ]
    assert ran.err == ""
    seen = ann.seen("issues").good().out
    assert seen.startswith("id ")
    assert "dots left" in seen


@pytest.mark.parametrize(
    "words", [["issues"], ["reviews"], ["lessons"], ["members"], ["invites"], ["communities"]], ids=" ".join
)
def test_a_list_in_a_pipe_has_as_many_cells_in_every_line(ann: Shell, words: list[str]) -> None:
    for number in range(3):
        ann("issue", "add", f"Issue {number}").good()
        ann("review", "add", f"Review {number}").good()
        ann("lesson", "add", f"Lesson {number}").good()
    out = ann(*words).good().out
    assert len({line.count("\t") for line in out.splitlines()}) <= 1
    assert not out or "\t" in out


def test_json_lists_have_an_entry_a_line(ann: Shell) -> None:
    for number in range(3):
        ann("issue", "add", f"Issue {number}").good()
    lines = ann("issues", "--json").good().out.splitlines()
    assert len(lines) == 5
    assert [json.loads(line.rstrip(","))["title"] for line in lines[1:-1]]


def test_a_pipe_that_is_closed_early_is_no_trouble(ann: Shell) -> None:
    for number in range(5):
        ann("issue", "add", f"Issue {number}").good()
    script = f"{sys.executable} -m moot_shared issues | head -1; echo ${{PIPESTATUS[0]}} >&2"
    done = subprocess.run(
        ["bash", "-c", script],
        env=environment(ann.home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == "0\n"
    assert done.stdout.count("\n") == 1


def test_without_any_outlet_it_ends_all_the_same(ann: Shell) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m moot_shared issues >/dev/full; echo $?"],
        env=environment(ann.home), cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert os.fspath(ann.home)
