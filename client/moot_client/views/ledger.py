"""What members put behind issues, read once: dots, hours and remarks, and the row that sums them up."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from moot_client.views.budget import counted, live
from moot_client.views.community import community
from moot_client.views.find import Ids
from moot_client.views.rows import Said, Stored, records, statements
from moot_shared.kinds import Comment, Issue, Pledge, Vote


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One line of the agenda."""

    key: str
    id: str  # the shortest unique prefix of its handle, at least 4 characters
    title: str
    level: str
    kind: str
    status: str
    dots: int
    my_dots: int
    hours: float
    my_hours: float
    voters: int
    comments: int
    nobody: bool  # it has dots, and nobody would give an hour
    archived: bool
    doubled: bool  # two people's words stand side by side in it
    changed: int  # Unix milliseconds, shown only
    touched: int  # position of the last change that touched it or what was said about it, for 'new above'
    versions: int = 0  # values that stand in nobody's way: 'one other version'


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything that was put behind issues, read once; rows are computed from it."""

    issues: list[Stored[Issue]]
    budget: int
    counted: dict[tuple[str, str], int]
    votes: dict[str, list[Said[Vote]]]
    pledges: dict[str, list[Said[Pledge]]]
    comments: dict[str, list[Said[Comment]]]
    living: set[str]
    members: int

    def living_votes(self, member: str) -> Iterable[Said[Vote]]:
        """A member's votes that cost dots."""
        return [vote for key in self.living for vote in self.votes.get(key, ()) if vote.row.author == member]

    def row(self, issue: Stored[Issue], me: str, ids: Ids) -> IssueRow:
        """One line of the agenda."""
        record, key = issue.row, str(issue.row.key)
        votes = [vote for vote in self.votes.get(key, ()) if vote.row.dots]
        pledges = [pledge for pledge in self.pledges.get(key, ()) if pledge.row.hours]
        comments = [comment for comment in self.comments.get(key, ()) if comment.row.text]
        dots = sum(self.counted[vote.row.author, key] for vote in votes)
        said = (*self.votes.get(key, ()), *self.pledges.get(key, ()), *self.comments.get(key, ()))
        return IssueRow(
            key=key,
            id=ids.short(record.key.handle),
            title=record.title_line,
            level=record.level,
            kind=record.kind,
            status=record.status,
            dots=dots,
            my_dots=sum(vote.row.dots for vote in votes if vote.row.author == me),
            hours=sum((pledge.row.hours for pledge in pledges), 0.0),
            my_hours=sum((pledge.row.hours for pledge in pledges if pledge.row.author == me), 0.0),
            voters=len(votes),
            comments=len(comments),
            nobody=dots > 0 and not pledges,
            archived=record.archived,
            doubled=issue.doubled,
            changed=record.changed,
            touched=max([issue.touched, *(statement.touched for statement in said)]),
            versions=sum(map(len, record.others.values())),
        )


def read_ledger(db: sqlite3.Connection, about: str | None = None) -> Ledger:
    """The ledger; with `about`, pledges and comments of that issue alone (votes are all needed)."""
    issues = records(db, Issue)
    living = {str(issue.row.key) for issue in issues if live(issue)}
    budget = community(db).vote_budget
    votes: dict[str, list[Said[Vote]]] = defaultdict(list)
    for vote in statements(db, Vote):
        votes[vote.row.key.subject].append(vote)
    ballots = ((v.row.author, v.row.key.subject, v.row.dots) for listed in votes.values() for v in listed)
    pledges: dict[str, list[Said[Pledge]]] = defaultdict(list)
    for pledge in statements(db, Pledge, about):
        pledges[pledge.row.key.subject].append(pledge)
    comments: dict[str, list[Said[Comment]]] = defaultdict(list)
    for comment in statements(db, Comment, about):
        comments[comment.row.about].append(comment)
    (members,) = db.execute("SELECT count(*) FROM member WHERE NOT removed").fetchone()
    return Ledger(issues, budget, counted(ballots, living, budget), votes, pledges, comments, living, members)
