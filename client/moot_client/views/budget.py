"""Vote budgets: computed from what was said, never trusted, the same on every machine.

Each member's dots count in the order of the issues' keys until the budget is spent. Dots on
closed and archived issues cost nothing and do not count against it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from moot_client.views.community import community
from moot_client.views.rows import said_by, said_fields
from moot_shared.errors import InputError
from moot_shared.kinds import Issue, Vote

Ballot = tuple[str, str, int]
"""Who, on which issue, how many dots."""


def living(db: sqlite3.Connection) -> set[str]:
    """The keys of issues on which dots cost something."""
    rows = db.execute(
        "SELECT key, json_extract(value, '$.status') FROM record WHERE kind = ? AND NOT archived",
        (Issue.name_of_kind,),
    )
    return {key for key, status in rows if Issue.status.read(status) != "closed"}


def ballots(db: sqlite3.Connection, members: Iterable[str] | None = None) -> list[Ballot]:
    """Everybody's ballots with dots on them, or those of some members."""
    if members is None:
        given = list(said_fields(db, Vote, "dots"))
    else:
        given = [ballot for member in members for ballot in said_by(db, member, Vote, "dots")]
    return [ballot for ballot in given if ballot[2]]


def counted(given: Iterable[Ballot], alive: set[str], budget: int) -> dict[tuple[str, str], int]:
    """(member, issue) -> how many of the dots are within the budget."""
    result = {}
    by_member: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for member, issue, dots in given:
        result[member, issue] = dots
        if issue in alive:
            by_member[member].append((issue, dots))
    for member, costly in by_member.items():
        left = budget
        if sum(dots for _, dots in costly) <= left:
            continue
        for issue, dots in sorted(costly):
            result[member, issue] = min(dots, left)
            left -= result[member, issue]
    return result


def dots_left(db: sqlite3.Connection, me: str, without: str = "") -> int:
    """My dots that are not on any open issue, as if those on the issue `without` were taken back."""
    alive = living(db) - {without}
    spent = sum(dots for _, issue, dots in ballots(db, [me]) if issue in alive)
    return max(community(db).vote_budget - spent, 0)


def check_vote(db: sqlite3.Connection, me: str, issue: str, dots: int) -> None:
    """InputError where a vote would go over the budget, before it is said."""
    left = dots_left(db, me, without=issue)
    if dots > left:
        have = {0: "no dots", 1: "one dot"}.get(left, f"{left} dots")
        raise InputError(
            f"You have {have} left for this issue, so {dots} is too many. "
            "Take some back from another one first."
        )
