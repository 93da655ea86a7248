"""Cells and elements become the rows that views read: one a record, one a statement; `words` has search.

Of several values at one key the one with the highest operation stands (counter, then actor), as in
Automerge; the others are kept beside it as other versions. Equal ones are one.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from moot_client.projection.order import in_order, name
from moot_client.projection.words import (
    forget_statement_words,
    write_record_words,
    write_statement_words,
)
from moot_shared.format.change import ValueKind
from moot_shared.ids import KEY_BYTES, RecordKey, StatementKey, encode_bytes
from moot_shared.kinds import Statement

AT = "at"
"""The reserved field with the writer's clock in Unix milliseconds: shown, never used to decide."""

Doubled = list[tuple[str, str, str, bool]]


def author(actor: bytes) -> str:
    """The key text of the member whose actor this is."""
    return encode_bytes(actor[:KEY_BYTES])


def plain(value: Any, kind: int) -> Any:
    """A cell's value as JSON can hold it."""
    if kind in (ValueKind.TRUE, ValueKind.FALSE):
        return kind == ValueKind.TRUE
    if isinstance(value, bytes):
        return encode_bytes(value)
    return value


def milliseconds_of(ulid: str) -> int:
    """The time in a ULID."""
    number = 0
    for character in ulid[:10]:
        number = number * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".find(character)
    return max(number, 0)


def moment(value: Any, otherwise: int) -> int:
    """Unix milliseconds as somebody wrote them, where they can be a time."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value < 2**53 else otherwise


def write_record(db: sqlite3.Connection, record: str, position: int) -> str:
    """Make a record's row anew from its cells and elements; its key."""
    (key_text,) = db.execute("SELECT name FROM object WHERE id = ?", (record,)).fetchone()
    key = RecordKey.parse(key_text)
    values, others, changed, changed_by = _scalars(db, record, key)
    for list_id, field in db.execute(
        "SELECT id, name FROM object WHERE record = ? AND id != ?", (record, record)
    ):
        values[field] = read_list(db, list_id)
    rowid = db.execute(
        "INSERT INTO record VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET"
        " changed = excluded.changed, changed_by = excluded.changed_by, archived = excluded.archived,"
        " value = excluded.value, others = excluded.others, touched = excluded.touched RETURNING rowid",
        (
            record, key_text, key.kind, key.handle, key.creator, milliseconds_of(key.ulid),
            changed, changed_by, int(values.get("archived") is True), _json(values), _json(others), position,
        ),
    ).fetchone()[0]  # fmt: skip
    write_record_words(db, rowid, key, values)
    return str(key_text)


def _scalars(
    db: sqlite3.Connection, record: str, key: RecordKey
) -> tuple[dict[str, Any], dict[str, list[list[Any]]], int, str]:
    values: dict[str, Any] = {}
    others: dict[str, list[list[Any]]] = {}
    changed, changed_by = milliseconds_of(key.ulid), key.creator
    cells = db.execute(
        "SELECT key, value, type, actor FROM cell WHERE object = ? ORDER BY key, counter DESC, actor DESC",
        (record,),
    )
    for field, stored, kind, actor in cells:
        value = plain(stored, kind)
        if field == AT:
            if AT not in values:
                values[AT] = value
                changed, changed_by = moment(value, changed), author(actor)
        elif field not in values:
            values[field] = value
        elif value != values[field] and value not in [other for other, _ in others.get(field, [])]:
            others.setdefault(field, []).append([value, author(actor)])
    values.pop(AT, None)
    return values, others, changed, changed_by


def read_list(db: sqlite3.Connection, list_id: str) -> Doubled:
    """A prose field's paragraphs in order: element, text, author, doubled; equal twins show once."""
    standing = {
        key: (value if isinstance(value, str) else str(plain(value, kind)), author(actor), actor)
        for key, value, kind, actor in db.execute(
            "SELECT key, value, type, actor FROM cell WHERE object = ? ORDER BY counter, actor", (list_id,)
        )
    }
    places = db.execute(
        "SELECT counter, actor, after, instead FROM element WHERE object = ?", (list_id,)
    ).fetchall()
    instead = {name(c, a): origin for c, a, _, origin in places}
    order = [e for e in in_order((c, a, after) for c, a, after, _ in places) if e in standing]
    twins = twins_of(order, instead, {e: standing[e][0] for e in order})
    shown = [e for e in order if e not in twins]
    writers: dict[str, set[str]] = {}
    for element in shown:
        writers.setdefault(instead[element], set()).add(element.partition("@")[2])
    return [
        (e, standing[e][0], standing[e][1], bool(instead[e]) and len(writers[instead[e]]) > 1) for e in shown
    ]


def twins_of(order: list[str], instead: dict[str, str], texts: dict[str, str]) -> set[str]:
    """Elements that repeat, word for word, another person's rewriting of the same paragraph."""
    seen: dict[tuple[str, str], str] = {}
    twins = set()
    for element in order:
        if not instead[element]:
            continue
        first = seen.setdefault((instead[element], texts[element]), element)
        if first != element and first.partition("@")[2] != element.partition("@")[2]:
            twins.add(element)
    return twins


def write_statement(db: sqlite3.Connection, said: str, key_text: str, position: int) -> None:
    """Make a statement's row anew: what was said last stands; my other machine's word is kept beside it."""
    cells = db.execute(
        "SELECT value FROM cell WHERE object = ? AND key = ? ORDER BY counter DESC, actor DESC",
        (said, key_text),
    ).fetchall()
    if not cells:
        _forget_statement(db, key_text)
        return
    key = StatementKey.parse(key_text)
    value = str(cells[0][0])
    others = [other for (other,) in cells[1:] if other != value]
    fields = Statement.fields_of(value)
    when = fields.get(AT)
    about = key.subject.split("/")
    rowid = db.execute(
        "INSERT INTO statement VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (key) DO UPDATE SET"
        " said = excluded.said, value = excluded.value, others = excluded.others,"
        " touched = excluded.touched RETURNING rowid",
        (
            key_text, key.author, key.kind, key.subject, "/".join(about[:3]) if len(about) >= 3 else "",
            moment(when, 0), value, _json(others), position,
        ),
    ).fetchone()[0]  # fmt: skip
    write_statement_words(db, rowid, key, fields)


def _forget_statement(db: sqlite3.Connection, key_text: str) -> None:
    """Whoever said it has taken it out."""
    for (rowid,) in db.execute("DELETE FROM statement WHERE key = ? RETURNING rowid", (key_text,)).fetchall():
        forget_statement_words(db, rowid)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
