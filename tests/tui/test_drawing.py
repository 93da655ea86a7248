"""Drawing without a screen: words in exactly the room there is, pages for any width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from moot_client.tui.looks.ink import fit, joined, line, spread, text, to_right, whole, write
from moot_client.tui.looks.sheet import Block, lay_out
from moot_client.tui.looks.signs import PLAIN
from moot_client.tui.widgets.items import Item, heading
from moot_client.tui.widgets.lines import Lines

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)


@given(WORDS, st.integers(0, 40))
def test_a_line_fills_exactly_its_room(words: str, width: int) -> None:
    assert fit(line(words), width).cell_length == width
    assert to_right(line(words), width).cell_length == width


@given(WORDS, WORDS, st.integers(1, 60))
def test_two_ends_share_exactly_one_line(left: str, right: str, width: int) -> None:
    assert spread(line(left), line(right), width).cell_length == width


@given(st.lists(WORDS, max_size=5))
def test_joined_words_know_their_length(parts: list[str]) -> None:
    whole_line = joined([line(part) for part in parts], " · ")
    assert whole_line.cell_length == Content(whole_line.plain).cell_length


@given(WORDS)
def test_nothing_that_steers_a_terminal_gets_through(words: str) -> None:
    shown = text(words + "\x1b[2J\x9b\u202e\ud800").plain
    assert not set(shown) & {"\x1b", "\x9b", "\u202e", "\ud800", "\x07", "\x00"}
    shown.encode("utf-8")


def test_a_bracket_is_a_bracket() -> None:
    assert line("[b]x[/b] [/]").plain == "[b]x[/b] [/]"
    assert not line("[b]x[/b]").spans


BLOCKS = (
    Block("How it is now", line("Facts are told in the corridor; a third of them never arrive anywhere.")),
    Block("", line("One version"), barred=True, gap=True),
    Block("Lesson", line("Read it back"), target="lesson/1", gap=True),
)


@pytest.mark.parametrize("width", [30, 40, 54, 80, 200])
def test_a_page_keeps_within_its_width_and_keeps_its_stops(width: int) -> None:
    layout = lay_out(BLOCKS, width)
    assert max(row.cell_length for row in layout.lines) <= width
    (stop,) = layout.stops
    assert stop.target == "lesson/1"
    rows = [row.plain for row in layout.lines[stop.y : stop.y + stop.height]]
    assert "Read it back" in " ".join(rows)


def test_labels_stand_beside_their_words_or_above_where_it_is_narrow() -> None:
    assert lay_out(BLOCKS, 80).lines[0].plain.startswith("  How it is now  Facts are told")
    assert lay_out(BLOCKS, 40).lines[0].plain.strip() == "How it is now"


def test_a_bar_stands_beside_one_of_two_versions_in_plain_signs_too() -> None:
    assert any("│ One version" in row.plain for row in lay_out(BLOCKS, 80).lines)
    assert any("| One version" in row.plain for row in lay_out(BLOCKS, 80, PLAIN).lines)


def item(id: str, touched: int = 0) -> Item:
    """A line of a list."""
    return Item(id, lambda width, signs: write(id), id, id, touched)


def test_a_list_is_brought_up_to_date_without_moving_a_line() -> None:
    lines = Lines()
    lines.show([item("a"), item("b"), item("c")], adopt=True)
    assert lines.show([item("new"), item("c", 5), item("a")], adopt=False) == {"c"}
    assert [row.id for row in lines.rows] == ["a", "b", "c"]
    assert lines.rows[2].touched == 5
    assert lines.gone == {"b"}
    assert lines.waiting == 1


def test_lines_that_change_do_so_where_they_stand_also_in_a_narrowed_list() -> None:
    lines = Lines()
    lines.show([heading("all"), item("ab"), item("b"), item("abc")], adopt=True)
    lines.narrow("ab")
    assert lines.change({"abc": item("abc", 3), "b": None, "new": item("new")}) == {"abc"}
    assert [(row.id, row.touched) for row in lines.rows] == [("ab", 0), ("abc", 3)]
    lines.narrow("")
    assert [row.id for row in lines.rows] == ["heading all", "ab", "b", "abc"]
    assert (lines.gone, lines.waiting, lines.first) == ({"b"}, 1, 1)


def test_a_line_that_comes_back_is_no_longer_gone_and_a_new_one_that_goes_waits_no_more() -> None:
    lines = Lines()
    lines.show([item("a")], adopt=True)
    lines.change({"a": None, "new": item("new")})
    lines.change({"a": item("a"), "new": None})
    assert not lines.stale


@given(st.lists(st.sampled_from("ab "), max_size=6).map("".join), st.lists(st.text("abc ", max_size=8)))
def test_typing_on_narrows_as_the_whole_words_would(words: str, texts: list[str]) -> None:
    typed, at_once = Lines(), Lines()
    items = [Item(str(n), lambda width, signs: write(""), words=text) for n, text in enumerate(texts)]
    for lines in (typed, at_once):
        lines.show(items, adopt=True)
    for end in range(len(words) + 1):
        typed.narrow(words[:end])
    at_once.narrow(words)
    assert typed.rows == at_once.rows


def test_notes_are_left_out_whole() -> None:
    notes = [write("no hours yet"), write("you"), write("across teams")]
    assert whole(notes, 40).plain == "no hours yet  you  across teams"
    assert whole(notes, 20).plain == "no hours yet  you"
    assert whole(notes, 5).plain == ""


@pytest.mark.parametrize("width", [34, 60, 88])
@pytest.mark.parametrize("label", ["yesterday 18:20", "Wilhelmina Konstantinopoulou", "夜勤主任の山田太郎"])
def test_a_label_that_has_no_room_beside_its_words_stands_above_them(label: str, width: int) -> None:
    lines = [row.plain.strip() for row in lay_out([Block(label, write("Some words."))], width).lines]
    assert lines == [label, "Some words."]


def test_a_quotation_has_its_bar_on_every_line_and_a_bullet_only_on_its_first() -> None:
    quoted, listed = Block("", write("word " * 30), hang="│ "), Block("", write("word " * 30), hang="• ")
    rows = [row.plain.strip() for row in lay_out([quoted], 60).lines]
    assert len(rows) > 2
    assert all(row.startswith("│ word") for row in rows)
    rows = [row.plain.strip() for row in lay_out([listed], 60, PLAIN).lines]
    assert [row.startswith("- ") for row in rows] == [True] + [False] * (len(rows) - 1)
