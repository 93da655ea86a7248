"""Vote budgets: computed from what was said, never trusted, the same on every machine.

Each member's dots count in the order of the issues' keys until the budget is spent. Dots on
closed and archived issues cost nothing and do not count against it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from moot_client.views.community import community
from moot_client.views.rows import Stored, records, statements
from moot_shared.errors import InputError
from moot_shared.kinds import Issue, Vote

Ballot = tuple[str, str, int]
"""Who, on which issue, how many dots."""


def live(issue: Stored[Issue]) -> bool:
    """Whether dots on this issue cost anything."""
    return not issue.row.archived and issue.row.status != "closed"


def counted(ballots: Iterable[Ballot], living: set[str], budget: int) -> dict[tuple[str, str], int]:
    """(member, issue) -> how many of the dots are within the budget."""
    by_member: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for member, issue, dots in ballots:
        by_member[member].append((issue, dots))
    result = {}
    for member, given in by_member.items():
        left = budget
        for issue, dots in sorted(given):
            if issue in living:
                result[member, issue] = min(dots, left)
                left -= result[member, issue]
            else:
                result[member, issue] = dots
    return result


def dots_left(db: sqlite3.Connection, me: str, without: str = "") -> int:
    """My dots that are not on any open issue, as if those on the issue `without` were taken back."""
    living = {str(issue.row.key) for issue in records(db, Issue) if live(issue)} - {without}
    mine = (vote.row for vote in statements(db, Vote) if vote.row.author == me)
    spent = sum(vote.dots for vote in mine if vote.key.subject in living)
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
