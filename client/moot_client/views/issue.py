"""One issue whole: who put what behind it, what was said, what it hangs together with."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from moot_client.views.find import Ids, similar
from moot_client.views.ledger import IssueRow, Ledger, read_ledger
from moot_client.views.people import Member, People, people
from moot_client.views.rows import record, records, statements
from moot_shared.errors import NotFound
from moot_shared.kinds import Comment, Issue, Lesson, Link, OtherVersion, Review, Vote

MET_BEFORE = 3


@dataclass(frozen=True, slots=True)
class VoteRow:
    """One member's dots on an issue; `counted` of them are within the budget."""

    member: Member
    dots: int
    counted: int
    why: str


@dataclass(frozen=True, slots=True)
class CommentRow:
    """One remark; `said` is Unix milliseconds."""

    key: str
    member: Member
    text: str
    said: int


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A tie to another issue; `outgoing` when this issue is its beginning."""

    how: str
    other: str
    title: str
    outgoing: bool
    member: Member


@dataclass(frozen=True, slots=True)
class Related:
    """A review or lesson that belongs to an issue, or was met before."""

    key: str
    kind: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class IssuePage:
    """One issue whole."""

    row: IssueRow
    issue: Issue
    creator: Member
    votes: tuple[VoteRow, ...]
    pledges: tuple[tuple[Member, float], ...]
    comments: tuple[CommentRow, ...]
    links: tuple[LinkRow, ...]
    related: tuple[Related, ...]
    others: dict[str, tuple[OtherVersion, ...]]
    members: int
    dots_left: int


def issue_page(db: sqlite3.Connection, me: str, key: str) -> IssuePage:
    """One issue by its full key; NotFound where there is none."""
    issue = next(iter(records(db, Issue, "key = ?", (key,))), None)
    if issue is None:
        raise NotFound("There is no such issue here. `moot issues` lists those there are.")
    ledger, known = read_ledger(db, me, key), people(db, me)
    return IssuePage(
        row=ledger.row(issue, me, Ids(db)),
        issue=issue.row,
        creator=known[issue.row.key.creator],
        votes=_votes(db, ledger, known, key),
        pledges=_pledges(ledger, known, key),
        comments=comments_on(db, known, key),
        links=_links(db, known, key),
        related=_related(db, issue.row),
        others=dict(issue.row.others),
        members=ledger.members,
        dots_left=ledger.budget - ledger.dots_of(me)[1],
    )


def comments_on(db: sqlite3.Connection, known: People, key: str) -> tuple[CommentRow, ...]:
    """What was said about any record, in the order in which it was said."""
    found = [said.row for said in statements(db, Comment, key) if said.row.text]
    rows = [CommentRow(str(row.key), known[row.author], row.text, row.said) for row in found]
    return tuple(sorted(rows, key=lambda row: (row.key.rsplit("/", 1)[-1], row.key)))


def _votes(db: sqlite3.Connection, ledger: Ledger, known: People, key: str) -> tuple[VoteRow, ...]:
    why = {said.row.author: said.row.why for said in statements(db, Vote, key)}
    rows = [
        VoteRow(known[member], dots, ledger.counted[member, key], why.get(member, ""))
        for member, dots in ledger.votes.get(key, {}).items()
    ]
    return tuple(sorted(rows, key=lambda row: (not row.member.me, -row.dots, row.member.label.casefold())))


def _pledges(ledger: Ledger, known: People, key: str) -> tuple[tuple[Member, float], ...]:
    given = [(known[member], hours) for member, hours in ledger.hours.get(key, {}).items()]
    return tuple(sorted(given, key=lambda pledge: (not pledge[0].me, -pledge[1], pledge[0].label.casefold())))


def _links(db: sqlite3.Connection, known: People, key: str) -> tuple[LinkRow, ...]:
    links = []
    for said in statements(db, Link):
        link = said.row
        if link.how == "none" or key not in (link.about, link.to):
            continue
        outgoing = link.about == key
        other = record(db, link.to if outgoing else link.about)
        if other is not None:
            title = other.row.title_line
            links.append(LinkRow(link.how, str(other.row.key), title, outgoing, known[link.author]))
    return tuple(
        sorted(links, key=lambda link: (not link.outgoing, link.how, link.title.casefold(), link.member.key))
    )


def _related(db: sqlite3.Connection, issue: Issue) -> tuple[Related, ...]:
    key = str(issue.key)
    reviews = [review.row for review in records(db, Review) if review.row.issue == key]
    sources = {key, *(str(review.key) for review in reviews)}
    from moot_client.views.lessons import states

    state = states(db)
    lessons = [lesson.row for lesson in records(db, Lesson) if lesson.row.source in sources]
    away = {str(row.key) for row in (*reviews, *lessons) if row.archived}
    found = [
        Related(str(review.key), "review", review.title_line, review.ending or "open") for review in reviews
    ]
    found += [
        Related(str(lesson.key), "lesson", lesson.title_line, state.get(str(lesson.key), "noted"))
        for lesson in lessons
    ]
    here = {key, *(related.key for related in found)}
    found = [related for related in found if related.key not in away]
    met = [
        Related(hit.key, hit.kind, hit.title, "met before")
        for hit in similar(db, issue.title, ("review", "lesson"), 2 * MET_BEFORE + len(here))
        if hit.key not in here and not _away(db, hit.key)
    ]
    return (*found, *met[:MET_BEFORE])


def _away(db: sqlite3.Connection, key: str) -> bool:
    """Whether something was put away, or taken back."""
    found = record(db, key)
    return bool(found and found.row.archived)
