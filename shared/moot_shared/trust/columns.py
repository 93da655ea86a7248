"""Entries as they are kept: column by column, each as bytes, so that reading them is a copy and no loop.

Stretches of entries that follow one another are joined by joining each column.
"""

from __future__ import annotations

import sys
from array import array
from typing import NamedTuple

from moot_shared.ids import ACTOR_BYTES
from moot_shared.trust.places import HASH_BYTES

_SWAPPED = sys.byteorder == "big"


class Columns(NamedTuple):
    """A stretch of entries. Numbers have the bytes that `array` gives them, the smallest first."""

    hashes: bytes
    actors: bytes
    """Those whose first change is among these, in order: each has the next number."""
    actor: bytes
    """Of each change, its actor's number (I)."""
    seq: bytes
    """I"""
    start_op: bytes
    """Q"""
    last_op: bytes
    """Q"""
    deps: bytes
    """The places of what they are built on, one change's behind the other's (I)."""
    deps_end: bytes
    """Where each one's end among all deps from the first change on (Q)."""
    waist: bytes = b""
    """Of each, whether it was the only head when it came: 1 or 0."""

    @property
    def length(self) -> int:
        """How many entries these are."""
        return len(self.waist)

    def fit(self) -> bool:
        """Whether they can be what was packed, from the first change on: nothing short, nothing beyond."""
        length = self.length
        if not length:
            return False
        each = ((self.hashes, HASH_BYTES), (self.actor, 4), (self.seq, 4), (self.start_op, 8))
        more = ((self.last_op, 8), (self.deps_end, 8))
        if any(len(column) != length * size for column, size in (*each, *more)) or len(self.deps) % 4:
            return False
        numbers, deps = as_array("I", self.actor), as_array("I", self.deps)
        return (
            len(self.actors) == (max(numbers) + 1) * ACTOR_BYTES
            and as_array("Q", self.deps_end)[-1] == len(deps)
            and max(deps, default=0) < length
        )

    def each_actor(self) -> list[bytes]:
        """The actors, by their numbers."""
        return [self.actors[at : at + ACTOR_BYTES] for at in range(0, len(self.actors), ACTOR_BYTES)]


def as_bytes(numbers: array[int]) -> bytes:
    """A column's numbers, as they are kept."""
    if _SWAPPED:
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def as_array(kind: str, column: bytes) -> array[int]:
    """A column's numbers, from what was kept."""
    numbers = array(kind, column)
    if _SWAPPED:
        numbers.byteswap()
    return numbers
