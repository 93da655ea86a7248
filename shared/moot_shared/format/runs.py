"""Columns as runs: a value and how often it stands there, one after another, without making each.

A few bytes can say that something stands half a million times. Whoever only wants to know whether columns
are in their one canonical form (`columns`) reads runs, and does not pay for what nobody has written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from moot_shared.errors import FormatError
from moot_shared.format.leb import beyond, malformed, sleb, uleb

T = TypeVar("T")
_NONE_YET, _LITERAL, _RUN, _NULLS = range(4)


def run_lengths(
    data: bytes, limit: int, read: Callable[[bytes, int], tuple[T, int]]
) -> Iterator[tuple[T | None, int]]:
    """The runs of a run-length column, with at most `limit` values."""
    before, last, total = _NONE_YET, None, 0
    position, end = 0, len(data)
    while position < end:
        count, position = sleb(data, position)
        kind = _LITERAL if count < 0 else _RUN if count else _NULLS
        if kind == _NULLS:
            count, position = uleb(data, position)
            only = before == _NONE_YET and position == end
            if count == 0 or before == _NULLS or only:
                raise _unusual()
        elif count == 1 or kind == before == _LITERAL:
            raise _unusual()
        total += abs(count)
        if total > limit:
            raise beyond("operations or values in one change", limit)
        if kind == _NULLS:
            yield None, count
            last = None
        else:
            for _ in range(-count if kind == _LITERAL else 1):
                value, position = read(data, position)
                if value == last:
                    raise _unusual()
                yield value, max(1, count)
                last = value
        before = kind


def booleans(data: bytes, limit: int) -> Iterator[tuple[bool, int]]:
    """The runs of a boolean column."""
    position, turn, total = 0, False, 0
    while position < len(data):
        count, position = uleb(data, position)
        if count == 0 and (turn or position != 1 or position == len(data)):
            raise _unusual()
        total += count
        if total > limit:
            raise beyond("operations or values in one change", limit)
        if count:
            yield turn, count
        turn = not turn


class Runs(Generic[T]):
    """A column that is read from its beginning to its end, in steps as long as one likes."""

    __slots__ = ("_runs", "left", "value")

    def __init__(self, runs: Iterator[tuple[T, int]]) -> None:
        self._runs = runs
        self.left = 0
        """How often `value` stands there from here on; 0 at the end."""
        self.value: T
        self._next()

    def pass_over(self, count: int) -> None:
        """Go on by so many values, at most as many as are `left`."""
        self.left -= count
        if not self.left:
            self._next()

    def _next(self) -> None:
        found = next(self._runs, None)
        if found is not None:
            self.value, self.left = found


class Deltas(Runs[int | None]):
    """The same of a column of differences."""

    __slots__ = ("before",)

    def __init__(self, runs: Iterator[tuple[int | None, int]]) -> None:
        self.before = 0
        """What the next difference is added to."""
        super().__init__(runs)

    def pass_over(self, count: int) -> None:
        """Go on by so many values."""
        self.before += count * (self.value or 0)
        super().pass_over(count)


def _unusual() -> FormatError:
    return malformed("a column in it is written in an unusual way")
