"""Columns of operations, read in their one canonical form.

A run-length column is a row of segments, each led by a signed number: n > 1, one value that
stands n times; n < 0, -n values one after another, no two neighbours equal; 0, a count of
nulls. A delta column holds differences in the same form. A boolean column is a row of counts,
of false and true in turn. A column of nulls alone is not written at all.

Neighbouring segments that could have been one are refused: what a column says, it can say in
one way only. `limit` bounds how many values a column may make, before they are made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from moot_shared.format.leb import beyond, malformed, sleb, uleb

T = TypeVar("T")
_NONE_YET, _LITERAL, _RUN, _NULLS = range(4)
_ENDS = bytes(byte < 0x80 for byte in range(256))  # a number's last byte has its highest bit clear


def texts(data: bytes, limit: int) -> list[str | None]:
    """A run-length column of strings."""
    return _run_lengths(data, limit, text)


def numbers(data: bytes, limit: int) -> list[int | None]:
    """A run-length column of unsigned numbers."""
    return _run_lengths(data, limit, uleb)


def deltas(data: bytes, limit: int) -> list[int | None]:
    """A column of numbers, each kept as its difference from the one before."""
    values = _run_lengths(data, limit, sleb)
    last = 0
    for index, step in enumerate(values):
        if step is not None:
            last += step
            values[index] = last
    return values


def booleans(data: bytes, limit: int) -> list[bool]:
    """A column of true and false."""
    values: list[bool] = []
    position, turn = 0, False
    while position < len(data):
        count, position = uleb(data, position)
        if count == 0 and (turn or position != 1 or position == len(data)):
            raise malformed("a column in it is written in an unusual way")
        if len(values) + count > limit:
            raise beyond("operations or values in one change", limit)
        values.extend((turn,) * count)
        turn = not turn
    return values


def number_count(data: bytes, limit: int) -> int:
    """How many numbers a run-length column without nulls has, found without making them."""
    ends = data.translate(_ENDS)
    total, position, literal = 0, 0, False
    while position < len(data):
        count, position = sleb(data, position)
        if count in (0, 1) or (count < 0 and literal):
            raise malformed("a column in it is written in an unusual way")
        literal = count < 0
        total += abs(count)
        if total > limit:
            raise beyond("operations or values in one change", limit)
        if literal:
            position = _after(ends, position, -count)
        else:
            _, position = uleb(data, position)
    return total


def _after(ends: bytes, position: int, count: int) -> int:
    """Where so many numbers that begin at `position` end; `ends` is 1 where a number's last byte is."""
    while count:
        end = position + count
        if end > len(ends):
            raise malformed("it ends in the middle of a number")
        count -= ends.count(1, position, end)
        position = end
    return position


def text(data: bytes, position: int) -> tuple[str, int]:
    """A string with its length in bytes before it, and the position after it."""
    length, position = uleb(data, position)
    end = position + length
    if end > len(data):
        raise malformed("it ends in the middle of a text")
    try:
        return data[position:end].decode(), end
    except UnicodeDecodeError:
        raise malformed("a text in it is not UTF-8") from None


def _run_lengths(data: bytes, limit: int, read: Callable[[bytes, int], tuple[T, int]]) -> list[T | None]:
    values: list[T | None] = []
    before, last = _NONE_YET, None
    position, end = 0, len(data)
    while position < end:
        count, position = sleb(data, position)
        if count < 0:
            if before == _LITERAL:
                raise malformed("a column in it is written in an unusual way")
            if len(values) - count > limit:
                raise beyond("operations or values in one change", limit)
            for _ in range(-count):
                value, position = read(data, position)
                if value == last:
                    raise malformed("a column in it is written in an unusual way")
                values.append(value)
                last = value
            before = _LITERAL
        elif count > 1:
            value, position = read(data, position)
            if value == last:
                raise malformed("a column in it is written in an unusual way")
            if len(values) + count > limit:
                raise beyond("operations or values in one change", limit)
            values.extend((value,) * count)
            before, last = _RUN, value
        elif count == 1:
            raise malformed("a column in it is written in an unusual way")
        else:
            count, position = uleb(data, position)
            if count == 0 or before == _NULLS or (before == _NONE_YET and position == end):
                raise malformed("a column in it is written in an unusual way")
            if len(values) + count > limit:
                raise beyond("operations or values in one change", limit)
            values.extend((None,) * count)
            before, last = _NULLS, None
    return values
