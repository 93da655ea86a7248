"""Lines that people paste: read however they were wrapped, refused when anything is missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moot_shared.errors import InputError
from moot_shared.trust.lines import CommunityLine, DeviceLine, InviteLine, Line, _line, parse_line

KEY, SEED = bytes(range(32)), bytes(range(32, 64))
NOW = 1_760_000_000_000
LINES: list[Line] = [
    InviteLine("wss://moot.example:8443/x", KEY, SEED, "Küche & Köche", "Ann", "convenor", NOW, 1),
    InviteLine("", KEY, SEED, "", ""),
    DeviceLine("ws://[::1]:8787", KEY, SEED, "Nordwind", "あん"),
    DeviceLine(None, KEY, SEED, "Nordwind", "Ann"),
    CommunityLine("wss://moot.example", KEY, "Nordwind"),
    CommunityLine(None, KEY, "Nordwind"),
]
lines = pytest.mark.parametrize("line", LINES, ids=lambda line: type(line).__name__)
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
keys = st.binary(min_size=32, max_size=32)
numbers = st.none() | st.integers(0, 1 << 60)


@given(
    st.builds(InviteLine, names, keys, keys, names, names, st.sampled_from(["member", "x"]), numbers, numbers)
)
def test_an_invite_is_read_as_it_was_written(line: InviteLine) -> None:
    assert parse_line(str(line)) == line


@lines
def test_a_line_is_one_word_of_plain_letters(line: Line) -> None:
    assert str(line).isascii()
    assert len(str(line).split()) == 1


@lines
def test_wrapping_quoting_and_words_around_it_do_not_matter(line: Line) -> None:
    text = str(line)
    middle = len(text) // 2
    for pasted in (
        f"  {text}\n",
        f"'{text}'",
        f"“{text}”.",
        f"Here you are: {text} See you!",
        f"> {text[:middle]}\n> {text[middle:]}",
        "\n".join(text[at : at + 20] for at in range(0, len(text), 20)),
        f"\u200b{text[:middle]}\u200b\r\n\t{text[middle:]}",
        text[:5].upper() + text[5:],
    ):
        assert parse_line(pasted) == line


@lines
def test_a_line_with_anything_missing_or_changed_is_refused(line: Line) -> None:
    text = str(line)
    start = text.index(":") + 1
    for at in range(start, len(text)):
        other = "A" if text[at] != "A" else "B"
        for damaged in (text[:at], text[:at] + other + text[at + 1 :], text[:at] + text[at + 1 :]):
            if damaged != text:
                with pytest.raises(InputError, match="not whole"):
                    parse_line(damaged)


def test_one_kind_of_line_is_not_taken_for_another() -> None:
    with pytest.raises(InputError, match="not whole"):
        parse_line(str(LINES[0]).replace("invite", "device"))


@pytest.mark.parametrize("text", ["", "hello", "invite", "moot-", "https://moot.example", "x" * 50_000])
def test_something_else_is_named_as_such(text: str) -> None:
    with pytest.raises(InputError, match="not a line from Moot") as told:
        parse_line(text)
    for kind in ("invite", "device", "community"):
        assert f"moot-{kind}:" in str(told.value)


def test_a_line_of_a_newer_moot_is_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="newer Moot"):
        parse_line(_line("session", ("x",)))
    monkeypatch.setattr("moot_shared.trust.lines._VERSION", 2)
    newer = str(LINES[0])
    monkeypatch.undo()
    with pytest.raises(InputError, match="newer Moot"):
        parse_line(newer)


def test_a_field_that_a_newer_moot_adds_is_passed_over() -> None:
    assert parse_line(_line("community", ("", KEY, "Nordwind", "more"))) == CommunityLine(
        None, KEY, "Nordwind"
    )


@pytest.mark.parametrize("values", [(), ("",), ("", KEY[:-1], "x"), ("", KEY, b"\xff")])
def test_a_whole_line_that_says_too_little_is_refused(values: tuple[str | bytes, ...]) -> None:
    with pytest.raises(InputError, match="not whole"):
        parse_line(_line("community", values))
