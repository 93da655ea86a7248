"""Changes as many members make them side by side, and what stands after them: the bench community's log.

Time goes in rounds. In each, some members write at the same time, each in a *lane* of their own, on top
of all that there was when the round began; the next round begins with everything. So heads come and go
as in life, and each member's own changes follow one another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from moot_shared.format.change import HEAD, Action, Operation, OpId, ValueKind
from moot_shared.trust.seal import WINDOW, Sealed, seal_message
from tests.helpers.community import Machine, put
from tests.helpers.encoding import encode_change

RECORDS, SAID = 2, 3
"""The counters of the first change's two maps."""


class Head(NamedTuple):
    """A change that nothing is built on yet."""

    hash: bytes
    last_op: int


@dataclass(slots=True)
class Lane:
    """One member's session in a round: what it goes on from."""

    by: Machine
    deps: tuple[bytes, ...]
    last_op: int
    wrote: bool = False


@dataclass(slots=True)
class Cell:
    """The values at a key: those that stand, those that stood when this round began, each lane's own."""

    standing: set[OpId] = field(default_factory=set)
    before: set[OpId] = field(default_factory=set)
    round: int = -1
    mine: dict[bytes, OpId] = field(default_factory=dict)


@dataclass(slots=True)
class Thing:
    """A record that is there, and since which round."""

    key: str
    id: OpId
    prose: OpId
    paragraphs: list[OpId]
    round: int


class Ledger:
    """All changes so far, with the seals that a store keeps; and where each value stands."""

    def __init__(self, founder: Machine, genesis: bytes) -> None:
        self.log: list[Sealed] = []
        self.operations = 3
        self.round = 0
        self.community = hashlib.sha256(genesis[8:]).digest()
        self.records, self.said = OpId(RECORDS, founder.actor), OpId(SAID, founder.actor)
        self._cells: dict[tuple[OpId, str], Cell] = {}
        self._seqs = {founder.actor: 1}
        self._heads = [Head(self.community, 3)]
        self._next: list[Head] = []
        self.log.append(Sealed(genesis, self._seal(founder, 1, self.community)))

    def lane(self, by: Machine) -> Lane:
        """A member begins to write."""
        return Lane(by, tuple(sorted(h.hash for h in self._heads)), max(h.last_op for h in self._heads))

    def end(self, lane: Lane) -> None:
        """They have written enough: others see it from the next round on."""
        if lane.wrote:
            self._next.append(Head(lane.deps[0], lane.last_op))
            self._sealed(lane)

    def next_round(self) -> None:
        """Everybody has everything."""
        self.round += 1
        self._heads = self._next or self._heads
        self._next = []

    def write(self, lane: Lane, operations: Sequence[Operation]) -> list[OpId]:
        """One change; the ids of its operations. `here(n)` names its own nth operation."""
        actor, start = lane.by.actor, lane.last_op + 1
        seq = self._seqs[actor] = self._seqs.get(actor, 0) + 1
        placed = [_placed(each, start, actor) for each in operations]
        raw = encode_change(placed, actor=actor, seq=seq, start_op=start, deps=lane.deps)
        lane.deps, lane.last_op, lane.wrote = (
            (hashlib.sha256(raw[8:]).digest(),),
            start + len(placed) - 1,
            True,
        )
        self.operations += len(placed)
        self.log.append(Sealed(raw, None))
        if len(self.log) % WINDOW == 0:
            self._sealed(lane)
        return [OpId(start + n, actor) for n in range(len(placed))]

    def put(self, lane: Lane, obj: OpId, values: dict[str, str | int | bool], *more: Operation) -> None:
        """Set keys of a map, over what its author has seen there; one change with what more there is."""
        cells = [self._cell(obj, key) for key in values]
        seen = [self._seen(cell, lane) for cell in cells]
        operations = [put(obj, key, v, *old) for (key, v), old in zip(values.items(), seen, strict=True)]
        made = self.write(lane, [*more, *operations])[len(more) :]
        for cell, old, new in zip(cells, seen, made, strict=True):
            cell.standing = cell.standing - old | {new}
            cell.mine[lane.by.actor] = new

    def say(self, lane: Lane, key: str, value: str) -> None:
        """A statement of the lane's member: `key` is the kind and the subject."""
        self.put(lane, self.said, {f"{lane.by.text}/{key}": value})

    def stands(self, obj: OpId, key: str, made: OpId) -> None:
        """A new map's first value at a key."""
        cell = self._cell(obj, key)
        cell.standing, cell.mine[made.actor] = {made}, made

    def _cell(self, obj: OpId, key: str) -> Cell:
        cell = self._cells.setdefault((obj, key), Cell())
        if cell.round != self.round:
            cell.round, cell.before, cell.mine = self.round, cell.standing, {}
        return cell

    def _seen(self, cell: Cell, lane: Lane) -> set[OpId]:
        mine = cell.mine.get(lane.by.actor)
        return {mine} if mine else cell.before

    def _sealed(self, lane: Lane) -> None:
        """Stores keep a seal of everybody in each window, and a session ends with one."""
        if self.log[-1].seal is None:
            seal = self._seal(lane.by, self._seqs[lane.by.actor], lane.deps[0])
            self.log[-1] = Sealed(self.log[-1].chunk, seal)

    def _seal(self, by: Machine, seq: int, change_hash: bytes) -> bytes:
        return by.identity.sign(seal_message(self.community, by.actor, seq, change_hash))


def deleted(obj: OpId, element: OpId) -> Operation:
    """A paragraph taken out."""
    return Operation(HEAD, obj, element, False, Action.DELETE, ValueKind.NULL, None, (element,))


def _placed(o: Operation, start: int, actor: bytes) -> Operation:
    """An operation with its change's own operations by their names."""
    placed: Callable[[OpId], OpId] = lambda n: OpId(start - 1 - n.counter, actor) if n.counter < 0 else n  # noqa: E731
    key = placed(o.key) if isinstance(o.key, OpId) else o.key
    obj = placed(o.obj) if o.obj else None
    return Operation(o.id, obj, key, o.insert, o.action, o.kind, o.value, tuple(sorted(map(placed, o.pred))))
