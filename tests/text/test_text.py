"""Nothing that somebody wrote can move a cursor, turn what follows it, or stop a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moot_shared.text import (
    held,
    held_line,
    paragraphs,
    prose,
    shown,
    shown_line,
    typed,
    typed_line,
    typed_name,
)

ANY = st.text(st.characters(codec=None), max_size=60)


@given(ANY)
def test_what_is_shown_holds_no_control_character_but_line_ends(text: str) -> None:
    for character in shown(text).replace("\n", ""):
        assert unicodedata.category(character) not in ("Cc", "Cs")
        assert not 0x202A <= ord(character) <= 0x202E
        assert not 0x2066 <= ord(character) <= 0x2069
    assert "\n" not in shown_line(text)
    shown(text).encode()


@given(ANY)
def test_what_is_stored_can_be_stored_and_read_again_the_same(text: str) -> None:
    whole = typed(text)
    whole.encode()
    assert typed(whole) == whole
    assert "\n" not in typed_line(text)
    assert paragraphs(prose(paragraphs(text))) == paragraphs(text)


def test_an_escape_sequence_is_seen_and_not_obeyed() -> None:
    assert shown_line("\x1b]0;title\x07red\x1b[31m") == "␛]0;title␇red␛[31m"


@pytest.mark.parametrize(
    "text",
    ["A\x1b[31mB\nC", "A␛[31mB C", "\x1b]0;title\x07AB\tC", "A\x07B\r\nC\x00", "A\x9bB\u2028C\x7f␀"],
    ids=ascii,
)
def test_a_name_is_words_and_steers_nothing(text: str) -> None:
    assert typed_name(text) == "AB C"
    assert typed_name("Zoë  O’Brien שלום") == "Zoë O’Brien שלום"
    assert typed_name("\x1b") == ""


def test_right_to_left_words_stay_and_marks_that_turn_others_go() -> None:
    assert shown("שלום \u202edlrow\u2069") == "שלום dlrow"


@given(ANY)
def test_what_went_through_a_gate_goes_through_again_unchanged(text: str) -> None:
    for gate in (shown, shown_line, held, held_line, typed):
        assert gate(gate(text)) == gate(text)


def test_what_cannot_be_seen_is_not_shown_and_stays_for_whoever_edits() -> None:
    family = "\U0001f468\u200d\U0001f469 \u2764\ufe0f"
    assert shown(family) == "\U0001f468\U0001f469 \u2764"
    assert held(family) == typed(family) == family
    assert shown_line("Ma\u200br\u00ada\U000e0041") == "Mara"


def test_scripts_that_are_written_with_joiners_and_marks_keep_them() -> None:
    for words in ("می\u200cخواهم", "क्\u200dष", "שָׁל֖וֹם", "བརྒྱུད", "Tiếng Việt", "ก็ได้"):
        assert shown(words) == words


def test_marks_end_and_stand_on_something() -> None:
    assert shown("e" + "\u0336" * 1000 + "!") == "e" + "\u0336" * 6 + "!"
    assert shown_line("\u0301x") == "\u25cc\u0301x"


def test_every_way_to_end_a_line_ends_one_in_prose_and_none_in_a_line() -> None:
    assert shown("a\u2028b\u2029c") == "a\nb\nc"
    assert shown_line("a\u2028b\u2029c\nd") == "a b c d"
