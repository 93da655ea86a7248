"""Lines of lessons: what a lesson says of itself, and the state that follows from where it was used."""

from __future__ import annotations

import sqlite3
from typing import Any

from moot_client.lines.table import Values, alter, last_word
from moot_client.lines.voices import word
from moot_client.views.persons import Persons
from moot_client.views.rows import Stored
from moot_shared.kinds import Lesson, Use
from moot_shared.kinds.lesson import STATES

TABLE = "lesson_line"
WAYS = ("use",)
APPLIED = STATES[-1]


def own(lesson: Stored[Lesson], id: str, source_title: str | None) -> dict[str, Any]:
    """The part of a line that a lesson says of itself, and what it comes from (None: from no record here)."""
    row = lesson.row
    return {
        "key": str(row.key),
        "id": id,
        "statement": row.title_line,
        "source": row.source,
        "source_title": row.origin if source_title is None else source_title,
        "archived": int(row.archived),
        "doubled": int(lesson.doubled),
        "versions": sum(map(len, row.others.values())),
        "changed": row.changed,
        "made": lesson.touched,
    }


def reach(state: str) -> int:
    """How far a state is; one of a newer Moot is no further than the first."""
    return STATES.index(state) if state in STATES else 0


def use(fields: Values | None) -> tuple[str, int] | None:
    """The state that somebody says a lesson has reached, and how far that is; None: taken back."""
    if fields is None or not (Use.where.read(fields.get("where")) or Use.how.read(fields.get("how"))):
        return None
    state = Use.state.read(fields.get("state"))
    return state, reach(state)


def applied(
    db: sqlite3.Connection, same: Persons, person: str, lesson: str, subject: str, position: int
) -> None:
    """Somebody used a lesson, or took back that they had."""
    said = use(word(db, same, person, "use", subject))
    if said:
        db.execute("INSERT OR REPLACE INTO used VALUES (?,?,?,?,?)", (lesson, subject, person, *said))
    else:
        db.execute(
            "DELETE FROM used WHERE lesson = ? AND subject = ? AND person = ?", (lesson, subject, person)
        )
    tally(db, lesson, position)


def state_of(db: sqlite3.Connection, key: str) -> dict[str, Any]:
    """The furthest that any use went, and how many there are, as columns."""
    (uses,) = db.execute("SELECT count(*) FROM used WHERE lesson = ?", (key,)).fetchone()
    furthest = "SELECT state FROM used WHERE lesson = ? ORDER BY reach DESC, subject, person LIMIT 1"
    (state,) = db.execute(furthest, (key,)).fetchone() or (STATES[0],)
    return {"state": state, "applied": int(state == APPLIED), "uses": uses}


def tally(db: sqlite3.Connection, key: str, position: int) -> None:
    """Bring the part of a line that others say up to date."""
    row = db.execute(f"SELECT made FROM {TABLE} WHERE key = ?", (key,)).fetchone()
    if row is not None:
        touched = max(row[0], last_word(db, key, WAYS))
        alter(db, TABLE, {"key": key, **state_of(db, key), "touched": touched}, position)
