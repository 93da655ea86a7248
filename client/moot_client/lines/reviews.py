"""Lines of reviews: what a review says of itself, and who has shared words in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from moot_client.lines.table import Values, alter, last_word
from moot_client.lines.voices import words
from moot_client.views.persons import Persons
from moot_client.views.rows import Stored
from moot_shared.kinds import Note, Review

TABLE = "review_line"
WAYS = ("note",)


def own(review: Stored[Review], id: str, issue_title: str) -> dict[str, Any]:
    """The part of a line that a review says of itself, and what its issue is called."""
    row = review.row
    return {
        "key": str(row.key),
        "id": id,
        "title": row.title_line,
        "about": row.about,
        "form": row.form,
        "issue": row.issue,
        "issue_title": issue_title,
        "ending": row.ending,
        "archived": int(row.archived),
        "ended": int(bool(row.ending)),
        "doubled": int(review.doubled),
        "versions": sum(map(len, row.others.values())),
        "changed": row.changed,
        "made": review.touched,
    }


def shares(said: Iterable[Values]) -> bool:
    """Whether somebody has shared anything in a review, by all that they said in it."""
    return any(Note.text.read(fields.get("text")) for fields in said)


def noted(db: sqlite3.Connection, same: Persons, person: str, review: str, position: int) -> None:
    """Somebody answered a question, or took their answer back."""
    if shares(words(db, same, person, "note", review).values()):
        db.execute("INSERT OR IGNORE INTO share VALUES (?,?)", (review, person))
    else:
        db.execute("DELETE FROM share WHERE review = ? AND person = ?", (review, person))
    tally(db, review, position)


def tally(db: sqlite3.Connection, key: str, position: int) -> None:
    """Bring the part of a line that others say up to date."""
    row = db.execute(f"SELECT made FROM {TABLE} WHERE key = ?", (key,)).fetchone()
    if row is not None:
        (shared,) = db.execute("SELECT count(*) FROM share WHERE review = ?", (key,)).fetchone()
        touched = max(row[0], last_word(db, key, WAYS))
        alter(db, TABLE, {"key": key, "shared": shared, "touched": touched}, position)
