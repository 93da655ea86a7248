"""What came before what: the graph of changes, and the ancestors of any point in it.

A set of ancestors is a bit for each change here, in order of arrival: small (12 KB where there
are 100,000 changes, however many actors), and joined to another by one instruction. Each actor's
changes are a chain (seq 1, 2, 3 …), so a set of ancestors also reads as a *clock*: the highest
seq of each actor among them.

Sets are found by walking back from the newest change asked for, until one meets what is known:

* a set found lately, or kept along the way of an earlier long walk;
* a *waist*, a change that was the only head when it came: all that came before it here are its
  ancestors. Ordinary histories have many.
"""

from __future__ import annotations

import heapq
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from moot_shared.errors import StorageError
from moot_shared.trust.cache import Cache
from moot_shared.trust.columns import Columns
from moot_shared.trust.entries import Entries, Entry

__all__ = ["Ancestry", "Clock", "Entry", "Mark"]

_LATELY = 16 << 20  # bytes
_KEY = 200  # bytes that a kept set takes beside its bits, about
_STRIDE = 256  # changes walked before a set on the way is worth keeping


class Clock(Mapping[bytes, int]):
    """actor -> highest seq, among some changes and all their ancestors. Looked up when asked for."""

    def __init__(self, chains: Mapping[bytes, Sequence[int]], ancestors: int) -> None:
        self._chains = chains
        self._ancestors = ancestors

    def covers(self, actor: bytes, seq: int) -> bool:
        """Whether this change of an actor is among them."""
        chain = self._chains.get(actor, ())
        return 0 < seq <= len(chain) and bool(self._ancestors >> chain[seq - 1] & 1)

    def among(self, places: int) -> int:
        """Which of some changes, a bit for each, are among them; -1 for all."""
        return self._ancestors & places

    def __getitem__(self, actor: bytes) -> int:
        seq = bisect_left(self._chains[actor], True, key=lambda place: not self._ancestors >> place & 1)
        if not seq:
            raise KeyError(actor)
        return seq

    def __iter__(self) -> Iterator[bytes]:
        return (actor for actor, chain in self._chains.items() if self._ancestors >> chain[0] & 1)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Mark(NamedTuple):
    """How many changes there were, and which of them nothing was built on."""

    length: int
    heads: frozenset[bytes]


class Ancestry:
    """Entries in causal order, each actor's chain among them, heads, and sets of ancestors."""

    def __init__(self, sets: int = _LATELY) -> None:
        """`sets` bounds the bytes of sets found lately, and of those kept along the way."""
        self.entries = Entries()
        self.place = self.entries.place  # hash -> index in entries
        self.chains: dict[bytes, array[int]] = {}  # actor -> indexes of its changes, by seq
        self.heads: set[bytes] = set()
        self._sorted: tuple[bytes, ...] | None = None
        self._waist = bytearray()
        self._sets = sets
        self._lately: Cache[tuple[bytes, ...], int] = Cache(sets)
        self._milestones: Cache[int, int] = Cache(sets)

    def append(self, entry: Entry) -> None:
        """Add a change whose deps are here and whose actor's chain it continues."""
        chain = self.chains.get(entry.actor)
        deps = self.place.all_of(entry.deps)
        if entry.seq != (len(chain) if chain else 0) + 1 or len(deps) != len(entry.deps):
            raise StorageError("The changes on this disk are not in the order in which they were made.")
        if chain is None:
            chain = self.chains[entry.actor] = array("I")
        chain.append(len(self.entries))
        self.entries.append(entry, deps)
        self.heads.difference_update(entry.deps)
        self.heads.add(entry.hash)
        self._sorted = None
        self._waist.append(len(self.heads) == 1)

    def columns(self, begin: int, end: int) -> Columns:
        """The entries of a stretch, to be kept."""
        return self.entries.columns(begin, end)._replace(waist=bytes(self._waist[begin:end]))

    def fill(self, columns: Columns) -> None:
        """Take in the first entries, as they were kept (and fit); there are none here yet."""
        self.entries.fill(columns)
        self.chains = self.entries.chains()
        self.heads, self._sorted = set(self.entries.heads()), None
        self._waist = bytearray(columns.waist)

    def sorted_heads(self) -> tuple[bytes, ...]:
        """The heads in order; asked for with every frame that comes and goes."""
        if self._sorted is None:
            self._sorted = tuple(sorted(self.heads))
        return self._sorted

    def mark(self) -> Mark:
        """Where things stand, to come back to with `cut`."""
        return Mark(len(self.entries), frozenset(self.heads))

    def cut(self, mark: Mark) -> list[Entry]:
        """Take out all that came after `mark`; what it was, the newest first."""
        gone = [self.entries.pop() for _ in range(len(self.entries) - mark.length)]
        for entry in gone:
            chain = self.chains[entry.actor]
            chain.pop()
            if not chain:
                del self.chains[entry.actor]
        del self._waist[mark.length :]
        self.heads, self._sorted = set(mark.heads), None
        if gone:  # places are given out anew, so no kept set may name them
            self._lately, self._milestones = Cache(self._sets), Cache(self._sets)
        return gone

    def clock(self, hashes: Iterable[bytes]) -> Clock:
        """The given changes and all their ancestors; KeyError for unknown ones."""
        wanted = tuple(hashes)
        ancestors = self._lately.get(wanted)
        if ancestors is None:
            ancestors = self._ancestors(wanted)
            self._lately.keep(wanted, ancestors, _KEY + (ancestors.bit_length() >> 3))
        return Clock(self.chains, ancestors)

    def _ancestors(self, hashes: tuple[bytes, ...]) -> int:
        places = [self.place[h] for h in hashes]
        if len(self.heads) == len(places) and self.heads.issuperset(hashes):
            return (1 << len(self.entries)) - 1
        milestones: list[int] = []
        ancestors = self._walk(places, milestones)
        for place in sorted(milestones):
            self._milestones.keep(place, self._walk([place], []), place >> 3)
        return ancestors

    def _walk(self, places: list[int], milestones: list[int]) -> int:
        """Walk back from `places`, newest first, until all that is left is in known sets."""
        covered = 0  # sets met on the way: whole, with all ancestors
        walked: list[int] = []
        heap = [-place for place in places]
        heapq.heapify(heap)
        seen = set(places)
        while heap:
            place = -heapq.heappop(heap)
            if covered >> place & 1:
                continue
            known = self._known(place)
            if known is not None:
                covered |= known
                continue
            walked.append(place)
            if len(walked) % _STRIDE == 0:
                milestones.append(place)
            for at in self.entries.deps(place):
                if at not in seen:
                    seen.add(at)
                    heapq.heappush(heap, -at)
        return covered | _bits_of(walked)

    def _known(self, place: int) -> int | None:
        if self._waist[place]:
            return (2 << place) - 1
        hash_at, deps = self.entries.hash_at, self.entries.deps(place)
        known = self._lately.get((hash_at(place),))
        if known is None and len(deps) > 1:
            below = self._lately.get(tuple(map(hash_at, deps)))
            known = below | 1 << place if below is not None else None
        return known if known is not None else self._milestones.get(place)


def _bits_of(places: list[int]) -> int:
    if len(places) < 8:
        return sum(1 << place for place in places)
    bits = bytearray((places[0] >> 3) + 1)  # the first is the newest
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")
