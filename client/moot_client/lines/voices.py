"""What a person says about something, under whichever of their keys: the newest key's word stands."""

from __future__ import annotations

import sqlite3
from typing import Any

from moot_client.views.persons import Persons
from moot_shared.kinds import Statement


def word(
    db: sqlite3.Connection, same: Persons, person: str, kind: str, subject: str
) -> dict[str, Any] | None:
    """The fields of one statement as it stands; none where it cannot be read, None where nothing was said."""
    for key in same.keys(person):
        row = db.execute("SELECT value FROM statement WHERE key = ?", (f"{key}/{kind}/{subject}",)).fetchone()
        if row is not None:
            return Statement.fields_of(row[0])
    return None


def words(
    db: sqlite3.Connection, same: Persons, person: str, kind: str, about: str
) -> dict[str, dict[str, Any]]:
    """subject -> fields, of all that a person says about one record in statements of a kind."""
    found: dict[str, dict[str, Any]] = {}
    for key in same.keys(person):
        beginning = f"{key}/{kind}/{about}"  # and 0 comes after /
        rows = db.execute(
            "SELECT subject, value FROM statement WHERE key >= ? AND key < ? AND about = ?",
            (beginning, beginning + "0", about),
        )
        for subject, value in rows:
            if subject not in found:
                found[subject] = Statement.fields_of(value)
    return found
