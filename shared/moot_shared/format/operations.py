"""The columns of a change, read together as its operations.

Each operation has one value in every column; a column that is absent is null (or false)
throughout. Ids are kept as an index into the change's actors and a counter. What an operation
names came before it: its container, its element and its predecessors have smaller counters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from moot_shared.format.columns import booleans, deltas, numbers, texts
from moot_shared.format.leb import malformed
from moot_shared.format.operation import HEAD, MAKES, Action, Mark, Operation, OpId, ValueKind
from moot_shared.format.values import values
from moot_shared.limits import Limits

OBJ_ACTOR, OBJ_COUNTER = 0x01, 0x02
KEY_ACTOR, KEY_COUNTER, KEY_TEXT = 0x11, 0x13, 0x15
INSERT, ACTION = 0x34, 0x42
VALUE_META, VALUE_RAW = 0x56, 0x57
PRED_COUNT, PRED_ACTOR, PRED_COUNTER = 0x70, 0x71, 0x73
EXPAND, MARK_NAME = 0x94, 0xA5
COLUMNS = frozenset({
    OBJ_ACTOR, OBJ_COUNTER, KEY_ACTOR, KEY_COUNTER, KEY_TEXT, INSERT, ACTION,
    VALUE_META, VALUE_RAW, PRED_COUNT, PRED_ACTOR, PRED_COUNTER, EXPAND, MARK_NAME,
})  # fmt: skip
"""Every column that a change may have."""

T = TypeVar("T")
_ACTIONS = tuple(Action)
_EMPTY = b""
_NUMBERS = frozenset({ValueKind.INT, ValueKind.UINT})


def read_operations(
    columns: Mapping[int, bytes], actors: Sequence[bytes], start_op: int, limits: Limits
) -> tuple[Operation, ...]:
    """The operations in `columns`; `actors[0]` made them, and every other one is named by some."""
    cells = columns.get
    actions = numbers(cells(ACTION, _EMPTY), limits.change_operations)
    count = len(actions)
    if count == 0:
        if columns:
            raise malformed("it has columns and no operations")
        if len(actors) > 1:
            raise malformed("it lists actors that it does not name")
        return ()
    obj_actors = _column(numbers(cells(OBJ_ACTOR, _EMPTY), count), count)
    obj_counters = _column(numbers(cells(OBJ_COUNTER, _EMPTY), count), count)
    key_actors = _column(numbers(cells(KEY_ACTOR, _EMPTY), count), count)
    key_counters = _column(deltas(cells(KEY_COUNTER, _EMPTY), count), count)
    key_texts = _column(texts(cells(KEY_TEXT, _EMPTY), count), count)
    inserts = booleans(cells(INSERT, _EMPTY), count)
    metas = numbers(cells(VALUE_META, _EMPTY), count)
    pred_counts = numbers(cells(PRED_COUNT, _EMPTY), count)
    if not len(inserts) == len(metas) == len(pred_counts) == count:
        raise malformed("its columns differ in length")
    carried = values(metas, cells(VALUE_RAW, _EMPTY))
    preds = _predecessors(pred_counts, columns, actors, limits)
    if len(actors) > 1:
        named = {*obj_actors, *key_actors, *numbers(cells(PRED_ACTOR, _EMPTY), limits.change_predecessors)}
        if not named.issuperset(range(1, len(actors))):
            raise malformed("it lists actors that it does not name")
    marks = _marks(columns, actions, count)

    author = actors[0]
    operations = []
    for index in range(count):
        code = actions[index]
        if code is None or code >= len(_ACTIONS):
            raise malformed("it does something unknown")
        counter, action, insert = start_op + index, _ACTIONS[code], inserts[index]
        obj = _reference(obj_actors[index], obj_counters[index], actors)
        key: str | OpId | None = key_texts[index]
        element = _element(key_actors[index], key_counters[index], actors)
        if key is None:
            key = element
        elif element is not None or insert:
            raise malformed("an operation in it has two places")
        if key is None or (key is HEAD and not insert):
            raise malformed("an operation in it has no place")
        kind, value = carried[index]
        pred = preds[index]
        _check_action(action, insert, kind, pred)
        if (
            (obj is not None and obj.counter >= counter)
            or (element is not None and element.counter >= counter)
            or (pred and pred[-1].counter >= counter)
        ):
            raise malformed("an operation in it names a later one")
        mark = marks.get(index)
        operations.append(Operation(OpId(counter, author), obj, key, insert, action, kind, value, pred, mark))
    return tuple(operations)


def _column(cells: list[T | None], count: int) -> list[T | None]:
    """A column that may be absent; one that is there says something of every operation."""
    if not cells:
        return [None] * count
    if len(cells) != count:
        raise malformed("its columns differ in length")
    return cells


def _reference(actor: int | None, counter: int | None, actors: Sequence[bytes]) -> OpId | None:
    if actor is None and counter is None:
        return None
    if actor is None or counter is None or actor >= len(actors) or counter < 1:
        raise malformed("it names something that cannot be")
    return OpId(counter, actors[actor])


def _element(actor: int | None, counter: int | None, actors: Sequence[bytes]) -> OpId | None:
    return HEAD if actor is None and counter == 0 else _reference(actor, counter, actors)


def _predecessors(
    counts: list[int | None], columns: Mapping[int, bytes], actors: Sequence[bytes], limits: Limits
) -> list[tuple[OpId, ...]]:
    """For each operation the ones that it replaces, sorted, none twice."""
    pred_actors = numbers(columns.get(PRED_ACTOR, _EMPTY), limits.change_predecessors)
    pred_counters = deltas(columns.get(PRED_COUNTER, _EMPTY), limits.change_predecessors)
    if len(pred_actors) != len(pred_counters):
        raise malformed("its columns differ in length")
    found: list[tuple[OpId, ...]] = []
    start = 0
    for count in counts:
        if count == 0:
            found.append(())
            continue
        if count is None or start + count > len(pred_actors):
            raise malformed("its columns differ in length")
        pred: list[OpId] = []
        for actor, counter in zip(
            pred_actors[start : start + count], pred_counters[start : start + count], strict=True
        ):
            op = _reference(actor, counter, actors)
            if op is None or (pred and op <= pred[-1]):
                raise malformed("an operation in it names what it replaces in disorder")
            pred.append(op)
        found.append(tuple(pred))
        start += count
    if start != len(pred_actors):
        raise malformed("its columns differ in length")
    return found


def _check_action(action: Action, insert: bool, kind: ValueKind, pred: tuple[OpId, ...]) -> None:
    """An operation carries what its action needs and nothing else."""
    if (action in MAKES or action is Action.DELETE) and kind is not ValueKind.NULL:
        raise malformed("an operation in it carries a value that it cannot have")
    if action is Action.INCREMENT and kind not in _NUMBERS:
        raise malformed("an operation in it adds something that is not a number")
    if action is Action.DELETE or action is Action.INCREMENT:
        if insert or not pred:
            raise malformed("an operation in it changes nothing that there is")
    elif insert and pred:
        raise malformed("an operation in it inserts and replaces at once")


def _marks(columns: Mapping[int, bytes], actions: list[int | None], count: int) -> dict[int, Mark]:
    """What the marks among the operations carry, by index. Nothing else may carry any of it."""
    if EXPAND not in columns and MARK_NAME not in columns and Action.MARK not in actions:
        return {}
    names = _column(texts(columns.get(MARK_NAME, _EMPTY), count), count)
    expands = booleans(columns[EXPAND], count) if EXPAND in columns else [False] * count
    if len(expands) != count or (EXPAND in columns and True not in expands):
        raise malformed("a column in it is written in an unusual way")
    marks: dict[int, Mark] = {}
    for index, (action, name, expand) in enumerate(zip(actions, names, expands, strict=True)):
        if action == Action.MARK:
            marks[index] = Mark(name, expand)
        elif expand or name is not None:
            raise malformed("a mark stands where there is none")
    return marks
