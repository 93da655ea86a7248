"""Nothing that somebody wrote can move a cursor, turn what follows it, or stop a terminal."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from moot_shared.text import paragraphs, prose, shown, shown_line, typed, typed_line

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


def test_right_to_left_words_stay_and_marks_that_turn_others_go() -> None:
    assert shown("שלום \u202edlrow\u2069") == "שלום dlrow"
