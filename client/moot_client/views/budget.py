"""Vote budgets: computed from what was said, never trusted, the same on every machine.

Each member's dots count in the order of the issues' keys until the budget is spent. Dots on
closed and archived issues cost nothing and do not count against it. `counted` is that rule;
ballots and purses are kept by it (`moot_client.lines.ballots`).
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from moot_client.views.community import community
from moot_shared.errors import InputError
from moot_shared.frozen import frozen
from moot_shared.kinds import Issue

Ballot = tuple[str, str, int]
"""Who, on which issue, how many dots."""


@frozen
class Purse:
    """A member's dots: those of `budget` that are left, and those beyond it, which are not counted."""

    budget: int
    left: int
    not_counted: int


def living(db: sqlite3.Connection) -> set[str]:
    """The keys of issues on which dots cost something."""
    rows = db.execute(
        "SELECT key, json_extract(value, '$.status') FROM record WHERE kind = ? AND NOT archived",
        (Issue.name_of_kind,),
    )
    return {key for key, status in rows if Issue.status.read(status) != "closed"}


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


def purse(db: sqlite3.Connection, me: str) -> Purse:
    """What a member has put on issues on which dots cost something."""
    budget, given = community(db).vote_budget, _spent(db, me)
    return Purse(budget, max(budget - given, 0), max(given - budget, 0))


def dots_left(db: sqlite3.Connection, me: str, without: str = "") -> int:
    """My dots that are not on any open issue, as if those on the issue `without` were taken back."""
    on_it = db.execute(
        "SELECT dots FROM ballot WHERE issue = ? AND person = ? AND living", (without, me)
    ).fetchone()
    given = _spent(db, me) - (on_it[0] if on_it else 0)
    return max(community(db).vote_budget - given, 0)


def check_vote(db: sqlite3.Connection, me: str, issue: str, dots: int) -> None:
    """InputError where a vote would go over the budget, before it is said."""
    left = dots_left(db, me, without=issue)
    if dots > left:
        have = {0: "no dots", 1: "one dot"}.get(left, f"{left} dots")
        raise InputError(
            f"You have {have} left for this issue, so {dots} is too many. "
            "Take some back from another one first."
        )


def _spent(db: sqlite3.Connection, me: str) -> int:
    row = db.execute("SELECT spent FROM purse WHERE person = ?", (me,)).fetchone()
    return int(row[0]) if row else 0
