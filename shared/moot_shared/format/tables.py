"""Tables of columns: which there are, how each is written, how long it is; then their bytes.

A column is named by one number: its id, three bits that say how its cells are written, and one
bit that says whether it is deflated. In a table they stand in rising order, none of them empty.
A change is never deflated column by column, a document may be.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from moot_shared.format.chunk import inflated
from moot_shared.format.leb import malformed, uleb

_DEFLATED = 0b1000
_ENCODING = 0b0111


class Encoding(IntEnum):
    """How the cells of a column are written, numbered as in the format."""

    GROUP = 0
    ACTOR = 1
    NUMBER = 2
    DELTA = 3
    BOOLEAN = 4
    TEXT = 5
    VALUE_META = 6
    VALUE = 7


class Column(NamedTuple):
    """One column, inflated, and what it is called (`spec`, without the bit for deflation)."""

    spec: int
    data: bytes

    @property
    def id(self) -> int:
        """What it is about; columns that belong together share it."""
        return self.spec >> 4

    @property
    def encoding(self) -> Encoding:
        """How its cells are written."""
        return Encoding(self.spec & _ENCODING)


Announced = tuple[int, bool, int]
"""A column as its table announces it: spec, whether it is deflated, length."""


def read_table(
    raw: bytes, at: int, known: frozenset[int], *, deflated: bool = False
) -> tuple[list[Announced], int]:
    """A table of known columns, and the position after it. Deflated ones only where they are allowed."""
    count, at = uleb(raw, at)
    if count > len(known):
        raise malformed("it has columns that nobody knows")
    table: list[Announced] = []
    last = -1
    for _ in range(count):
        name, at = uleb(raw, at)
        length, at = uleb(raw, at)
        spec = name & ~_DEFLATED if deflated else name
        if spec not in known or length == 0 or spec <= last:
            raise malformed("it has columns that nobody knows")
        table.append((spec, spec != name, length))
        last = spec
    return table, at


def read_columns(raw: bytes, at: int, table: list[Announced], room: int) -> tuple[dict[int, bytes], int]:
    """The columns that a table announced, by their spec and in its order, and the position after them.

    `room` is how many bytes all of them may take when they are inflated.
    """
    columns: dict[int, bytes] = {}
    for spec, deflated, length in table:
        data = raw[at : at + length]
        if len(data) < length:
            raise malformed("its columns are not as long as it says")
        at += length
        if deflated:
            data = inflated(data, room)
            if not data:
                raise malformed("a column in it is written in an unusual way")
        room -= len(data)
        if room < 0:
            raise malformed("it is too large")
        columns[spec] = data
    return columns, at
