"""A change's operations become rows, at the cost of what the change touched.

    operations.py   operations -> cells and elements: what stands after them
    order.py        a list's elements in the order in which they read
    rows.py         cells and elements -> record and statement rows
    words.py        what search finds in them, by the kinds that this Moot knows

and with them the lines of lists that show what was touched (`moot_client.lines`).

Nothing here reads a document: the rows follow from the bytes of changes alone, and tests hold
them against what the Automerge binding reads. `project` is the one entry.
"""

from __future__ import annotations

import sqlite3

from moot_client import lines
from moot_client.projection.operations import apply
from moot_client.projection.rows import write_record, write_statement
from moot_shared.format.change import Change
from moot_shared.ids import StatementKey


def project(db: sqlite3.Connection, change: Change, position: int, *, follow: bool = True) -> None:
    """Bring the rows up to date with one more admitted change, in the caller's transaction.

    Not to `follow` leaves the lines of lists: for whoever makes them anew after many changes.
    """
    touched = apply(db, change)
    records = dict.fromkeys(write_record(db, record, position) for record in touched.records)
    for key in records:
        new = _note_touch(db, key, position)
        if follow:
            lines.record_changed(db, key, position, new=new)
    for key in touched.statements:
        before = _value(db, key) if follow else None
        write_statement(db, touched.said, key, position)
        _note_touch(db, key, position)
        if follow:
            lines.said(db, StatementKey.parse(key), before, _value(db, key), position)


def _note_touch(db: sqlite3.Connection, key: str, position: int) -> bool:
    """Remember which change touched a record or a statement; whether it is the first that did."""
    known = db.execute("SELECT 1 FROM touch WHERE key = ? LIMIT 1", (key,)).fetchone()
    db.execute("INSERT INTO touch VALUES (?,?)", (key, position))
    return known is None


def _value(db: sqlite3.Connection, key: str) -> str | None:
    row = db.execute("SELECT value FROM statement WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else None
