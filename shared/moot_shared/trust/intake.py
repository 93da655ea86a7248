"""How a batch of changes from elsewhere is taken in: the same in a relay and in every replica.

    bytes -> decoded -> runs' seals -> admission, in causal order -> a verdict
                                           |
                                           +-- built on what is not here: waits (bounded)

A *run* is what one actor has in a batch. Seals lie at the ends of runs, and one that holds vouches for
all before it: each change is made on its actor's one before, which admission holds it to. So one seal
a run is verified (earlier ones only where what the last one is on was refused), and what follows it does
not enter. Nor does what would stand here without the sealed change after it, because that was refused.

Verdicts on changes that are kept do not hang on those that are not: admission looks at ancestors only.
So a batch is judged once, and what cannot stay is then taken out together with all that is built on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from moot_shared.errors import AdmissionError, FormatError
from moot_shared.format.change import Change, decode_change
from moot_shared.frozen import frozen
from moot_shared.limits import DEFAULT, Limits
from moot_shared.trust.admission import FORK, MissingDeps, admit
from moot_shared.trust.history import History, Mark
from moot_shared.trust.seal import Sealed, check_seal
from moot_shared.trust.waiting import Item, Waiting

_STEPS_A_CHANGE = 200


@frozen
class NotTaken:
    """A change that does not enter: its hash, which rule, why in words, and whose it says it is."""

    hash: bytes
    code: str
    reason: str
    author: bytes | None


@dataclass(slots=True)
class Verdict:
    """What became of a batch. The admitted changes are in the history already, in this order."""

    admitted: list[Item] = field(default_factory=list)
    """New changes; the seal is None unless it was verified: one at the end of each run."""
    refused: dict[bytes, NotTaken] = field(default_factory=dict)
    through: dict[bytes, int] = field(default_factory=dict)
    """actor -> last seq, of the batch's changes that are in the history now."""


def take_in(
    batch: Sequence[Sealed],
    history: History,
    community: bytes,
    waiting: Waiting,
    *,
    own_actor: bytes | None = None,
    limits: Limits = DEFAULT,
) -> Verdict:
    """Judge a batch in causal order, and add to `history` what enters.

    Whoever keeps rows writes `admitted` in the same transaction; if that fails, the history is to be
    loaded again. `own_actor` is the one under which this machine writes: nobody else may.
    """
    return _Judging(history, community, waiting, own_actor, limits).of(batch)


