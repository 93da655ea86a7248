"""Changes without their operations, by the ten thousand: packed into arrays, and taken out one at a time.

An entry takes about 100 bytes here, and 600 as objects; and where there are few objects, Python's garbage
collector has little to walk through (with 300,000 of them it holds the interpreter for a fifth of a second).

Hashes are found by open addressing: a table of places, at least a third of it empty, entered by Python's
own salted hash, so that nobody can choose hashes that meet.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple, overload

from moot_shared.format.change import Change
from moot_shared.format.outline import Outline

HASH_BYTES = 32
_NONE = -1
_SMALLEST = 8


class Entry(NamedTuple):
    """A change without its operations: what a store loads to know its history again."""

    hash: bytes
    deps: tuple[bytes, ...]
    actor: bytes
    seq: int
    start_op: int
    last_op: int

    @classmethod
    def of(cls, change: Change | Outline) -> Entry:
        """The entry of a decoded change."""
        return cls(change.hash, change.deps, change.actor, change.seq, change.start_op, change.last_op)


class Places:
    """hash -> place of a change, counted in order of arrival."""

    def __init__(self) -> None:
        self._hashes = bytearray()
        self._table = array("i", [_NONE]) * _SMALLEST
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, change_hash: object) -> bool:
        return isinstance(change_hash, bytes) and self.get(change_hash) is not None

    def __getitem__(self, change_hash: bytes) -> int:
        place = self.get(change_hash)
        if place is None:
            raise KeyError(change_hash)
        return place

    def get(self, change_hash: bytes) -> int | None:
        """The place of a change; None for an unknown one."""
        table, hashes = self._table, self._hashes
        most = len(table) - 1
        slot = hash(change_hash) & most
        while (place := table[slot]) != _NONE:
            at = place * HASH_BYTES
            if hashes[at : at + HASH_BYTES] == change_hash:
                return place
            slot = (slot + 1) & most
        return None

    def all_of(self, hashes: Sequence[bytes]) -> list[int]:
        """The places of those that are here: nearly always one, and that one the last."""
        if len(hashes) == 1 and len(hashes[0]) == HASH_BYTES and self._hashes.endswith(hashes[0]):
            return [self._count - 1]
        return [place for each in hashes if (place := self.get(each)) is not None]

    def hash_at(self, place: int) -> bytes:
        """The hash of the change at a place."""
        at = place * HASH_BYTES
        return bytes(self._hashes[at : at + HASH_BYTES])

    def append(self, change_hash: bytes) -> None:
        """Give the next place to a hash that is not here."""
        if len(change_hash) != HASH_BYTES:
            raise ValueError("a change's hash has 32 bytes")
        place, table = self._count, self._table
        if 3 * place >= 2 * len(table):
            table = self._widen()
        most = len(table) - 1
        slot = hash(change_hash) & most
        while table[slot] != _NONE:
            slot = (slot + 1) & most
        table[slot] = place
        self._hashes += change_hash
        self._count = place + 1

    def pop(self) -> None:
        """Forget the last one: nothing that came before it was entered beyond it."""
        last = self._count - 1
        most = len(self._table) - 1
        slot = hash(self.hash_at(last)) & most
        while self._table[slot] != last:
            slot = (slot + 1) & most
        self._table[slot] = _NONE
        del self._hashes[last * HASH_BYTES :]
        self._count = last

    def _widen(self) -> array[int]:
        table = self._table = array("i", [_NONE]) * (4 * len(self._table))
        most = len(table) - 1
        for place in range(self._count):
            slot = hash(self.hash_at(place)) & most
            while table[slot] != _NONE:
                slot = (slot + 1) & most
            table[slot] = place
        return table


class Entries:
    """All entries in order of arrival. What they are built on is kept as places."""

    def __init__(self) -> None:
        self.place = Places()
        self._deps = array("I")
        self._deps_end = array("Q")
        self._actors: list[bytes] = []
        self._numbers: dict[bytes, int] = {}  # actor -> where it stands among them
        self._actor = array("I")
        self._seq = array("I")
        self.start_ops = array("Q")
        """The counter of each one's first operation."""
        self._last_ops = array("Q")

    def __len__(self) -> int:
        return len(self._seq)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        place = index % len(self)
        return Entry(
            self.hash_at(place),
            tuple(map(self.hash_at, self.deps(place))),
            self._actors[self._actor[place]],
            self._seq[place],
            self.start_ops[place],
            self._last_ops[place],
        )

    def __iter__(self) -> Iterator[Entry]:
        return map(self.__getitem__, range(len(self)))

    def hash_at(self, place: int) -> bytes:
        """The hash of the change at a place."""
        return self.place.hash_at(place)

    def deps(self, place: int) -> array[int]:
        """The places of what the change at a place was made on."""
        begin = self._deps_end[place - 1] if place else 0
        return self._deps[begin : self._deps_end[place]]

    def append(self, entry: Entry, deps: Sequence[int]) -> None:
        """Add an entry whose deps are at these places."""
        number = self._numbers.get(entry.actor)
        if number is None:
            number = self._numbers[entry.actor] = len(self._actors)
            self._actors.append(entry.actor)
        self.place.append(entry.hash)
        for dep in deps:
            self._deps.append(dep)
        self._deps_end.append(len(self._deps))
        self._actor.append(number)
        self._seq.append(entry.seq)
        self.start_ops.append(entry.start_op)
        self._last_ops.append(entry.last_op)

    def pop(self) -> Entry:
        """Take out the last one."""
        entry = self[-1]
        self.place.pop()
        if entry.seq == 1:  # whoever came first goes last
            del self._numbers[self._actors.pop()]
        del self._deps_end[-1]
        del self._deps[self._deps_end[-1] if self._deps_end else 0 :]
        for column in (self._actor, self._seq, self.start_ops, self._last_ops):
            column.pop()
        return entry

    def last_op(self, place: int) -> int:
        """The counter of the last operation of the change at a place."""
        return self._last_ops[place]
