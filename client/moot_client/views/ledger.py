"""What members put behind issues, read once: dots, hours and remarks, and the row that sums them up."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass

from moot_client.views.budget import ballots, counted, living
from moot_client.views.community import community
from moot_client.views.find import Ids
from moot_client.views.rows import Stored, said_fields
from moot_shared.kinds import Issue, Pledge, Vote


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
    """What was put behind issues; rows are computed from it.

    `votes` and `hours` map issues to members to what they gave, where they gave anything; `counted`
    says how many of the dots are within the budget; `touched` is the position of what was said last.
    """

    budget: int
    living: set[str]
    votes: dict[str, dict[str, int]]
    counted: dict[tuple[str, str], int]
    hours: dict[str, dict[str, float]]
    comments: dict[str, int]
    touched: dict[str, int]
    members: int

    def dots_of(self, member: str) -> tuple[int, int]:
        """A member's dots on open issues: how many were given, and how many count."""
        issues = [key for key in self.living if member in self.votes.get(key, ())]
        return sum(self.votes[key][member] for key in issues), sum(
            self.counted[member, key] for key in issues
        )

    def row(self, issue: Stored[Issue], me: str, ids: Ids) -> IssueRow:
        """One line of the agenda."""
        record, key = issue.row, str(issue.row.key)
        votes, hours = self.votes.get(key, {}), self.hours.get(key, {})
        dots = sum(self.counted[member, key] for member in votes)
        return IssueRow(
            key=key,
            id=ids.short(record.key.handle),
            title=record.title_line,
            level=record.level,
            kind=record.kind,
            status=record.status,
            dots=dots,
            my_dots=votes.get(me, 0),
            hours=sum(hours.values(), 0.0),
            my_hours=hours.get(me, 0.0),
            voters=len(votes),
            comments=self.comments.get(key, 0),
            nobody=dots > 0 and not hours,
            archived=record.archived,
            doubled=issue.doubled,
            changed=record.changed,
            touched=max(issue.touched, self.touched.get(key, 0)),
            versions=sum(map(len, record.others.values())),
        )


def read_ledger(db: sqlite3.Connection, me: str, about: str = "") -> Ledger:
    """The ledger of all issues, or of one: then only the ballots of those who voted on it, and mine."""
    voters = {me, *(member for member, _, _ in said_fields(db, Vote, "dots", about))} if about else None
    given = ballots(db, voters)
    votes: dict[str, dict[str, int]] = defaultdict(dict)
    for member, issue, dots in given:
        votes[issue][member] = dots
    hours: dict[str, dict[str, float]] = defaultdict(dict)
    for member, issue, pledged in said_fields(db, Pledge, "hours", about):
        if pledged:
            hours[issue][member] = pledged
    comments, touched = _said(db, about)
    alive, budget = living(db), community(db).vote_budget
    (members,) = db.execute(
        "SELECT count(*) FROM member WHERE NOT removed AND key NOT IN (SELECT key FROM person)"
    ).fetchone()
    within = counted(given, alive, budget)
    return Ledger(budget, alive, votes, within, hours, comments, touched, members)


def _said(db: sqlite3.Connection, about: str) -> tuple[dict[str, int], dict[str, int]]:
    """issue -> comments with words in them, and the position of whatever was said last."""
    comments: dict[str, int] = {}
    touched: dict[str, int] = {}
    rows = db.execute(
        "SELECT about, kind, max(touched), sum(kind = 'comment' AND CASE WHEN json_valid(value) THEN"
        " coalesce(json_extract(value, '$.text'), '') END != '') FROM statement"
        " WHERE kind IN ('vote', 'pledge', 'comment')"
        f" {'AND about = ?' if about else ''} GROUP BY about, kind",
        (about,) if about else (),
    )
    for issue, kind, last, number in rows:
        touched[issue] = max(last, touched.get(issue, 0))
        if kind == "comment":
            comments[issue] = number or 0
    return comments, touched
