"""Columns and numbers: what is written is read again, and there is one way to write it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moot_shared.errors import FormatError
from moot_shared.format import columns, leb
from tests.helpers import encoding

MANY = 10_000
few = st.integers(0, 3)
cells = st.lists(st.one_of(st.none(), few, st.integers(0, (1 << 64) - 1)), max_size=30)
steps = st.lists(st.one_of(st.none(), few, st.integers(-(1 << 62), (1 << 62) - 1)), max_size=30)
words = st.lists(st.one_of(st.none(), st.sampled_from(["", "a", "ü"]), st.text(max_size=5)), max_size=20)
KINDS: list[tuple[Callable[[bytes, int], list[Any]], Callable[[list[Any]], bytes]]] = [
    (columns.numbers, lambda values: encoding.run_lengths(values, encoding.uleb)),
    (columns.texts, lambda values: encoding.run_lengths(values, encoding.text)),
    (columns.deltas, encoding.deltas),
    (columns.booleans, encoding.booleans),
]


def _told(values: list[Any]) -> list[Any]:
    """A column of nulls alone is not written."""
    return [] if all(value is None for value in values) else values


@given(st.integers(0, (1 << 64) - 1))
def test_an_unsigned_number_is_read_as_it_was_written(number: int) -> None:
    assert leb.uleb(b"x" + encoding.uleb(number), 1)[0] == number
    assert leb.write_uleb(number) == encoding.uleb(number)


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_a_signed_number_is_read_as_it_was_written(number: int) -> None:
    data = encoding.sleb(number)
    assert leb.sleb(data, 0) == (number, len(data))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80",
        b"\x80\x00",
        b"\xff\x80\x00",
        b"\xff" * 9 + b"\x02",
        b"\xff" * 10,
        b"\x80" * 400 + b"\x01",
    ],
)
def test_a_number_that_is_cut_off_too_long_or_too_large_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        leb.uleb(data, 0)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x80", b"\x80\x00", b"\xff\x7f", b"\xc0\x7f", b"\x80" * 400 + b"\x01", b"\xff" * 9 + b"\x01"],
)
def test_a_signed_number_has_one_writing_as_well(data: bytes) -> None:
    with pytest.raises(FormatError):
        leb.sleb(data, 0)


@given(st.binary(max_size=12))
def test_bytes_are_a_number_only_in_the_form_in_which_it_would_be_written(data: bytes) -> None:
    for read, write in ((leb.uleb, encoding.uleb), (leb.sleb, encoding.sleb)):
        try:
            number, end = read(data, 0)
        except FormatError:
            continue
        assert write(number) == data[:end]


@pytest.mark.slow
@given(cells)
def test_a_column_of_numbers_is_read_as_it_was_written(values: list[int | None]) -> None:
    assert columns.numbers(encoding.run_lengths(values, encoding.uleb), MANY) == _told(values)


@given(words)
def test_a_column_of_strings_is_read_as_it_was_written(values: list[str | None]) -> None:
    assert columns.texts(encoding.run_lengths(values, encoding.text), MANY) == _told(values)


@given(steps)
def test_a_column_of_differences_is_read_as_it_was_written(values: list[int | None]) -> None:
    assert columns.deltas(encoding.deltas(values), MANY) == _told(values)


@given(st.lists(st.booleans(), max_size=40))
def test_a_column_of_booleans_is_read_as_it_was_written(values: list[bool]) -> None:
    assert columns.booleans(encoding.booleans(values), MANY) == values


@pytest.mark.slow
@settings(max_examples=300)
@given(st.lists(st.sampled_from([0, 1, 2, 3, 0x41, 0x7C, 0x7D, 0x7E, 0x7F, 0x80]), max_size=10).map(bytes))
def test_bytes_are_a_column_only_in_the_form_in_which_it_would_be_written(data: bytes) -> None:
    for read, write in KINDS:
        try:
            values = read(data, MANY)
        except FormatError:
            continue
        assert write(values) == data


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("a run of one", b"\x01\x05"),
        ("an empty run of nulls at the end", b"\x7f\x05\x00\x00"),
        ("nulls alone", b"\x00\x03"),
        ("two literal runs in a row", b"\x7f\x05\x7f\x06"),
        ("equal neighbours in a literal run", b"\x7e\x05\x05"),
        ("a run that goes on as another", b"\x02\x05\x02\x05"),
        ("a run that goes on as a literal", b"\x02\x05\x7f\x05"),
        ("a literal that a run repeats", b"\x7f\x05\x02\x05"),
        ("nulls after nulls", b"\x7f\x05\x00\x01\x00\x01"),
        ("a literal run that ends early", b"\x7e\x05"),
    ],
)
def test_a_column_that_could_be_written_otherwise_is_refused(what: str, data: bytes) -> None:
    with pytest.raises(FormatError):
        columns.numbers(data, MANY)


@pytest.mark.parametrize("data", [b"\x00", b"\x01\x00", b"\x01\x00\x01", b"\x00\x00\x01"])
def test_a_boolean_column_with_a_count_of_nothing_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        columns.booleans(data, MANY)


@pytest.mark.parametrize("read", [read for read, _ in KINDS])
def test_a_short_column_that_would_fill_the_memory_is_refused_before_it_does(
    read: Callable[[bytes, int], list[Any]],
) -> None:
    huge = encoding.sleb(1 << 40)
    for data in (huge + b"\x01a", b"\x00" + encoding.uleb(1 << 40) + b"\x7f\x01a", encoding.sleb(-(1 << 40))):
        with pytest.raises(FormatError):
            read(data, MANY)
