"""Which acts of authority stand, among all that a set of changes holds.

Two kinds of acts matter here: *grants* (somebody joined as a convenor) and *removals*. An act
stands if

* its author held authority when they acted: the founder, or by a grant that stands and was
  among the act's ancestors; and
* no removal of its author that stands is concurrent with it. (A removal among its ancestors
  would have kept it out; one that was made on it came too late to undo it.)

Convenors who remove one another at the same time make a circle of acts, each of which stands
only if the other does not. In a circle the act of the member who came first stands: the
smallest Lamport time of a join, then the smallest key. Nothing here depends on the order in
which changes arrived, or on any clock on a wall.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from moot_shared.errors import FormatError
from moot_shared.ids import KEY_BYTES, decode_bytes
from moot_shared.trust.facts import Fact
from moot_shared.trust.history import Clock, History


@dataclass(frozen=True, slots=True, eq=False)
class Act:
    """A grant or a removal. `said` is the statement that is judged; `since` where its effect begins."""

    said: Fact
    subject: bytes
    since: Fact
    removes: bool


class Authority:
    """The acts that stand, and who held authority at which point."""

    def __init__(
        self,
        history: History,
        grants: Iterable[Act],
        removals: Iterable[Act],
        order: Callable[[bytes], tuple[int, bytes]],
    ) -> None:
        """`order(key)` sorts members by when they joined."""
        self._history = history
        self._grants: dict[bytes, list[Act]] = {}
        self._removals: dict[bytes, list[Act]] = {}
        self._clocks: dict[tuple[bytes, int], Clock] = {}
        self._stands: dict[Act, bool] = {}
        for act in grants:
            self._grants.setdefault(act.subject, []).append(act)
        for act in removals:
            self._removals.setdefault(act.subject, []).append(act)
        self._decide(order)

    def held(self, key: bytes, at: Fact) -> bool:
        """Whether a member held authority when something was said, as it looks from here."""
        return key == self._history.founder or any(self._stands[act] for act in self._giving(key, at))

    def undone(self, said: Fact) -> bool:
        """Whether a standing removal of its author is concurrent with a statement."""
        return any(self._stands[act] for act in self._opposing(said))

    def convenor(self, key: bytes) -> bool:
        """Whether a member holds authority now."""
        return key == self._history.founder or any(self._stands[act] for act in self._grants.get(key, ()))

    def removals(self, key: bytes) -> list[Act]:
        """The removals of a member that stand."""
        return [act for act in self._removals.get(key, ()) if self._stands[act]]

    def _decide(self, order: Callable[[bytes], tuple[int, bytes]]) -> None:
        open_acts = [act for acts in (self._grants, self._removals) for same in acts.values() for act in same]
        needs = {act: list(self._giving(act.said.author, act.said)) for act in open_acts}
        against = {act: list(self._opposing(act.said)) for act in open_acts}

        def rank(act: Act) -> tuple[object, ...]:
            """Of one member's acts, the one against the earlier member first; then any order, but one."""
            return order(act.said.author), order(act.subject), act.said.actor, act.said.seq, act.said.subject

        while open_acts:
            left = []
            for act in open_acts:
                verdict = self._verdict(act, needs[act], against[act])
                if verdict is None:
                    left.append(act)
                else:
                    self._stands[act] = verdict
            if len(left) == len(open_acts):
                circle = _first_circle(left, lambda act: needs[act] + against[act])
                first = min((act for act in circle if act.removes), key=rank)
                self._stands[first] = True
                left.remove(first)
            open_acts = left

    def _verdict(self, act: Act, needs: Sequence[Act], against: Sequence[Act]) -> bool | None:
        """Whether an act stands, as far as what it hangs on is decided; None if it is not."""
        stands = self._stands.get
        opposed = [stands(other) for other in against]
        given = [True] if act.said.author == self._history.founder else [stands(other) for other in needs]
        if True in opposed or not any(verdict is not False for verdict in given):
            return False
        return True if True in given and None not in opposed else None

    def _giving(self, key: bytes, at: Fact) -> Iterator[Act]:
        grants = self._grants.get(key)
        if grants:
            clock = self._clock(at)
            yield from (act for act in grants if _within(act.since, clock))

    def _opposing(self, said: Fact) -> Iterator[Act]:
        for act in self._removals.get(said.author, ()):
            if not _within(act.said, self._clock(said)) and not _within(said, self._clock(act.said)):
                yield act

    def _clock(self, said: Fact) -> Clock:
        """What a statement was made on, itself included."""
        key = (said.actor, said.seq)
        if key not in self._clocks:
            entry = self._history.at(said.actor, said.seq)
            self._clocks[key] = self._history.clock((entry.hash,) if entry else ())
        return self._clocks[key]


def _within(fact: Fact, clock: Clock) -> bool:
    return clock.covers(fact.actor, fact.seq)


def _first_circle(acts: Sequence[Act], hangs_on: Callable[[Act], Sequence[Act]]) -> list[Act]:
    """Acts that all hang on one another, and on no other undecided act: one must be found in any deadlock."""
    undecided = set(acts)

    def reach(start: Act) -> set[Act]:
        found: set[Act] = set()
        stack = [start]
        while stack:
            for other in hangs_on(stack.pop()):
                if other in undecided and other not in found:
                    found.add(other)
                    stack.append(other)
        return found

    here = acts[0]
    while True:
        circle = reach(here)
        onward = next((act for act in circle if here not in reach(act)), None)
        if onward is None:
            return list(circle)
        here = onward


def member_key(text: object) -> bytes | None:
    """A key from its text in a statement; None where somebody wrote something else there."""
    try:
        return decode_bytes(text, KEY_BYTES) if isinstance(text, str) else None
    except FormatError:
        return None
