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
    codes = numbers(cells(ACTION, _EMPTY), limits.change_operations)
    count = len(codes)
    if count == 0 and columns:
        raise malformed("it has columns and no operations")
    inserts = booleans(cells(INSERT, _EMPTY), count)
    metas = numbers(cells(VALUE_META, _EMPTY), count)
    pred_counts = numbers(cells(PRED_COUNT, _EMPTY), count)
    if not len(inserts) == len(metas) == len(pred_counts) == count:
        raise malformed("its columns differ in length")
    named: set[int | None] = set()
    objects = _objects(columns, count, actors, named)
    keys = _keys(columns, objects, inserts, actors, named)
    carried = values(metas, cells(VALUE_RAW, _EMPTY))
    preds = _predecessors(columns, pred_counts, actors, named, limits)
    if not named.issuperset(range(1, len(actors))):
        raise malformed("it lists actors that it does not name")
    marks = _marks(columns, codes, count)

    author, counter = actors[0], start_op
    operations = []
    for code, obj, key, insert, (kind, value), pred in zip(
        codes, objects, keys, inserts, carried, preds, strict=True
    ):
        if code is None or code >= len(_ACTIONS):
            raise malformed("it does something unknown")
        action = _ACTIONS[code]
        check_action(action, insert, kind, bool(pred))
        if (
            (obj is not None and obj.counter >= counter)
            or (not isinstance(key, str) and key.counter >= counter)
            or (pred and pred[-1].counter >= counter)
        ):
            raise malformed("an operation in it names a later one")
        mark = marks.get(counter - start_op)
        operations.append(Operation(OpId(counter, author), obj, key, insert, action, kind, value, pred, mark))
        counter += 1
    return tuple(operations)


def _objects(
    columns: Mapping[int, bytes], count: int, actors: Sequence[bytes], named: set[int | None]
) -> list[OpId | None]:
    """For each operation the container that it is in."""
    obj_actors = _column(numbers(columns.get(OBJ_ACTOR, _EMPTY), count), count)
    counters = _column(numbers(columns.get(OBJ_COUNTER, _EMPTY), count), count)
    named.update(obj_actors)
    return [_reference(actor, counter, actors) for actor, counter in zip(obj_actors, counters, strict=True)]


def _keys(
    columns: Mapping[int, bytes],
    objects: Sequence[OpId | None],
    inserts: Sequence[bool],
    actors: Sequence[bytes],
    named: set[int | None],
) -> list[str | OpId]:
    """For each operation its place: a key of a map, or an element. The root is a map."""
    count = len(objects)
    key_actors = _column(numbers(columns.get(KEY_ACTOR, _EMPTY), count), count)
    counters = _column(deltas(columns.get(KEY_COUNTER, _EMPTY), count), count)
    names = _column(texts(columns.get(KEY_TEXT, _EMPTY), count), count)
    named.update(key_actors)
    keys: list[str | OpId] = []
    for obj, name, actor, counter, insert in zip(objects, names, key_actors, counters, inserts, strict=True):
        element = _element(actor, counter, actors)
        if name is not None:
            if element is not None or insert:
                raise malformed("an operation in it has two places")
            keys.append(name)
        elif element is None or obj is None or (element is HEAD and not insert):
            raise malformed("an operation in it has no place")
        else:
            keys.append(element)
    return keys


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
    columns: Mapping[int, bytes],
    counts: list[int | None],
    actors: Sequence[bytes],
    named: set[int | None],
    limits: Limits,
) -> list[tuple[OpId, ...]]:
    """For each operation the ones that it replaces, sorted, none twice."""
    pred_actors = numbers(columns.get(PRED_ACTOR, _EMPTY), limits.change_predecessors)
    pred_counters = deltas(columns.get(PRED_COUNTER, _EMPTY), limits.change_predecessors)
    if len(pred_actors) != len(pred_counters):
        raise malformed("its columns differ in length")
    named.update(pred_actors)
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


def check_action(action: Action, insert: bool, kind: ValueKind, replaces: bool) -> None:
    """An operation carries what its action needs and nothing else."""
    if (action in MAKES or action is Action.DELETE) and kind is not ValueKind.NULL:
        raise malformed("an operation in it carries a value that it cannot have")
    if action is Action.INCREMENT and kind not in _NUMBERS:
        raise malformed("an operation in it adds something that is not a number")
    if action is Action.DELETE or action is Action.INCREMENT:
        if insert or not replaces:
            raise malformed("an operation in it changes nothing that there is")
    elif insert and replaces:
        raise malformed("an operation in it inserts and replaces at once")
    if action is Action.MARK and not insert:
        raise malformed("a mark in it stands nowhere in a text")


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
