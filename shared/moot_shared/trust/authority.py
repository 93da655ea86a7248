"""Which acts of authority stand, among all that a set of changes holds.

Two kinds of acts matter here: *grants* (the founder's own, a join by a convenor's invite, a naming
by a convenor or by a majority) and *removals*. An act stands if

* its author held authority when they acted, by a grant that stands and had begun among the act's
  ancestors, and that they had not laid down since; and
* no removal of its author that stands is concurrent with it. (A removal among its ancestors
  would have kept it out; one that was made on it came too late to undo it.)

What nobody decides alone stands by itself: the founder's grant, a majority's, and leaving.

Convenors who remove one another at the same time make a circle of acts, each of which stands
only if the other does not. In a circle the act of the member who came first stands: the
smallest Lamport time of a join, then the smallest key. Nothing here depends on the order in
which changes arrived, or on any clock on a wall.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from moot_shared.trust.facts import Fact
from moot_shared.trust.history import Clock, History


@dataclass(frozen=True, slots=True, eq=False)
class Act:
    """A grant or a removal: `said` is the statement that is judged, None where nobody decided alone.

    Its effect begins where, of each of the groups in `since`, more than `len(group) // 2` have spoken:
    a group maps members to what they said, or to None as long as they have said nothing.
    """

    said: Fact | None
    subject: bytes
    since: tuple[Mapping[bytes, Fact | None], ...]
    removes: bool = False

    @classmethod
    def by(cls, said: Fact, subject: bytes, since: Fact | None = None, *, removes: bool = False) -> Act:
        """One member's act, with effect from where it is said, or from where `since` is."""
        begins = since or said
        return cls(said, subject, ({begins.author: begins},), removes)

    @property
    def leaves(self) -> bool:
        """Whether somebody removes themself, which needs nobody's leave."""
        return self.removes and self.said is not None and self.said.author == self.subject

    def begun(self, clock: Clock) -> bool:
        """Whether it has effect among the ancestors that `clock` names."""
        return all(
            2 * sum(fact is not None and _within(fact, clock) for fact in group.values()) > len(group)
            for group in self.since
        )


class Authority:
    """The acts that stand, and who held authority at which point."""

    def __init__(
        self,
        history: History,
        grants: Iterable[Act],
        removals: Iterable[Act],
        laid_down: Iterable[Fact],
        order: Callable[[bytes], tuple[int, bytes]],
    ) -> None:
        """`laid_down`: members' words that they convene no longer; `order(key)`: by when they joined."""
        self._history = history
        self._grants: dict[bytes, list[Act]] = {}
        self._removals: dict[bytes, list[Act]] = {}
        self._laid_down: dict[bytes, list[Fact]] = {}
        self._stands: dict[Act, bool] = {}
        for act in grants:
            self._grants.setdefault(act.subject, []).append(act)
        for act in removals:
            self._removals.setdefault(act.subject, []).append(act)
        for fact in laid_down:
            self._laid_down.setdefault(fact.author, []).append(fact)
        self._decide(order)

    def held(self, key: bytes, at: Fact) -> bool:
        """Whether a member held authority when something was said, as it looks from here."""
        return any(self._stands[act] for act in self._giving(key, at))

    def undone(self, said: Fact) -> bool:
        """Whether a standing removal of its author is concurrent with a statement."""
        return any(self._stands[act] for act in self._opposing(said))

    def convenor(self, key: bytes) -> bool:
        """Whether a member holds authority now."""
        down = self._laid_down.get(key, ())
        return any(
            self._stands[act] and not any(act.begun(self._history.before(fact)) for fact in down)
            for act in self._grants.get(key, ())
        )

    def ever(self, key: bytes) -> bool:
        """Whether a member ever held authority by a grant that stands."""
        return any(self._stands[act] for act in self._grants.get(key, ()))

    def removals(self, key: bytes) -> list[Act]:
        """The removals of a member that stand."""
        return [act for act in self._removals.get(key, ()) if self._stands[act]]

    def _decide(self, order: Callable[[bytes], tuple[int, bytes]]) -> None:
        acts = [act for acts in (self._grants, self._removals) for same in acts.values() for act in same]
        judged = {act: act.said for act in acts if act.said and not act.leaves}
        self._stands = {act: True for act in acts if act not in judged}
        needs = {act: list(self._giving(said.author, said)) for act, said in judged.items()}
        against = {act: list(self._opposing(said)) for act, said in judged.items()}

        def rank(act: Act) -> tuple[object, ...]:
            """Of one member's acts, the one against the earlier member first; then any order, but one."""
            said = judged[act]
            return order(said.author), order(act.subject), said.actor, said.seq, said.subject

        open_acts = list(judged)
        while open_acts:
            left = []
            for act in open_acts:
                verdict = self._verdict(needs[act], against[act])
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

    def _verdict(self, needs: Sequence[Act], against: Sequence[Act]) -> bool | None:
        """Whether an act stands, as far as what it hangs on is decided; None if it is not."""
        stands = self._stands.get
        opposed = [stands(other) for other in against]
        given = [stands(other) for other in needs]
        if True in opposed or not any(verdict is not False for verdict in given):
            return False
        return True if True in given and None not in opposed else None

    def _giving(self, key: bytes, at: Fact) -> Iterator[Act]:
        grants = self._grants.get(key)
        if not grants:
            return
        clock = self._history.before(at)  # only what came before it can have given authority for it
        down = [fact for fact in self._laid_down.get(key, ()) if _within(fact, clock)]
        for act in grants:
            if act.begun(clock) and not any(act.begun(self._history.before(fact)) for fact in down):
                yield act

    def _opposing(self, said: Fact) -> Iterator[Act]:
        for act in self._removals.get(said.author, ()):
            assert act.said
            known, knowing = self._history.upto(said), self._history.upto(act.said)
            if not _within(act.said, known) and not _within(said, knowing):
                yield act


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
