"""Reviews: who has shared, and the answers, question by question, each with its author."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass

from moot_client.views.find import Ids
from moot_client.views.lessons import states
from moot_client.views.people import Member, People, people
from moot_client.views.rows import Said, Stored, record, records, statements
from moot_shared.errors import NotFound
from moot_shared.kinds import Lesson, Note, OtherVersion, Review
from moot_shared.kinds.review import QUESTIONS

DRAFT_FORM = "review"
"""The form under which a review's unshared answers are kept on this machine: {question: text}."""


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
    draft: bool = False  # I have begun to write, on this machine
    doubled: bool = False
    versions: int = 0
    changed: int = 0  # Unix milliseconds, shown only


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
    drafted: bool = False  # `mine` is a draft that only this machine has


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
    others: dict[str, tuple[OtherVersion, ...]]


def reviews(db: sqlite3.Connection, me: str, *, archived: bool = False) -> tuple[ReviewRow, ...]:
    """All reviews, newest first, those still open before those that ended."""
    notes = _notes(db)
    ids, drafts = Ids(db), _drafts(db)
    shown = [review for review in records(db, Review) if archived or not review.row.archived]
    rows = [
        _row(db, me, ids, review, notes.get(str(review.row.key), []), drafts) for review in reversed(shown)
    ]
    return tuple(sorted(rows, key=lambda row: (row.archived, bool(row.ending))))


def review_page(db: sqlite3.Connection, me: str, key: str) -> ReviewPage:
    """One review by its full key; NotFound where there is none."""
    review = next(iter(records(db, Review, "key = ?", (key,))), None)
    if review is None:
        raise NotFound("There is no such review here. `moot reviews` lists those there are.")
    known, drafts = people(db, me), _drafts(db)
    notes = _notes(db, key).get(key, [])
    state = states(db)
    authors = {note.row.author for note in notes if note.row.text}
    return ReviewPage(
        row=_row(db, me, Ids(db), review, notes, drafts),
        review=review.row,
        creator=known[review.row.key.creator],
        questions=tuple(
            _question(
                name,
                [note.row for note in notes if note.row.question == name],
                known,
                drafts.get(key, {}),
                me,
            )
            for name in _asked(review.row, notes)
        ),
        shared_by=tuple(
            sorted((known[author] for author in authors), key=lambda member: member.label.casefold())
        ),
        members=len(known),
        lessons=tuple(
            (str(lesson.row.key), lesson.row.title_line, state.get(str(lesson.row.key), "noted"))
            for lesson in records(db, Lesson)
            if lesson.row.source == key and not lesson.row.archived
        ),
        others=dict(review.row.others),
    )


def _notes(db: sqlite3.Connection, about: str | None = None) -> dict[str, list[Said[Note]]]:
    notes: dict[str, list[Said[Note]]] = defaultdict(list)
    for note in statements(db, Note, about):
        notes[note.row.about].append(note)
    return notes


def _drafts(db: sqlite3.Connection) -> dict[str, dict[str, str]]:
    rows = db.execute("SELECT subject, fields FROM draft WHERE form = ?", (DRAFT_FORM,))
    return {subject: json.loads(fields) for subject, fields in rows}


def _asked(review: Review, notes: list[Said[Note]]) -> list[str]:
    """The questions of the form, then others that were answered (the form was changed, or is newer)."""
    answered = {note.row.question for note in notes if note.row.text} - set(review.questions)
    known = [name for name in QUESTIONS if name in {*review.questions, *answered}]
    return [*known, *sorted(answered - set(QUESTIONS))]


def _question(name: str, notes: list[Note], known: People, draft: dict[str, str], me: str) -> QuestionPage:
    shared = sorted(
        (note for note in notes if note.text), key=lambda note: known[note.author].label.casefold()
    )
    mine = next((note.text for note in shared if note.author == me), "")
    drafted = draft.get(name, "")
    return QuestionPage(
        name=name,
        wording=QUESTIONS.get(name, name),
        answers=tuple(Answer(known[note.author], note.text, note.said) for note in shared),
        mine=drafted or mine,
        drafted=bool(drafted),
    )


def _row(
    db: sqlite3.Connection,
    me: str,
    ids: Ids,
    review: Stored[Review],
    notes: list[Said[Note]],
    drafts: dict[str, dict[str, str]],
) -> ReviewRow:
    key = str(review.row.key)
    issue = record(db, review.row.issue) if review.row.issue else None
    authors = {note.row.author for note in notes if note.row.text}
    return ReviewRow(
        key=key,
        id=ids.short(review.row.key.handle),
        title=review.row.title_line,
        about=review.row.about,
        form=review.row.form,
        issue=review.row.issue,
        issue_title=issue.row.title_line if issue else "",
        shared=len(authors),
        mine_shared=me in authors,
        ending=review.row.ending,
        archived=review.row.archived,
        touched=max([review.touched, *(note.touched for note in notes)]),
        draft=key in drafts,
        doubled=review.doubled,
        versions=sum(map(len, review.row.others.values())),
        changed=review.row.changed,
    )
