"""A change whose operations are checked and not made: as strict as `decode_change`, at a cost by bytes.

A relay that stores what programs of every kind write needs to know that a change is in its canonical form,
and where its counters end. Operations that stand in the same runs of all columns are looked at together:
within a run every id is on a straight line, so what holds for the first and the last holds for all between.
A pasted chapter is few looks, and so is a hostile run of half a million of anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from moot_shared.format.change import Header, read_header
from moot_shared.format.columns import text
from moot_shared.format.leb import beyond, malformed, sleb, uleb
from moot_shared.format.names import HIGHEST_COUNTER
from moot_shared.format.operation import HEAD, Action, OpId
from moot_shared.format.operations import (
    ACTION,
    EXPAND,
    INSERT,
    KEY_ACTOR,
    KEY_COUNTER,
    KEY_TEXT,
    MARK_NAME,
    OBJ_ACTOR,
    OBJ_COUNTER,
    PRED_ACTOR,
    PRED_COUNT,
    PRED_COUNTER,
    VALUE_META,
    VALUE_RAW,
    check_action,
    read_operations,
)  # fmt: skip
from moot_shared.format.runs import Deltas, Runs, booleans, run_lengths
from moot_shared.format.values import check_values, kind_of
from moot_shared.limits import DEFAULT, Limits

T = TypeVar("T")
_FEW = 64  # operations are as cheap to make
_SEVERAL = 20_000  # predecessors of operations that have more than one, which are looked at one by one
_LOOKS = 200_000  # at operations that have nothing in common with their neighbours
_EMPTY = b""


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of a change that was checked."""

    hash: bytes
    deps: tuple[bytes, ...]
    actor: bytes
    seq: int
    start_op: int
    last_op: int
    raw: bytes


def check_change(chunk: bytes, limits: Limits = DEFAULT) -> Outline:
    """Check one change chunk, deflated or not; FormatError says what is not canonical about it."""
    return check_operations(read_header(chunk, limits), limits)


def check_operations(header: Header, limits: Limits = DEFAULT) -> Outline:
    """Check what follows the header of a change."""
    actions = run_lengths(header.columns.get(ACTION, _EMPTY), limits.change_operations, uleb)
    count = sum(times for _, times in actions)
    if count <= _FEW:
        preds = header.columns.get(PRED_ACTOR)
        if preds is not None:
            for _ in run_lengths(preds, _SEVERAL, uleb):
                pass
        read_operations(header.columns, (header.actor, *header.others), header.start_op, limits)
    else:
        _Check(header, limits, count).all()
    if header.start_op + count > HIGHEST_COUNTER:
        raise malformed("a number in it is out of range")
    last_op = header.start_op + count - 1
    return Outline(header.hash, header.deps, header.actor, header.seq, header.start_op, last_op, header.raw)


