"""What came before what: the graph of changes, and the clock of any point in it.

Each actor's changes are a chain (seq 1, 2, 3 …), so the ancestors of a change are told by one
number an actor: its *clock*. A clock for every change would be as large as changes times
actors; instead clocks are found by walking back from the newest change asked for, until one
meets what is known:

* a clock found lately, or kept along the way of an earlier long walk;
* a *waist*, a change that was the only head when it came: all that came before it here are its
  ancestors, so its clock is read off the chains. Ordinary histories have many.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from moot_shared.errors import StorageError
from moot_shared.format.change import Change
from moot_shared.trust.cache import Cache

_LATELY = 200_000  # entries of clocks, ~60 bytes each
_MILESTONES = 200_000
_STRIDE = 512  # changes walked before a clock on the way is worth keeping

Clock = Mapping[bytes, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """A change without its operations: what a store loads to know its history again."""

    hash: bytes
    deps: tuple[bytes, ...]
    actor: bytes
    seq: int
    start_op: int
    last_op: int

    @classmethod
    def of(cls, change: Change) -> Entry:
        """The entry of a decoded change."""
        return cls(change.hash, change.deps, change.actor, change.seq, change.start_op, change.last_op)


class Ancestry:
    """Entries in causal order, each actor's chain among them, heads, and clocks."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.place: dict[bytes, int] = {}  # hash -> index in entries
        self.chains: dict[bytes, list[int]] = {}  # actor -> indexes of its changes, by seq
        self.heads: set[bytes] = set()
        self._waist = bytearray()
        self._lately: Cache[bytes | tuple[bytes, ...], Clock] = Cache(_LATELY)
        self._milestones: Cache[int, Clock] = Cache(_MILESTONES)

    def append(self, entry: Entry) -> None:
        """Add a change whose deps are here and whose actor's chain it continues."""
        chain = self.chains.get(entry.actor, [])
        if entry.seq != len(chain) + 1 or not all(dep in self.place for dep in entry.deps):
            raise StorageError("The changes on this disk are not in the order in which they were made.")
        index = len(self.entries)
        self.entries.append(entry)
        self.place[entry.hash] = index
        chain.append(index)
        self.chains[entry.actor] = chain
        self.heads.difference_update(entry.deps)
        self.heads.add(entry.hash)
        self._waist.append(len(self.heads) == 1)

    def clock(self, hashes: Iterable[bytes]) -> Clock:
        """actor -> highest seq among the given changes and their ancestors; KeyError for unknown ones."""
        wanted = tuple(hashes)
        key = wanted[0] if len(wanted) == 1 else wanted
        known = self._lately.get(key)
        if known is not None:
            return known
        milestones: list[int] = []
        clock = self._walk([self.place[h] for h in wanted], milestones)
        for index in sorted(milestones):
            kept = self._walk([index], [])
            self._milestones.keep(index, kept, len(kept))
        self._lately.keep(key, clock, len(clock))
        return clock

    def _walk(self, indexes: list[int], milestones: list[int]) -> Clock:
        """Walk back from `indexes`, newest first, until all that is left is covered by known clocks."""
        entries = self.entries
        covered: dict[bytes, int] = {}  # clocks met on the way: whole, with all ancestors
        walked: dict[bytes, int] = {}  # the newest change met of each actor
        heap = [-index for index in indexes]
        heapq.heapify(heap)
        seen = set(indexes)
        steps = 0
        while heap:
            index = -heapq.heappop(heap)
            entry = entries[index]
            actor = entry.actor
            if covered.get(actor, 0) >= entry.seq:
                continue
            known = self._known(index, entry)
            if known is not None:
                if not covered:
                    covered = dict(known)
                else:
                    for other, seq in known.items():
                        if covered.get(other, 0) < seq:
                            covered[other] = seq
                continue
            walked.setdefault(actor, entry.seq)
            steps += 1
            if steps % _STRIDE == 0:
                milestones.append(index)
            for dep in entry.deps:
                at = self.place[dep]
                if at not in seen:
                    seen.add(at)
                    heapq.heappush(heap, -at)
        for actor, seq in walked.items():
            if covered.get(actor, 0) < seq:
                covered[actor] = seq
        return covered

    def _known(self, index: int, entry: Entry) -> Clock | None:
        known = self._lately.get(entry.hash)
        if known is None and self._waist[index]:
            return self._through(index)
        return known if known is not None else self._milestones.get(index)

    def _through(self, index: int) -> Clock:
        """The clock of a waist: all changes up to it."""
        if index == len(self.entries) - 1:
            return {actor: len(chain) for actor, chain in self.chains.items()}
        counts = ((actor, bisect_right(chain, index)) for actor, chain in self.chains.items())
        return {actor: count for actor, count in counts if count}
