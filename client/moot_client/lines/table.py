"""Lines as they are written: where they differ from what is there, so that `altered` tells what is new."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

KINDS = {"issue": "issue_line", "review": "review_line", "lesson": "lesson_line"}
"""kind of record -> the table of its lines."""

Values = Mapping[str, Any]
"""Columns of a line by name, without `altered`."""


def put(db: sqlite3.Connection, table: str, values: Values, position: int) -> None:
    """A line with all that its thing says of itself: new, or in place of what that said before."""
    if not alter(db, table, values, position):
        columns = [*values, "altered"]
        marks = ", ".join(f":{name}" for name in columns)
        db.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", {**values, "altered": position}
        )


def alter(db: sqlite3.Connection, table: str, values: Values, position: int) -> bool:
    """Some columns of the line with the key in `values`; whether there is such a line."""
    names = [name for name in values if name != "key"]
    row = db.execute(f"SELECT {', '.join(names)} FROM {table} WHERE key = :key", values).fetchone()
    if row is not None and row != tuple(values[name] for name in names):
        settings = ", ".join(f"{name} = :{name}" for name in (*names, "altered"))
        db.execute(f"UPDATE {table} SET {settings} WHERE key = :key", {**values, "altered": position})
    return row is not None


def basis(db: sqlite3.Connection, name: str, usual: Any) -> Any:
    """By what lines are counted now; no row says that it is the usual."""
    row = db.execute("SELECT value FROM basis WHERE name = ?", (name,)).fetchone()
    return row[0] if row else usual


def set_basis(db: sqlite3.Connection, name: str, value: Any, usual: Any) -> None:
    """By what they are counted from now on."""
    db.execute("DELETE FROM basis WHERE name = ?", (name,))
    if value != usual:
        db.execute("INSERT INTO basis VALUES (?,?)", (name, value))


def last_word(db: sqlite3.Connection, key: str, kinds: tuple[str, ...]) -> int:
    """The position of whatever was said last about a record, in statements of these kinds."""
    each = "SELECT max(touched) AS last FROM statement WHERE about = ? AND kind = ?"
    lasts = [db.execute(each, (key, kind)).fetchone()[0] for kind in kinds]
    return max(last or 0 for last in lasts)