class _Check:
    def __init__(self, header: Header, limits: Limits, count: int) -> None:
        self._columns, self._count = header.columns, count
        self._actors = (header.actor, *header.others)
        self._counter = header.start_op
        self._named: set[int | None] = set()
        self._several = 0
        self._at = 0  # in the raw bytes of values
        self._grows = False
        most = limits.change_predecessors
        self._actions = self._must(ACTION, uleb)
        self._inserts = Runs(booleans(self._columns.get(INSERT, _EMPTY), count))
        self._metas = self._must(VALUE_META, uleb)
        self._counts = self._must(PRED_COUNT, uleb)
        self._obj_actors, self._obj_counters = self._may(OBJ_ACTOR, uleb), self._may(OBJ_COUNTER, uleb)
        self._key_actors, self._names = self._may(KEY_ACTOR, uleb), self._may(KEY_TEXT, text)
        self._key_counters = Deltas(self._runs(KEY_COUNTER, sleb))
        self._marks = self._may(MARK_NAME, text)
        grows = self._columns.get(EXPAND)
        self._expands = Runs(iter([(False, count)]) if grows is None else booleans(grows, count))
        self._pred_actors = Runs(run_lengths(self._columns.get(PRED_ACTOR, _EMPTY), most, uleb))
        self._pred_counters = Deltas(run_lengths(self._columns.get(PRED_COUNTER, _EMPTY), most, sleb))
        self._every: tuple[Runs[int | None] | Runs[bool] | Runs[str | None], ...] = (
            self._actions, self._inserts, self._metas, self._counts, self._obj_actors, self._obj_counters,
            self._key_actors, self._key_counters, self._names, self._marks, self._expands,
        )  # fmt: skip

    def _must(self, column: int, read: Callable[[bytes, int], tuple[T, int]]) -> Runs[T | None]:
        return Runs(run_lengths(self._columns.get(column, _EMPTY), self._count, read))

    def _may(self, column: int, read: Callable[[bytes, int], tuple[T, int]]) -> Runs[T | None]:
        return Runs(self._runs(column, read))

    def _runs(
        self, column: int, read: Callable[[bytes, int], tuple[T, int]]
    ) -> Iterator[tuple[T | None, int]]:
        """A column that is null throughout where it is absent."""
        data = self._columns.get(column)
        return iter([(None, self._count)]) if data is None else run_lengths(data, self._count, read)

    def all(self) -> None:
        done = looks = 0
        while done < self._count:
            looks += 1
            if looks > _LOOKS:
                raise beyond("operations in one change that are unlike their neighbours", _LOOKS)
            together = min([runs.left for runs in self._every])
            if not together:
                raise malformed("its columns differ in length")
            self._look(together)
            for runs in self._every:
                runs.pass_over(together)
            self._counter += together
            done += together
        if any(runs.left for runs in (*self._every, self._pred_actors, self._pred_counters)):
            raise malformed("its columns differ in length")
        if self._at != len(self._columns.get(VALUE_RAW, _EMPTY)):
            raise malformed("it has bytes that belong to no value")
        if not self._named.issuperset(range(1, len(self._actors))):
            raise malformed("it lists actors that it does not name")
        if EXPAND in self._columns and not self._grows:
            raise malformed("a column in it is written in an unusual way")

    def _look(self, together: int) -> None:
        """At so many operations that are alike."""
        code, meta = self._actions.value, self._metas.value
        if code is None or code >= len(Action):
            raise malformed("it does something unknown")
        raw = self._columns.get(VALUE_RAW, _EMPTY)
        self._at = check_values(meta, together, raw, self._at)
        check_action(Action(code), self._inserts.value, kind_of(meta or 0), bool(self._counts.value))
        self._look_at_place(together)
        self._look_at_predecessors(together)
        self._grows |= self._expands.value
        if code != Action.MARK and (self._expands.value or self._marks.value is not None):
            raise malformed("a mark stands where there is none")

    def _look_at_place(self, together: int) -> None:
        actor, counter = self._obj_actors.value, self._obj_counters.value
        self._named.add(actor)
        if (actor, counter) != (None, None):
            self._id(actor, counter, counter, 1)
        actor, step = self._key_actors.value, self._key_counters.value
        self._named.add(actor)
        name = self._names.value
        if name is not None:
            if actor is not None or step is not None or self._inserts.value:
                raise malformed("an operation in it has two places")
            return
        if step is None or counter is None:
            raise malformed("an operation in it has no place")
        first, last = self._key_counters.before + step, self._key_counters.before + together * step
        if actor is None and first == last == 0:
            if not self._inserts.value:
                raise malformed("an operation in it has no place")
        else:
            self._id(actor, first, last, together)

    def _look_at_predecessors(self, together: int) -> None:
        each = self._counts.value
        if each is None:
            raise malformed("its columns differ in length")
        if each > 1:
            self._several += each * together
            if self._several > _SEVERAL:
                raise beyond("operations that others replace together", _SEVERAL)
            for ahead in range(together):
                self._look_at_several(each, ahead)
            return
        left = each * together
        while left:
            count = min(left, self._pred_actors.left, self._pred_counters.left)
            step = self._pred_counters.value if count else None
            if step is None:
                raise malformed("its columns differ in length")
            before = self._pred_counters.before
            ahead = together - left
            self._id(self._pred_actors.value, before + step, before + count * step, count, ahead)
            self._pass_predecessors(count)
            left -= count

    def _look_at_several(self, count: int, ahead: int) -> None:
        last = HEAD
        for _ in range(count):
            if not (self._pred_actors.left and self._pred_counters.left):
                raise malformed("its columns differ in length")
            actor, step = self._pred_actors.value, self._pred_counters.value
            counter = None if step is None else self._pred_counters.before + step
            self._id(actor, counter, counter, 1, ahead)
            op = OpId(counter or 0, self._actors[actor or 0])
            if op <= last:
                raise malformed("an operation in it names what it replaces in disorder")
            last = op
            self._pass_predecessors(1)

    def _pass_predecessors(self, count: int) -> None:
        self._named.add(self._pred_actors.value)
        self._pred_actors.pass_over(count)
        self._pred_counters.pass_over(count)

    def _id(self, actor: int | None, first: int | None, last: int | None, count: int, ahead: int = 0) -> None:
        """Check ids on a straight line, named by `count` operations, the first one `ahead` of `_counter`."""
        if actor is None or first is None or last is None or actor >= len(self._actors):
            raise malformed("it names something that cannot be")
        if first < 1 or last < 1:
            raise malformed("it names something that cannot be")
        if first >= self._counter + ahead or last >= self._counter + ahead + count - 1:
            raise malformed("an operation in it names a later one")
