"""Links by the issue at their other end: the one that they are about is in their key."""

from __future__ import annotations

import sqlite3

from moot_shared.kinds import Link


def other_end(value: str | None) -> str:
    """The key of the issue that a link goes to; '' where it goes nowhere."""
    return Link.to.read(Link.fields_of(value).get("to")) if value is not None else ""


def tied(db: sqlite3.Connection, statement: str, before: str | None, now: str | None) -> None:
    """A link was said: in which words before, and in which now."""
    if other_end(before) != other_end(now):
        db.execute("DELETE FROM tie WHERE issue = ? AND statement = ?", (other_end(before), statement))
        if other_end(now):
            db.execute("INSERT OR IGNORE INTO tie VALUES (?,?)", (other_end(now), statement))