class _Judging:
    """One batch's way through the rules."""

    def __init__(
        self, history: History, community: bytes, waiting: Waiting, own_actor: bytes | None, limits: Limits
    ) -> None:
        self._history = history
        self._community = community
        self._waiting = waiting
        self._own_actor = own_actor
        self._limits = limits
        self._verdict = Verdict()
        self._vouched: dict[bytes, bytes] = {}  # actor -> the hash of its newest change with a good seal

    def of(self, batch: Sequence[Sealed]) -> Verdict:
        known = list(self._decoded(batch))
        known += self._waiting.take({item.change.hash for item in known}, self._history)
        fresh: dict[bytes, Item] = {}
        for item in known:
            if item.change.hash not in self._history:
                before = fresh.get(item.change.hash)
                fresh[item.change.hash] = before if before and before.seal else item
        mark = self._history.mark()
        held = self._admit(self._sealed(list(fresh.values())))
        self._leave_out(self._standing(), held, mark)
        self._count(known)
        self._history.unwritten.clear()  # its rows are written next
        return self._verdict

    # -- before admission ----------------------------------------------------------------------------

    def _decoded(self, batch: Sequence[Sealed]) -> Iterable[Item]:
        for carried in batch:
            try:
                yield Item(decode_change(carried.chunk, self._limits), carried.seal)
            except FormatError as error:
                name = hashlib.sha256(carried.chunk[8:]).digest()  # by which its sender knows it
                self._verdict.refused[name] = NotTaken(name, error.code, str(error), None)

    def _sealed(self, fresh: Sequence[Item]) -> list[Item]:
        """Those that a good seal vouches for: of each run, no more than the last seal is verified."""
        runs: dict[bytes, list[Item]] = {}
        for item in fresh:
            runs.setdefault(item.change.actor, []).append(item)
        reach = _Reach(fresh)
        for actor, run in runs.items():
            self._vouch(actor, run, reach)
        return [item for item in fresh if item.change.hash not in self._verdict.refused]

    def _vouch(self, actor: bytes, run: Sequence[Item], reach: _Reach) -> None:
        """Refuse what no seal of a run vouches for.

        Of two things that an actor signed at one place, the one stands on which more was built. What a seal
        does not reach only because something between has not come yet is vouched for by a seal before that.
        """
        taken: set[int] = set()
        rest = list(run)
        while rest:
            last = max((i for i in rest if i.seal), key=lambda i: i.change.seq, default=rest[-1])
            try:
                check_seal(last.change, last.seal, self._community)
            except AdmissionError as error:
                self._refuse(rest, error.code, str(error))
                return
            if last.change.seq in taken:
                self._refuse([last], "fork", FORK)
                rest.remove(last)
                continue
            self._vouched.setdefault(actor, last.change.hash)
            covered = reach.covered(last, rest)
            taken |= {item.change.seq for item in rest if item.change.hash in covered}
            rest = [item for item in rest if item.change.hash not in covered]

    # -- admission -----------------------------------------------------------------------------------

    def _admit(self, items: Sequence[Item]) -> list[Item]:
        """Admit what can be; those that wait for something, in the order in which they came."""
        held: dict[bytes, Item] = {}
        wanting: dict[bytes, list[Item]] = {}
        stack = list(reversed(items))
        while stack:
            item = stack.pop()
            change = item.change
            try:
                self._judge(change)
            except MissingDeps as error:
                if any(dep in self._verdict.refused for dep in error.missing):
                    self._refuse([item], "built on refused", "This change is built on one that was refused.")
                else:
                    held[change.hash] = item
                    wanting.setdefault(error.missing[0], []).append(item)  # the next one when that has come
                    continue
            except AdmissionError as error:
                self._refuse([item], error.code, str(error))
            else:
                self._history.unwritten[change.hash] = change.raw
                self._history.add(change)
                self._verdict.admitted.append(item)
            again = [each for each in wanting.pop(change.hash, ()) if held.pop(each.change.hash, None)]
            stack.extend(reversed(again))
        return list(held.values())

    def _judge(self, change: Change) -> None:
        if self._history.community is None and change.hash != self._community:
            raise AdmissionError("other community", "This is not the first change of this community.")
        if self._history.at(change.actor, change.seq) is None and change.actor == self._own_actor:
            raise AdmissionError(
                "not mine", "This change bears this machine's name, and it did not write it."
            )
        admit(change, self._history, seal=None, seal_needed=False, limits=self._limits)

    # -- after admission -----------------------------------------------------------------------------

    def _standing(self) -> list[Item]:
        """Of the admitted, those that stand with a seal at or after them, and on what stands."""
        kept, count = self._verdict.admitted, -1
        while len(kept) != count:
            count = len(kept)
            bare: set[bytes] = set()
            sealed: set[bytes] = set()
            for item in reversed(kept):
                if item.change.actor in sealed or self._good(item):
                    sealed.add(item.change.actor)
                else:
                    bare.add(item.change.hash)
            still: list[Item] = []
            for item in kept:
                if item.change.hash in bare or not bare.isdisjoint(item.change.deps):
                    bare.add(item.change.hash)
                else:
                    still.append(item)
            kept = still
        return kept

    def _good(self, item: Item) -> bool:
        """Whether the seal beside a change holds."""
        change = item.change
        if self._vouched.get(change.actor) != change.hash:
            if not self._signed(item):
                return False
            self._vouched[change.actor] = change.hash
        return True

    def _signed(self, item: Item) -> bool:
        try:
            check_seal(item.change, item.seal, self._community)
        except AdmissionError:
            return False
        return True

    def _leave_out(self, kept: Sequence[Item], held: Sequence[Item], mark: Mark) -> None:
        """Take what cannot stand out of the history again. As long as something waits, it waits with it."""
        stands = {item.change.hash for item in kept}
        gone = [item for item in self._verdict.admitted if item.change.hash not in stands]
        if gone:
            self._history.cut(mark)
            for item in kept:
                self._history.add(item.change)
        self._verdict.admitted = [
            item if self._vouched.get(item.change.actor) == item.change.hash else Item(item.change, None)
            for item in kept
        ]
        if not held:
            self._refuse(gone, "unsealed", "The change that vouches for this one was refused.")
            return
        missing = {dep for item in held for dep in item.change.deps if dep not in self._history}
        over = self._waiting.keep([*gone, *held], missing - {item.change.hash for item in [*gone, *held]})
        self._refuse(over, "missing", "This change is built on others that have not arrived.")

    def _refuse(self, items: Iterable[Item], code: str, reason: str) -> None:
        for item in items:
            change = item.change
            self._verdict.refused[change.hash] = NotTaken(change.hash, code, reason, change.author)

    def _count(self, known: Iterable[Item]) -> None:
        for item in known:
            change = item.change
            if change.hash in self._history:
                before = self._verdict.through.get(change.actor, 0)
                self._verdict.through[change.actor] = max(change.seq, before)


class _Reach:
    """Which changes of a run its seal vouches for: those that the sealed one was made on.

    Nearly always each was made on the one before it; otherwise by way of others' changes in the batch. The
    walks along those have an end for the whole batch: nobody's batch needs so many.
    """

    def __init__(self, batch: Sequence[Item]) -> None:
        self._deps = {item.change.hash: item.change.deps for item in batch}
        self._steps = _STEPS_A_CHANGE * len(batch)

    def covered(self, last: Item, run: Sequence[Item]) -> set[bytes]:
        """The hashes of those, `last` included."""
        covered, at = {last.change.hash}, last
        before = [item for item in run if item.change.seq < last.change.seq]
        for item in sorted(before, key=lambda item: item.change.seq, reverse=True):
            if item.change.hash not in at.change.deps:
                return self._walked(last.change.hash)
            covered.add(item.change.hash)
            at = item
        return covered

    def _walked(self, start: bytes) -> set[bytes]:
        reached, stack = {start}, [start]
        while stack and self._steps > 0:
            for dep in self._deps[stack.pop()]:
                self._steps -= 1
                if dep in self._deps and dep not in reached:
                    reached.add(dep)
                    stack.append(dep)
        return reached
