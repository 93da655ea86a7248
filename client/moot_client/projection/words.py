"""What search finds: the words of records and statements, by the kinds and fields that this Moot knows.

Everything else in the rows follows from the changes alone. These rows follow from the declarations as
well, and so a Moot that knows others makes them anew before it writes to the file (`keep_up`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from moot_client.store.store import Store
from moot_shared.ids import RecordKey, StatementKey
from moot_shared.kinds import RECORDS, STATEMENTS, Paragraph, ProseText, Statement

KNOWN = "kinds in search"
"""Own value: by which declarations the words in the file were found."""


def write_record_words(db: sqlite3.Connection, rowid: int, key: RecordKey, values: Mapping[str, Any]) -> None:
    """Have search find a record by its words; `values` as its row has them."""
    declared = RECORDS.get(key.kind)
    if declared:
        shaped = {n: _as_prose(v) if n in declared.prose_fields() else v for n, v in values.items()}
        _write(db, 2 * rowid, str(key), key.kind, *declared(key, shaped).search_words())


def write_statement_words(
    db: sqlite3.Connection, rowid: int, key: StatementKey, fields: Mapping[str, Any]
) -> None:
    """Have search find a statement by its words."""
    declared = STATEMENTS.get(key.kind)
    if declared:
        _write(db, 2 * rowid + 1, str(key), key.kind, *declared(key, fields).search_words())


def forget_statement_words(db: sqlite3.Connection, rowid: int) -> None:
    """Whoever said it has taken it out."""
    db.execute("DELETE FROM found WHERE rowid = ?", (2 * rowid + 1,))


def behind(store: Store) -> bool:
    """Whether the words were found by another version of Moot, that knows other kinds or fields."""
    return store.own(KNOWN) != _declarations()


def keep_up(store: Store) -> None:
    """Make the words anew where they are behind; for the one process that writes from now on."""
    if not behind(store):
        return
    with store.writing() as db:
        db.execute("DELETE FROM found")
        for rowid, key, value in db.execute("SELECT rowid, key, value FROM record").fetchall():
            write_record_words(db, rowid, RecordKey.parse(key), json.loads(value))
        for rowid, key, value in db.execute("SELECT rowid, key, value FROM statement").fetchall():
            write_statement_words(db, rowid, StatementKey.parse(key), Statement.fields_of(value))
        store.set_own(KNOWN, _declarations())


def _as_prose(paragraphs: Any) -> ProseText:
    """A prose field's value in a record row, as its type."""
    if not isinstance(paragraphs, list):
        return ProseText()
    return ProseText(tuple(Paragraph(*paragraph) for paragraph in paragraphs))


def _declarations() -> str:
    """Which fields of which kinds search reads, as text that is equal where they are."""
    kinds = {**RECORDS, **STATEMENTS}
    found = {
        name: [kind.title_field, *(n for n, f in kind.fields.items() if f.search)]
        for name, kind in kinds.items()
    }
    return json.dumps(found, sort_keys=True)


def _write(db: sqlite3.Connection, rowid: int, key: str, kind: str, title: str, words: str) -> None:
    db.execute("DELETE FROM found WHERE rowid = ?", (rowid,))
    if title or words:
        row = (rowid, key, kind, title, words)
        db.execute("INSERT INTO found (rowid, key, kind, title, words) VALUES (?,?,?,?,?)", row)
