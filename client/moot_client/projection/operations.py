"""Operations become cells and elements: what stands at each key, and every place in each list.

A cell is an operation that no other has overwritten. An operation names those it overwrites (its
predecessors), so that taking those out and putting itself in is all there is to a merge, and two
cells at one key are two people's words at the same time.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from moot_client.projection.order import name
from moot_shared.format.change import HEAD, Action, Change, Operation, OpId

RECORDS = "/records"
SAID = "/said"


@dataclass(slots=True)
class Touched:
    """Which rows a change makes old: record ids, statement keys, and the id of `said`."""

    records: dict[str, None] = field(default_factory=dict)
    statements: dict[str, None] = field(default_factory=dict)
    said: str = ""


def apply(db: sqlite3.Connection, change: Change) -> Touched:
    """Take in one change's operations, in order."""
    touched = Touched()
    places: dict[str, tuple[str, str]] = {}
    instead = replacements(change)
    for operation in change.operations:
        if operation.obj is None:
            if operation.action is not Action.PUT:
                _object(db, operation.id, "", "/" + str(operation.key))
            continue
        obj = name(*operation.obj)
        if obj not in places:
            places[obj] = db.execute("SELECT record, name FROM object WHERE id = ?", (obj,)).fetchone()
        record, place = places[obj]
        if place == RECORDS:
            made = name(*operation.id)
            _object(db, operation.id, made, str(operation.key))
            touched.records[made] = None
            continue
        if place == SAID:
            touched.said = obj
            touched.statements[str(operation.key)] = None
        else:
            touched.records[record] = None
        if operation.action is Action.MAKE_LIST:
            _object(db, operation.id, record, str(operation.key))
        else:
            _write_cell(db, obj, operation, instead)
    return touched


def _object(db: sqlite3.Connection, made: OpId, record: str, place: str) -> None:
    db.execute("INSERT INTO object VALUES (?,?,?)", (name(*made), record, place))


def _write_cell(db: sqlite3.Connection, obj: str, operation: Operation, instead: dict[OpId, OpId]) -> None:
    if operation.insert:
        after = operation.key if isinstance(operation.key, OpId) else HEAD
        replaced = instead.get(operation.id)
        db.execute(
            "INSERT INTO element VALUES (?,?,?,?,?)",
            (obj, *operation.id, "" if after == HEAD else name(*after), name(*replaced) if replaced else ""),
        )
        key = name(*operation.id)
    else:
        key = operation.key if isinstance(operation.key, str) else name(*operation.key)
    for counter, actor in operation.pred:
        db.execute(
            "DELETE FROM cell WHERE object = ? AND key = ? AND counter = ? AND actor = ?",
            (obj, key, counter, actor),
        )
    if operation.action is Action.PUT:
        db.execute(
            "INSERT INTO cell VALUES (?,?,?,?,?,?)",
            (obj, key, *operation.id, _storable(operation.value), int(operation.kind)),
        )


def _storable(value: object) -> object:
    """A value as SQLite can hold it: its integers have a sign and 64 bits, Automerge's may be larger."""
    too_large = isinstance(value, int) and not -(2**63) <= value < 2**63
    return str(value) if too_large else value


def replacements(change: Change) -> dict[OpId, OpId]:
    """inserted element -> the element that this change deleted and put it in place of."""
    inserted = {o.id: o.key for o in change.operations if o.insert and isinstance(o.key, OpId)}
    if not inserted:
        return {}
    deleted = {o.key for o in change.operations if o.action is Action.DELETE}
    result: dict[OpId, OpId] = {}
    for element, after in inserted.items():
        origin = result.get(after, after)  # a second paragraph stands for what the first one stands for
        if origin in deleted:
            result[element] = origin
    return result
