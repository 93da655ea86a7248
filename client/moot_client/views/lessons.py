"""Lessons, with the state that follows from where they were used; lines are read as they are kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from moot_client.views.lines import by_key
from moot_client.views.people import Member, people
from moot_client.views.rows import records, statements
from moot_shared.errors import NotFound
from moot_shared.frozen import frozen
from moot_shared.kinds import Lesson, OtherVersion, Use


@frozen
class UseRow:
    """Where and how a lesson was used."""

    member: Member
    state: str
    where: str
    how: str
    said: int


@frozen
class LessonRow:
    """One line of the list of lessons; `state` is noted, tried or applied."""

    key: str
    id: str
    statement: str
    state: str
    source: str
    source_title: str
    uses: int
    archived: bool
    touched: int
    doubled: bool = False  # two people's words stand side by side in it
    versions: int = 0
    changed: int = 0  # Unix milliseconds, shown only


@frozen
class LessonPage:
    """One lesson whole."""

    row: LessonRow
    lesson: Lesson
    creator: Member
    uses: tuple[UseRow, ...]
    others: dict[str, tuple[OtherVersion, ...]]


_SELECT = """
SELECT key, id, statement, state, source, source_title, uses, archived, touched, doubled, versions, changed
FROM lesson_line AS line
"""


def lessons(
    db: sqlite3.Connection, me: str, *, archived: bool = False, first: int | None = None
) -> tuple[LessonRow, ...]:
    """All lessons or the `first` so many, those still open (noted, tried) first, newest first."""
    shown = "" if archived else "WHERE archived = 0"
    order = f"{shown} ORDER BY archived, applied, key DESC LIMIT ?"
    return tuple(_rows(db, order, (-1 if first is None else first,)))


def lesson_rows(db: sqlite3.Connection, me: str, keys: Iterable[str]) -> dict[str, LessonRow]:
    """Just these lines, by key; what is not there is left out."""
    return {row.key: row for narrowed, some in by_key(keys) for row in _rows(db, narrowed, some)}


def count_open(db: sqlite3.Connection) -> int:
    """How many lessons are not applied yet."""
    return int(
        db.execute("SELECT count(*) FROM lesson_line WHERE archived = 0 AND applied = 0").fetchone()[0]
    )


def lesson_page(db: sqlite3.Connection, me: str, key: str) -> LessonPage:
    """One lesson by its full key; NotFound where there is none."""
    lesson = next(iter(records(db, Lesson, "key = ?", (key,))), None)
    if lesson is None:
        raise NotFound("There is no such lesson here. `moot lessons` lists those there are.")
    known = people(db, me)
    used = sorted((use.row for use in statements(db, Use, key)), key=lambda use: use.key.subject)
    uses = [use for use in used if use.where or use.how]  # one that names no place was taken back
    return LessonPage(
        row=lesson_rows(db, me, [key])[key],
        lesson=lesson.row,
        creator=known[lesson.row.key.creator],
        uses=tuple(UseRow(known[use.author], use.state, use.where, use.how, use.said) for use in uses),
        others=dict(lesson.row.others),
    )


def states(db: sqlite3.Connection) -> dict[str, str]:
    """The state of every lesson that was used: lesson -> tried or applied."""
    return dict(db.execute("SELECT key, state FROM lesson_line WHERE uses > 0").fetchall())


def _rows(db: sqlite3.Connection, narrowed: str, parameters: Iterable[object]) -> Iterator[LessonRow]:
    for (
        key, short, words, state, source, source_title, uses, archived, touched, doubled, versions, changed,
    ) in db.execute(f"{_SELECT} {narrowed}", tuple(parameters)):  # fmt: skip
        yield LessonRow(
            key, short, words, state, source, source_title, uses, archived == 1, touched, doubled == 1,
            versions, changed,
        )  # fmt: skip
