"""What a walk through all commands met: each does what its help says, and says what was meant."""

from __future__ import annotations

import io
import os
import sys
from unittest import mock

import pytest

from moot_client.drawing.cells import width
from tests.cli.shell import Shell


def test_a_remark_is_taken_back_by_saying_nothing_in_its_place(ann: Shell) -> None:
    short = ann.id("issue", "add", "Handover")
    ann("comment", short, "First").good()
    assert ann("comment", short, "Second", "--change", "1").good().out.startswith("Changed: what you said")
    assert ann("comment", short, "", "--change", "1").good().out.startswith("Taken back: what you said about")
    assert ann("issue", "show", short, "--json").json["comments"] == []
    assert "so there is no number 1" in ann("comment", short, "", "--change", "1").refused(code=3)
    assert "Comment is empty" in ann("comment", short, "").refused()


@pytest.mark.parametrize("typed", ["work", "WORK", "in w", "in-work", "in_work"])
def test_any_word_of_a_choice_or_its_beginning_will_do(ann: Shell, typed: str) -> None:
    short = ann.id("issue", "add", "Handover")
    ann("issue", "edit", short, "--status", typed).good()
    assert ann("issue", "show", short, "--json").json["status"] == "in work"


def test_a_list_that_leaves_everything_out_says_how_to_see_it(ann: Shell) -> None:
    for kind in ("issue", "review", "lesson"):
        assert "here yet" in ann.seen(f"{kind}s").good().out
        short = ann.id(kind, "add", "One")
        ann(kind, "archive", short).good()
        said = ann.seen(f"{kind}s").good().out
        assert said.startswith(f"One {kind} is here, and not shown. To see all: moot {kind}s --")
        assert short in ann(*said.strip().partition(": moot ")[2].split()).good().out
        assert ann(f"{kind}s").good().out == ""


def test_looking_for_nothing_asks_for_a_word(ann: Shell) -> None:
    for words in ("", "  ", "lesson:", "—"):
        assert "Say what to look for" in ann("find", "--", words).refused(code=1)
    seen = ann.seen("find", "xylophone").good()
    assert seen.out + seen.err == "No “xylophone” anywhere here.\n"


def test_a_version_that_cannot_be_is_not_the_whole_history(ann: Shell) -> None:
    short = ann.id("issue", "add", "Handover")
    assert "no version 0" in ann("history", short, "--version", "0").refused(code=3)


def test_vouching_where_nobody_asks_for_it_says_so(ann: Shell) -> None:
    assert (
        ann("member", "vouch", "Ann").refused(code=3).startswith("Nobody says that they were another member")
    )


def test_the_same_given_twice_is_said_of_any_field(ann: Shell) -> None:
    said = ann("issue", "add", "One", "--title", "Two").refused()
    assert said == "The same is given twice: as it stands, and with --title. Once is enough."


def test_any_words_may_come_in_on_stdin_and_one_thing_at_a_time(
    ann: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stdin(words: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(words)))

    stdin("Häufig zu spät\n".encode())
    short = ann.id("issue", "add", "-")
    assert ann("issue", "show", short, "--json").json["title"] == "Häufig zu spät"
    review = ann.id("review", "add", "Audit")
    for words in (
        ["issue", "add", "-", "--body", "-"],
        ["review", "note", review, "--why", "-", "--next", "-"],
    ):
        stdin(b"words")
        assert "one thing at a time" in ann(*words).refused(code=1)
    stdin(b"\xff")
    assert "not text in UTF-8" in ann("issue", "add", "-").refused(code=1)
    stdin(b"")
    assert "Title is empty" in ann("issue", "add", "-").refused(code=1)


def test_an_empty_picture_is_a_sentence(ann: Shell) -> None:
    assert ann.seen("picture", "map").good().out.strip("\n").count("\n") == 0


def test_a_title_keeps_its_room_beside_what_is_remarkable_and_lines_fit(ann: Shell) -> None:
    ann("profile", "--name", "A name as long as names may be, which is sixty characters...").good()
    short = ann.id("issue", "add", "Meetings run over every second week", "--kind", "question")
    for words in (["issue", "close", short], ["issue", "archive", short]):
        ann(*words).good()
    with (
        mock.patch.object(sys.stdout, "isatty", return_value=True),
        mock.patch.dict(os.environ, {"COLUMNS": "80", "LINES": "24"}),
    ):
        listed = [ann("issues", "--closed", "--archived").out, ann("communities").out, ann("members").out]
    assert "Meetings run over every" in listed[0]
    assert "(question, closed, arch" in listed[0]
    assert "Northern cohort" in listed[1]
    assert all(width(row) <= 80 for text in listed for row in text.splitlines())
