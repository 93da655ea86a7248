"""One issue whole: who put what behind it, what was said, what it hangs together with."""

from __future__ import annotations

import sqlite3
from typing import cast

from moot_client.views.alike import similar
from moot_client.views.budget import purse
from moot_client.views.ledger import IssueRow, issue_rows
from moot_client.views.people import Member, People, people
from moot_client.views.persons import persons
from moot_client.views.rows import record, records, statement, statements
from moot_shared.errors import NotFound
from moot_shared.frozen import frozen
from moot_shared.ids import StatementKey
from moot_shared.kinds import Comment, Issue, Link, OtherVersion, Vote

MET_BEFORE = 3
MET = "met before"  # what words in common suggest, and do not prove: whoever shows it asks


@frozen
class VoteRow:
    """One member's dots on an issue; `counted` of them are within the budget."""

    member: Member
    dots: int
    counted: int
    why: str


@frozen
class CommentRow:
    """One remark; `said` is Unix milliseconds."""

    key: str
    member: Member
    text: str
    said: int


@frozen
class LinkRow:
    """A tie to another issue; `outgoing` when this issue is its beginning."""

    how: str
    other: str
    title: str
    outgoing: bool
    member: Member


@frozen
class Related:
    """A review or lesson that belongs to an issue, or was met before."""

    key: str
    kind: str
    title: str
    note: str


@frozen
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
    known = people(db, me)
    return IssuePage(
        row=issue_rows(db, me, [key])[key],
        issue=issue.row,
        creator=known[issue.row.key.creator],
        votes=_votes(db, known, key),
        pledges=_pledges(db, known, key),
        comments=comments_on(db, known, key),
        links=_links(db, known, key),
        related=_related(db, issue.row),
        others=dict(issue.row.others),
        members=len(known),
        dots_left=purse(db, me).left,
    )


def comments_on(db: sqlite3.Connection, known: People, key: str) -> tuple[CommentRow, ...]:
    """What was said about any record, in the order in which it was said."""
    found = [said.row for said in statements(db, Comment, key) if said.row.text]
    rows = [CommentRow(str(row.key), known[row.author], row.text, row.said) for row in found]
    return tuple(sorted(rows, key=lambda row: (row.key.rsplit("/", 1)[-1], row.key)))


def _votes(db: sqlite3.Connection, known: People, key: str) -> tuple[VoteRow, ...]:
    why = {said.row.author: said.row.why for said in statements(db, Vote, key)}
    given = db.execute("SELECT person, dots, counted FROM ballot WHERE issue = ? AND dots > 0", (key,))
    rows = [VoteRow(known[person], dots, counts, why.get(person, "")) for person, dots, counts in given]
    return tuple(sorted(rows, key=lambda row: (not row.member.me, -row.dots, row.member.label.casefold())))


def _pledges(db: sqlite3.Connection, known: People, key: str) -> tuple[tuple[Member, float], ...]:
    given = db.execute("SELECT person, hours FROM ballot WHERE issue = ? AND hours > 0", (key,))
    rows = [(known[person], hours) for person, hours in given]
    return tuple(sorted(rows, key=lambda pledge: (not pledge[0].me, -pledge[1], pledge[0].label.casefold())))


def _links(db: sqlite3.Connection, known: People, key: str) -> tuple[LinkRow, ...]:
    links = []
    for link in _said_links(db, key):
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


def _said_links(db: sqlite3.Connection, key: str) -> list[Link]:
    """Links that begin at an issue, and those whose other end it is."""
    same = persons(db)
    found = {str(said.row.key): said.row for said in statements(db, Link, key)}
    for (name,) in db.execute("SELECT statement FROM tie WHERE issue = ?", (key,)).fetchall():
        said = StatementKey.parse(name)
        person = same.now(said.author)
        words = (statement(db, f"{each}/link/{said.subject}") for each in same.keys(person))
        stands = next((word.under(person).row for word in words if word), None)
        if stands is not None:
            found[str(stands.key)] = cast(Link, stands)
    return list(found.values())


def _related(db: sqlite3.Connection, issue: Issue) -> tuple[Related, ...]:
    key = str(issue.key)
    reviews = db.execute(
        "SELECT key, title, ending, archived FROM review_line WHERE issue = ? ORDER BY key", (key,)
    )
    found = [(Related(one, "review", title, ending or "open"), away) for one, title, ending, away in reviews]
    lessons = db.execute(
        "SELECT key, statement, state, archived FROM lesson_line WHERE source IN"
        " (SELECT :key UNION ALL SELECT key FROM review_line WHERE issue = :key) ORDER BY key",
        {"key": key},
    )
    found += [(Related(one, "lesson", title, state), away) for one, title, state, away in lessons]
    here = {key, *(related.key for related, _ in found)}
    met = [
        Related(hit.key, hit.kind, hit.title, MET)
        for hit in similar(db, issue.title, ("review", "lesson"), 2 * MET_BEFORE + len(here))
        if hit.key not in here and not _away(db, hit.key)
    ]
    return (*(related for related, away in found if not away), *met[:MET_BEFORE])


def _away(db: sqlite3.Connection, key: str) -> bool:
    """Whether something was put away, or taken back."""
    found = record(db, key)
    return bool(found and found.row.archived)
