"""Nothing that somebody wrote makes anybody wait: a field that is too large is cut, and never slow."""

from __future__ import annotations

import io
import sys
from time import process_time
from unittest import mock

import pytest

from moot_client.cli import output
from moot_client.export.names import slug
from moot_client.tui.looks.ink import fit, line, text
from moot_client.tui.looks.sheet import Block, lay_out
from moot_client.views.people import told_apart, visible_name
from moot_shared.kinds import Issue, Profile
from moot_shared.kinds.fields import Choice, Line, Text
from moot_shared.text import held, shown, shown_line, typed

AT_ONCE = 10.0  # seconds of this process, on a slow machine; what is quadratic takes minutes
SIZE = 100_000
FLOODS = {
    "marks": "e" + "\u0301\u0316" * (SIZE // 2),
    "marks alone": "\u0301" * SIZE,
    "one word": "W" * SIZE,
    "wide signs": "漢" * (SIZE // 3),
    "joiners": "\U0001f468\u200d" * (SIZE // 2),
    "hidden": "\u200b\u202e\u2060" * (SIZE // 3),
    "lines": "\n" * SIZE,
    "blanks": " " * SIZE,
    "words": "a " * (SIZE // 2),
    "escapes": "\x1b[" * (SIZE // 2),
    "brackets": "[](<![" * (SIZE // 6),
}
"""As much as fits into one change."""


class Stopwatch:
    """Fails where a block takes longer than anybody would notice."""

    def __enter__(self) -> None:
        self.began = process_time()

    def __exit__(self, *_: object) -> None:
        assert process_time() - self.began < AT_ONCE


@pytest.fixture(params=FLOODS)
def flood(request: pytest.FixtureRequest) -> str:
    return FLOODS[request.param]


def test_it_is_made_safe_at_once(flood: str) -> None:
    with Stopwatch():
        assert shown(shown(flood)) == shown(flood)
        shown_line(flood)
        held(flood)
    with Stopwatch():
        typed(flood)
    with Stopwatch():
        slug(flood)


@pytest.mark.slow
def test_it_is_drawn_at_once(flood: str) -> None:
    with Stopwatch():
        fit(line(flood), 60)
    with Stopwatch():
        lay_out([Block("What it is", text(flood))] * 3, 80)


@pytest.mark.slow
def test_it_is_printed_at_once(flood: str) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    with mock.patch.object(sys, "stdout", Terminal()), mock.patch.dict("os.environ", COLUMNS="80"):
        with Stopwatch():
            output.line(flood)
        with Stopwatch():
            output.prose(flood)
        with Stopwatch():
            output.table(("id", "title"), [("k3v9", flood)] * 3)


def test_a_name_like_it_is_told_apart_at_once(flood: str) -> None:
    with Stopwatch():
        told_apart({str(n): visible_name(flood) for n in range(3)})


def test_a_field_gives_no_more_than_it_may_hold(flood: str) -> None:
    for declared in (Issue.title, Profile.about, Issue.status):
        assert isinstance(declared, Line | Text | Choice)
        assert len(declared.read(flood)) <= 2_001


def test_marks_are_put_in_order_as_unicode_says_and_none_is_lost() -> None:
    marks = "\u0316\u0301" * 100
    stored = typed("e" + marks)
    assert typed(stored) == stored
    assert sum(stored.count(mark) for mark in marks[:2]) + stored.count("\u0117") >= 199
