"""What one change touched, brought into the lines that show it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import cast

from moot_client.lines import ballots, issues, lessons, reviews, ties
from moot_client.lines.ids import make_room
from moot_client.lines.table import put
from moot_client.views.ids import short_id
from moot_client.views.persons import persons
from moot_client.views.rows import Stored, maps_of, one_each, record
from moot_shared.ids import RecordKey, StatementKey
from moot_shared.kinds import Community, Issue, Lesson, Record, Review

Maps = list[Stored[Record]]
"""What stands under one record's key: one map, where nobody meddled."""


def record_changed(db: sqlite3.Connection, key: str, position: int, *, new: bool) -> None:
    """A record's row has changed; `new`: nothing was known of it before."""
    maps = maps_of(db, key)
    stands = next(one_each(maps))
    handle = RecordKey.parse(key).handle
    if new:
        make_room(db, handle, position)
    follow = _FOLLOW.get(stands.row.key.kind)
    if follow:
        follow(db, maps, stands, position)
    _is_called(db, key, stands.row.title_line, position)


def said(
    db: sqlite3.Connection, key: StatementKey, before: str | None, now: str | None, position: int
) -> None:
    """A statement's row has changed: its words before and now, None where there are none."""
    parts = key.subject.split("/")
    about = "/".join(parts[:3]) if len(parts) >= 3 else ""
    if key.kind == "comment" and parts[0] == "issue":
        more = issues.has_words(now) - issues.has_words(before)
        (issues.forgotten if now is None else issues.commented)(db, about, more, position)
    elif key.kind == "link":
        ties.tied(db, str(key), before, now)
    elif about and key.kind in ("vote", "pledge", "note", "use"):
        _counted(db, key, about, position, forgotten=now is None)


def _counted(
    db: sqlite3.Connection, key: StatementKey, about: str, position: int, *, forgotten: bool
) -> None:
    same = persons(db)
    person = same.now(key.author)
    if key.kind == "note":
        reviews.noted(db, same, person, about, position)
    elif key.kind == "use":
        lessons.applied(db, same, person, about, key.subject, position)
    elif ballots.on_an_issue(key.subject):
        ballots.cast(db, same, person, about, position, forgotten=forgotten)
    else:
        issues.tally(db, about, position)


def _issue(db: sqlite3.Connection, maps: Maps, stands: Stored[Record], position: int) -> None:
    issue = cast(Stored[Issue], stands)
    key, living = str(issue.row.key), issues.alive(maps)
    before = db.execute("SELECT living FROM issue_line WHERE key = ?", (key,)).fetchone()
    line = issues.own(issue, short_id(db, issue.row.key.handle), living=living)
    if before is None:
        line["comments"] = issues.remarks(db, key)
    put(db, issues.TABLE, line, position)
    if living != bool(before and before[0]):
        ballots.live(db, key, position, living=living)
    else:
        issues.tally(db, key, position)


def _review(db: sqlite3.Connection, maps: Maps, stands: Stored[Record], position: int) -> None:
    review = cast(Stored[Review], stands)
    short, title = short_id(db, review.row.key.handle), title_of(db, review.row.issue) or ""
    put(db, reviews.TABLE, reviews.own(review, short, title), position)
    reviews.tally(db, str(review.row.key), position)


def _lesson(db: sqlite3.Connection, maps: Maps, stands: Stored[Record], position: int) -> None:
    lesson = cast(Stored[Lesson], stands)
    short, title = short_id(db, lesson.row.key.handle), title_of(db, lesson.row.source)
    put(db, lessons.TABLE, lessons.own(lesson, short, title), position)
    lessons.tally(db, str(lesson.row.key), position)


def _community(db: sqlite3.Connection, maps: Maps, stands: Stored[Record], position: int) -> None:
    ballots.settle_budget(db, position)


_FOLLOW: dict[str, Callable[[sqlite3.Connection, Maps, Stored[Record], int], None]] = {
    Issue.name_of_kind: _issue,
    Review.name_of_kind: _review,
    Lesson.name_of_kind: _lesson,
    Community.name_of_kind: _community,
}


def title_of(db: sqlite3.Connection, key: str) -> str | None:
    """What a record is called; None where there is none."""
    found = record(db, key) if key else None
    return found.row.title_line if found else None


def _is_called(db: sqlite3.Connection, key: str, title: str, position: int) -> None:
    """Lines that name a record by its title say it as it is now."""
    for table, column, named in (
        ("review_line", "issue", "issue_title"),
        ("lesson_line", "source", "source_title"),
    ):
        db.execute(
            f"UPDATE {table} SET {named} = ?, altered = ? WHERE {column} = ? AND {named} != ?",
            (title, position, key, title),
        )
