"""Reviews: who has shared, and the answers, question by question, each with its author."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from moot_client.views.people import Member
from moot_shared.kinds import Review


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One line of the list of reviews."""

    key: str
    id: str
    title: str
    about: str
    form: str
    issue: str
    issue_title: str
    shared: int  # members who have shared
    mine_shared: bool
    ending: str
    archived: bool
    touched: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One member's answer to one question."""

    member: Member
    text: str
    said: int


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One question and the answers that were shared."""

    name: str
    wording: str
    answers: tuple[Answer, ...]
    mine: str  # my own draft or shared answer


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One review whole."""

    row: ReviewRow
    review: Review
    creator: Member
    questions: tuple[QuestionPage, ...]
    shared_by: tuple[Member, ...]
    members: int
    lessons: tuple[tuple[str, str, str], ...]  # key, statement, state


def reviews(db: sqlite3.Connection, me: str, *, archived: bool = False) -> tuple[ReviewRow, ...]:
    """All reviews, newest first, those still open before those that ended."""
    raise NotImplementedError


def review_page(db: sqlite3.Connection, me: str, key: str) -> ReviewPage:
    """One review by its full key; NotFound where there is none."""
    raise NotImplementedError
