"""A change's bytes taken apart, and put together again with lengths and checksum that fit.

Nothing is checked: a part may be anything. Numbers that are to stand in an unusual writing are given
as bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from moot_shared.format.leb import sleb, uleb
from tests.helpers import encoding

Number = int | bytes


@dataclass
class Anatomy:
    """What stands in a change's body, in order."""

    deps: list[bytes]
    actor: bytes
    seq: Number
    start_op: Number
    time: Number
    message: bytes
    others: list[bytes]
    columns: list[tuple[Number, bytes]]
    counts: dict[str, Number] = field(default_factory=dict)
    """What is said of a part's number or length, where that is not the truth."""
    tail: bytes = b""

    def body(self) -> bytes:
        """All of it as bytes."""
        parts = [
            self._count("deps", len(self.deps)),
            *self.deps,
            self._count("actor", len(self.actor)),
            self.actor,
            _unsigned(self.seq),
            _unsigned(self.start_op),
            self.time if isinstance(self.time, bytes) else encoding.sleb(self.time),
            self._count("message", len(self.message)),
            self.message,
            self._count("others", len(self.others)),
        ]
        for other in self.others:
            parts += [encoding.uleb(len(other)), other]
        parts.append(self._count("columns", len(self.columns)))
        for number, (column, data) in enumerate(self.columns):
            parts += [_unsigned(column), self._count(f"column {number}", len(data))]
        return b"".join([*parts, *(data for _, data in self.columns), self.tail])

    def chunk(self) -> bytes:
        """All of it as a chunk whose length and checksum fit."""
        return encoding.chunk(self.body())

    def _count(self, name: str, truth: int) -> bytes:
        return _unsigned(self.counts.get(name, truth))


def _unsigned(number: Number) -> bytes:
    return number if isinstance(number, bytes) else encoding.uleb(number)


def body_of(chunk: bytes) -> bytes:
    """A chunk's body."""
    _, start = uleb(chunk, 9)
    return chunk[start:]


def anatomy(chunk: bytes) -> Anatomy:
    """An honest chunk's parts."""
    data = body_of(chunk)
    count, at = uleb(data, 0)
    deps = [data[at + 32 * n : at + 32 * (n + 1)] for n in range(count)]
    actor, at = _sized(data, at + 32 * count)
    seq, at = uleb(data, at)
    start_op, at = uleb(data, at)
    time, at = sleb(data, at)
    message, at = _sized(data, at)
    others: list[bytes] = []
    count, at = uleb(data, at)
    for _ in range(count):
        other, at = _sized(data, at)
        others.append(other)
    count, at = uleb(data, at)
    table: list[tuple[int, int]] = []
    for _ in range(count):
        column, at = uleb(data, at)
        size, at = uleb(data, at)
        table.append((column, size))
    columns: list[tuple[Number, bytes]] = []
    for column, size in table:
        columns.append((column, data[at : at + size]))
        at += size
    return Anatomy(deps, actor, seq, start_op, time, message, others, columns)


def _sized(data: bytes, at: int) -> tuple[bytes, int]:
    size, at = uleb(data, at)
    return data[at : at + size], at + size
