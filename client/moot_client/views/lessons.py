"""Lessons, with the state that follows from where they were used."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from moot_client.views.people import Member
from moot_shared.kinds import Lesson


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


@dataclass(frozen=True, slots=True)
class LessonPage:
    """One lesson whole."""

    row: LessonRow
    lesson: Lesson
    creator: Member
    uses: tuple[UseRow, ...]


def lessons(db: sqlite3.Connection, me: str, *, archived: bool = False) -> tuple[LessonRow, ...]:
    """All lessons, those still open (noted, tried) first, newest first."""
    raise NotImplementedError


def lesson_page(db: sqlite3.Connection, me: str, key: str) -> LessonPage:
    """One lesson by its full key; NotFound where there is none."""
    raise NotImplementedError
