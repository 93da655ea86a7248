"""A change's operations become rows, at the cost of what the change touched.

    operations.py   operations -> cells and elements: what stands after them
    order.py        a list's elements in the order in which they read
    rows.py         cells and elements -> record and statement rows
    words.py        what search finds in them, by the kinds that this Moot knows

Nothing here reads a document: the rows follow from the bytes of changes alone, and tests hold
them against what the Automerge binding reads. `project` is the one entry.
"""

from __future__ import annotations

import sqlite3

from moot_client.projection.operations import apply
from moot_client.projection.rows import write_record, write_statement
from moot_shared.format.change import Change


def project(db: sqlite3.Connection, change: Change, position: int) -> None:
    """Bring the rows up to date with one more admitted change, in the caller's transaction."""
    touched = apply(db, change)
    for record in touched.records:
        _note_touch(db, write_record(db, record, position), position)
    for key in touched.statements:
        write_statement(db, touched.said, key, position)
        _note_touch(db, key, position)


def _note_touch(db: sqlite3.Connection, key: str, position: int) -> None:
    """Remember which change touched a record or a statement; several maps of one record count once."""
    db.execute("INSERT OR IGNORE INTO touch VALUES (?,?)", (key, position))
