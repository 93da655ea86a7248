"""Lessons, with the state that follows from where they were used."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from moot_client.views.find import Ids
from moot_client.views.people import Member, people
from moot_client.views.rows import Said, Stored, record, records, statements
from moot_shared.errors import NotFound
from moot_shared.kinds import Lesson, OtherVersion, Use
from moot_shared.kinds.lesson import STATES


@dataclass(frozen=True, slots=True)
class UseRow:
    """Where and how a lesson was used."""

    member: Member
    state: str
    where: str
    how: str
    said: int


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class LessonPage:
    """One lesson whole."""

    row: LessonRow
    lesson: Lesson
    creator: Member
    uses: tuple[UseRow, ...]
    others: dict[str, tuple[OtherVersion, ...]]


def lessons(db: sqlite3.Connection, me: str, *, archived: bool = False) -> tuple[LessonRow, ...]:
    """All lessons, those still open (noted, tried) first, newest first."""
    used = _uses(db)
    ids = Ids(db)
    shown = [lesson for lesson in records(db, Lesson) if archived or not lesson.row.archived]
    rows = [_row(db, ids, lesson, used.get(str(lesson.row.key), [])) for lesson in reversed(shown)]
    return tuple(sorted(rows, key=lambda row: (row.archived, row.state == "applied")))


def lesson_page(db: sqlite3.Connection, me: str, key: str) -> LessonPage:
    """One lesson by its full key; NotFound where there is none."""
    lesson = next(iter(records(db, Lesson, "key = ?", (key,))), None)
    if lesson is None:
        raise NotFound("There is no such lesson here. `moot lessons` lists those there are.")
    known = people(db, me)
    used = _uses(db, key).get(key, [])
    uses = [UseRow(known[u.row.author], u.row.state, u.row.where, u.row.how, u.row.said) for u in used]
    return LessonPage(
        row=_row(db, Ids(db), lesson, used),
        lesson=lesson.row,
        creator=known[lesson.row.key.creator],
        uses=tuple(uses),
        others=dict(lesson.row.others),
    )


def states(db: sqlite3.Connection) -> dict[str, str]:
    """The state of every lesson that was used: lesson -> tried or applied."""
    return {key: state(used) for key, used in _uses(db).items()}


def state(uses: Iterable[Said[Use]]) -> str:
    """A lesson's state: the furthest that any of its uses went."""
    return max((use.row.state for use in uses), key=_rank, default=STATES[0])


def _rank(word: str) -> int:
    return STATES.index(word) if word in STATES else 0


def _uses(db: sqlite3.Connection, about: str | None = None) -> dict[str, list[Said[Use]]]:
    """Uses by lesson, in the order in which they were said; one that names no place was taken back."""
    used: dict[str, list[Said[Use]]] = defaultdict(list)
    for use in sorted(statements(db, Use, about), key=lambda use: use.row.key.subject):
        if use.row.where or use.row.how:
            used[use.row.about].append(use)
    return used


def _row(db: sqlite3.Connection, ids: Ids, lesson: Stored[Lesson], uses: list[Said[Use]]) -> LessonRow:
    source = record(db, lesson.row.source) if lesson.row.source else None
    return LessonRow(
        key=str(lesson.row.key),
        id=ids.short(lesson.row.key.handle),
        statement=lesson.row.title_line,
        state=state(uses),
        source=lesson.row.source,
        source_title=source.row.title_line if source else lesson.row.origin,
        uses=len(uses),
        archived=lesson.row.archived,
        touched=max([lesson.touched, *(use.touched for use in uses)]),
        doubled=lesson.doubled,
        versions=sum(map(len, lesson.row.others.values())),
        changed=lesson.row.changed,
    )
