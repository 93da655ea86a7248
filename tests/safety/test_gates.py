"""Each of the two last gates holds alone, whatever was forgotten before it."""

from __future__ import annotations

import io
import sys

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from moot_client.tui.terminal.gate import Gate
from moot_shared.outlet import Outlet, outlets
from tests.helpers.hostile import CATALOGUE, harm

BLACK = Color(0, 0, 0)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_widget_that_forgets_everything_draws_words_as_wide_as_it_believed(name: str) -> None:
    words = CATALOGUE[name].replace("\n", "\x85")
    before = [Segment(words, Style(link="https://evil.example", bold=True)), Segment("after")]
    drawn = Gate().apply(before, BLACK)
    assert not harm("".join(segment.text for segment in drawn))
    assert [cell_len(segment.text) for segment in drawn] == [cell_len(segment.text) for segment in before]
    assert all(segment.style is None or not segment.style.link for segment in drawn)
    assert drawn[1] == before[1]


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_print_that_forgets_everything_prints_words(name: str) -> None:
    stream = io.StringIO()
    print(CATALOGUE[name], "\ud800", file=Outlet(stream))
    assert stream.getvalue().endswith("\n")
    assert not harm(stream.getvalue())


def test_the_gate_stands_while_a_program_runs_and_stays_for_what_python_says_of_its_end() -> None:
    before, errors = sys.stdout, sys.stderr
    with outlets():
        assert isinstance(sys.stdout, Outlet)
        inner = sys.stdout
        with outlets():
            assert sys.stdout is inner
    assert sys.stdout is before

    def ends() -> None:
        with outlets():
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ends()
    assert isinstance(sys.stdout, Outlet)
    sys.stdout, sys.stderr = before, errors
