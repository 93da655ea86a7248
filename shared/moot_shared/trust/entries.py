"""Changes without their operations, by the ten thousand: packed into arrays, and taken out one at a time.

An entry takes about 100 bytes here, and 600 as objects; and where there are few objects, Python's garbage
collector has little to walk through (with 300,000 of them it holds the interpreter for a fifth of a second).
As `Columns` they can be kept, and are here again in no time.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, overload

from moot_shared.trust.columns import Columns, as_array, as_bytes
from moot_shared.trust.places import Places

if TYPE_CHECKING:
    from moot_shared.format.change import Change
    from moot_shared.format.outline import Outline


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

    def columns(self, begin: int, end: int) -> Columns:
        """Some of them, to be kept."""
        firsts = (place for place in range(begin, end) if self._seq[place] == 1)
        return Columns(
            hashes=self.place.hashes(begin, end),
            actors=b"".join(self._actors[self._actor[place]] for place in firsts),
            actor=as_bytes(self._actor[begin:end]),
            seq=as_bytes(self._seq[begin:end]),
            start_op=as_bytes(self.start_ops[begin:end]),
            last_op=as_bytes(self._last_ops[begin:end]),
            deps=as_bytes(self._deps[self._deps_end[begin - 1] if begin else 0 : self._deps_end[end - 1]]),
            deps_end=as_bytes(self._deps_end[begin:end]),
        )

    def fill(self, columns: Columns) -> None:
        """Take in the first ones, as they were kept; there are none here yet."""
        self.place.fill(columns.hashes)
        self._actors = columns.each_actor()
        self._numbers = {actor: number for number, actor in enumerate(self._actors)}
        self._actor, self._seq = as_array("I", columns.actor), as_array("I", columns.seq)
        self.start_ops, self._last_ops = as_array("Q", columns.start_op), as_array("Q", columns.last_op)
        self._deps, self._deps_end = as_array("I", columns.deps), as_array("Q", columns.deps_end)

    def chains(self) -> dict[bytes, array[int]]:
        """actor -> the places of its changes, by seq."""
        chains = [array("I") for _ in self._actors]
        append = [chain.append for chain in chains]
        for place, number in enumerate(self._actor):
            append[number](place)
        return dict(zip(self._actors, chains, strict=True))

    def heads(self) -> Iterator[bytes]:
        """The hashes of those on which nothing is built."""
        built_on = bytearray(len(self))
        for dep in self._deps:
            built_on[dep] = 1
        place = built_on.find(0)
        while place >= 0:
            yield self.hash_at(place)
            place = built_on.find(0, place + 1)

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
