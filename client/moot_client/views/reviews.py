"""Reviews: who has shared, and the answers, question by question, each with its author."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from moot_client.store.drafts import WAS
from moot_client.views.lines import by_key
from moot_client.views.people import Member, People, people
from moot_client.views.rows import records, statements
from moot_shared.errors import NotFound
from moot_shared.frozen import frozen
from moot_shared.kinds import Note, OtherVersion, Review
from moot_shared.kinds.review import QUESTIONS

DRAFT_FORM = "review"
"""The form under which a review's unshared answers are kept on this machine: {question: text}.

With each, under WAS, what had been shared when it was begun.
"""


@frozen
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


@frozen
class Answer:
    """One member's answer to one question."""

    member: Member
    text: str
    said: int


@frozen
class QuestionPage:
    """One question and the answers that were shared."""

    name: str
    wording: str
    answers: tuple[Answer, ...]
    mine: str  # my own draft or shared answer
    drafted: bool = False  # `mine` is a draft that only this machine has


@frozen
class ReviewPage:
    """One review whole; while I have yet to share my part (`alone`), without what others answered."""

    row: ReviewRow
    review: Review
    creator: Member
    questions: tuple[QuestionPage, ...]
    shared_by: tuple[Member, ...]
    members: int
    lessons: tuple[tuple[str, str, str], ...]  # key, statement, state
    others: dict[str, tuple[OtherVersion, ...]]
    alone: bool


_SELECT = """
SELECT line.key, id, title, about, line.form, issue, issue_title, shared, mine.person IS NOT NULL, ending,
       archived, touched, draft.subject IS NOT NULL, doubled, versions, changed
FROM review_line AS line
     LEFT JOIN share AS mine ON mine.review = line.key AND mine.person = ?
     LEFT JOIN draft ON draft.form = ? AND draft.subject = line.key
"""
_LESSONS = "SELECT key, statement, state FROM lesson_line WHERE source = ? AND NOT archived ORDER BY key"


def reviews(
    db: sqlite3.Connection, me: str, *, archived: bool = False, first: int | None = None
) -> tuple[ReviewRow, ...]:
    """All reviews or the `first` so many, newest first, those still open before those that ended."""
    shown = "" if archived else "WHERE archived = 0"
    order = f"{shown} ORDER BY archived, ended, line.key DESC LIMIT ?"
    return tuple(read_rows(db, me, order, (-1 if first is None else first,)))


def review_rows(db: sqlite3.Connection, me: str, keys: Iterable[str]) -> dict[str, ReviewRow]:
    """Just these lines, by key; what is not there is left out."""
    return {row.key: row for narrowed, some in by_key(keys) for row in read_rows(db, me, narrowed, some)}


_WAITS = "WHERE archived = 0 AND ended = 0 AND shared > 0 AND mine.person IS NULL"


def unshared(db: sqlite3.Connection, me: str, first: int) -> tuple[ReviewRow, ...]:
    """The `first` open reviews in which others have shared and I have not."""
    return tuple(read_rows(db, me, f"{_WAITS} ORDER BY line.key DESC LIMIT ?", (first,)))


def count_unshared(db: sqlite3.Connection, me: str) -> int:
    """How many of them there are."""
    mine = "LEFT JOIN share AS mine ON mine.review = line.key AND mine.person = ?"
    return int(db.execute(f"SELECT count(*) FROM review_line AS line {mine} {_WAITS}", (me,)).fetchone()[0])


def read_rows(
    db: sqlite3.Connection, me: str, narrowed: str, parameters: Iterable[object]
) -> Iterator[ReviewRow]:
    """The lines that are left when a query goes on as `narrowed` does."""
    for (
        key, short, title, about, form, issue, issue_title, shared, mine, ending, archived, touched, draft,
        doubled, versions, changed,
    ) in db.execute(f"{_SELECT} {narrowed}", (me, DRAFT_FORM, *parameters)):  # fmt: skip
        yield ReviewRow(
            key, short, title, about, form, issue, issue_title, shared, mine == 1, ending, archived == 1,
            touched, draft == 1, doubled == 1, versions, changed,
        )  # fmt: skip


def review_page(db: sqlite3.Connection, me: str, key: str) -> ReviewPage:
    """One review by its full key; NotFound where there is none."""
    review = next(iter(records(db, Review, "key = ?", (key,))), None)
    if review is None:
        raise NotFound("There is no such review here. `moot reviews` lists those there are.")
    known, draft = people(db, me), _draft(db, key)
    notes = [said.row for said in statements(db, Note, key)]
    authors = {note.author for note in notes if note.text}
    kept_back = alone(db, me, key)
    if kept_back:
        notes = [note for note in notes if known[note.author].me]
    return ReviewPage(
        row=review_rows(db, me, [key])[key],
        review=review.row,
        creator=known[review.row.key.creator],
        questions=tuple(
            _question(
                name,
                [note for note in notes if note.question == name],
                known,
                draft,
                me,
            )
            for name in _asked(review.row, notes)
        ),
        shared_by=tuple(
            sorted((known[author] for author in authors), key=lambda member: member.label.casefold())
        ),
        members=len(known),
        lessons=tuple(db.execute(_LESSONS, (key,)).fetchall()),
        others=dict(review.row.others),
        alone=kept_back,
    )


def typed_in(draft: Mapping[str, str]) -> dict[str, str]:
    """The answers in a draft that somebody typed: an empty one is one where words of mine stood before."""
    return {n: text for n, text in draft.items() if not n.startswith(WAS) and (text or draft.get(WAS + n))}


def shared_by_me(page: ReviewPage) -> dict[str, str]:
    """What I have shared, by question; '' where nothing."""
    return {q.name: next((a.text for a in q.answers if a.member.me), "") for q in page.questions}


def alone(db: sqlite3.Connection, me: str, key: str) -> bool:
    """Whether I have yet to share my part of a review: until then nothing shows me what others answered."""
    row = db.execute(
        "SELECT 1 FROM review_line WHERE key = ? AND ending = ''"
        " AND NOT EXISTS (SELECT 1 FROM share WHERE review = key AND person = ?)",
        (key, me),
    ).fetchone()
    return row is not None


def _draft(db: sqlite3.Connection, key: str) -> dict[str, str]:
    """My unshared answers by question."""
    row = db.execute("SELECT fields FROM draft WHERE form = ? AND subject = ?", (DRAFT_FORM, key)).fetchone()
    return dict(json.loads(row[0])) if row else {}


def _asked(review: Review, notes: list[Note]) -> list[str]:
    """The questions of the form, then others that were answered (the form was changed, or is newer)."""
    answered = {note.question for note in notes if note.text} - set(review.questions)
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
