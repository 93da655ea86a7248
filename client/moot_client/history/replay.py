"""A record's fields and paragraphs, change by change: what each one wrote, and what stood after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moot_client.projection.operations import replacements
from moot_client.projection.order import name as called
from moot_client.projection.rows import AT, plain, twins_of
from moot_shared.format.change import HEAD, Action, Change, Operation, OpId

State = Mapping[str, Any]
"""field -> scalar, or the paragraphs of a prose field as a tuple of texts."""
SAME, ADDED, TAKEN_OUT = "", "added", "taken out"


@dataclass(frozen=True, slots=True)
class Written:
    """What a change did to one field. A scalar has `before` (what its author saw there) and `after`; prose
    has its `paragraphs` in order, each with SAME, ADDED or TAKEN_OUT, and how many were `rewritten`.
    """

    field: str
    before: Any = None
    after: Any = None
    paragraphs: tuple[tuple[str, str], ...] = ()
    rewritten: int = 0
    prose: bool = False

    def count(self, what: str) -> int:
        """How many paragraphs were ADDED, or TAKEN_OUT."""
        return sum(1 for sign, _ in self.paragraphs if sign == what)


@dataclass(slots=True)
class _List:
    """One prose field: all elements that ever were, in order, and the values that stand at each."""

    name: str
    order: list[OpId] = field(default_factory=list)
    live: list[OpId] = field(default_factory=list)  # those at which something stands, in the same order
    standing: dict[OpId, dict[OpId, str]] = field(default_factory=dict)
    instead: dict[OpId, OpId] = field(default_factory=dict)
    texts: dict[OpId, str] = field(default_factory=dict)  # also of what was taken out

    def insert(self, element: OpId, after: OpId) -> None:
        """Behind another one; of several behind the same one the newest comes first."""
        at = 0 if after == HEAD else self.order.index(after) + 1
        while at < len(self.order) and self.order[at] > element:
            at += 1
        self.order.insert(at, element)

    def put(self, element: OpId, gone: Iterable[OpId], value: tuple[OpId, str] | None) -> None:
        """What stands at an element: without the values that are `gone`, and with a new one."""
        values = self.standing.setdefault(element, {})
        stood = bool(values)
        for each in gone:
            values.pop(each, None)
        if value is not None:
            values[value[0]] = value[1]
        if values:
            self.texts[element] = values[max(values)]
        if stood and not values:
            self.live.remove(element)
        elif values and not stood:
            self.live.insert(self._place(element), element)

    def _place(self, element: OpId) -> int:
        """Where an element goes among those that live: behind the last of them that stands before it."""
        at = self.order.index(element) - 1
        while at >= 0 and not self.standing.get(self.order[at]):
            at -= 1
        return self.live.index(self.order[at]) + 1 if at >= 0 else 0

    def shown(self) -> list[OpId]:
        """What one reads: without those that repeat another person's rewriting word for word."""
        order = list(self.live)
        rewritten = [(self.instead[e], self.texts[e]) for e in order if e in self.instead]
        if len(set(rewritten)) == len(rewritten):
            return order
        named = {element: called(*element) for element in order}
        instead = {n: called(*self.instead[e]) if e in self.instead else "" for e, n in named.items()}
        twins = twins_of(list(named.values()), instead, {n: self.texts[e] for e, n in named.items()})
        return [element for element in order if named[element] not in twins]


class Replay:
    """One record, beginning before it was made; `take` its changes in order."""

    def __init__(self, record: OpId) -> None:
        self._record = record
        self._cells: dict[str, dict[OpId, Any]] = {}
        self._values: dict[OpId, Any] = {}  # every scalar that was ever written
        self._lists: dict[OpId, _List] = {}
        self._shown: dict[str, list[OpId]] = {}  # what each field reads as, as long as nothing touches it
        self.made = False

    def take(self, change: Change) -> list[Written]:
        """Carry one change out: what it did to each field that it touched."""
        scalars: dict[str, tuple[Any, Any]] = {}
        touched: dict[str, _List] = {}
        before: dict[str, list[OpId]] = {}
        instead = replacements(change)
        for operation in change.operations:
            if operation.id == self._record:
                self.made = True
            elif operation.obj == self._record:
                self._scalar(operation, scalars)
            elif operation.obj in self._lists:
                found = self._lists[operation.obj]
                touched[found.name] = found
                before.setdefault(found.name, self._shown.get(found.name, []))
                self._element(found, operation, instead)
        written = [Written(n, b, a) for n, (b, a) in scalars.items() if n != AT and b != a]
        gone = {o.key for o in change.operations if o.action is Action.DELETE}
        self._shown |= {n: found.shown() for n, found in touched.items()}
        prose = [_compared(found, before[n], self._shown[n], gone) for n, found in touched.items()]
        return [*written, *(each for each in prose if any(sign for sign, _ in each.paragraphs))]

    def _scalar(self, operation: Operation, scalars: dict[str, tuple[Any, Any]]) -> None:
        field_name = str(operation.key)
        if operation.action is Action.MAKE_LIST:
            self._lists[operation.id] = _List(field_name)
            return
        cell = self._cells.setdefault(field_name, {})
        seen = max(operation.pred, default=None)
        before = scalars[field_name][0] if field_name in scalars else self._values.get(seen) if seen else None
        for gone in operation.pred:
            cell.pop(gone, None)
        after = None
        if operation.action is Action.PUT:
            after = cell[operation.id] = self._values[operation.id] = plain(operation.value, operation.kind)
        scalars[field_name] = before, after

    def _element(self, found: _List, operation: Operation, instead: Mapping[OpId, OpId]) -> None:
        key = operation.key if isinstance(operation.key, OpId) else HEAD
        element = operation.id if operation.insert else key
        if operation.insert:
            found.insert(element, key)
            if operation.id in instead:
                found.instead[element] = instead[operation.id]
        put = operation.action is Action.PUT
        value = (operation.id, str(plain(operation.value, operation.kind))) if put else None
        found.put(element, operation.pred, value)

    def state(self) -> State:
        """How everything stands now."""
        scalars = {n: cell[max(cell)] for n, cell in self._cells.items() if cell and n != AT}
        prose = {found.name: _texts(found, self._shown.get(found.name, ())) for found in self._lists.values()}
        return {**scalars, **prose}


def _texts(found: _List, elements: Iterable[OpId]) -> tuple[str, ...]:
    return tuple(found.texts[element] for element in elements)


def _compared(found: _List, before: list[OpId], after: list[OpId], gone: set[str | OpId]) -> Written:
    """The field as it reads now, with what came and what went, each where it stands or stood."""
    now, then = set(after), set(before)
    signs: list[tuple[str, str]] = []
    waiting = list(reversed(before))
    for element in after:  # both are parts of one order: what went stands before what came in its place
        while waiting and waiting[-1] != element and (element in then or waiting[-1] not in now):
            signs.append((TAKEN_OUT, found.texts[waiting.pop()]))
        if element in then:
            waiting.pop()
        signs.append((SAME if element in then else ADDED, found.texts[element]))
    signs += [(TAKEN_OUT, found.texts[element]) for element in reversed(waiting)]
    rewritten = len({found.instead[e] for e in now - then if found.instead.get(e) in gone})
    return Written(found.name, paragraphs=tuple(signs), rewritten=rewritten, prose=True)
