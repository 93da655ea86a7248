"""Who put what behind an issue, and what of it counts: kept at the cost of a budget, not of a history.

A vote within its person's budget is counted by itself. Over it, that person's dots are counted anew: in the
order of the issues' keys until the budget is spent, so at most as many ballots are looked at as there are
dots to spend. (`views.budget.counted` is the rule.)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from moot_client.lines import issues
from moot_client.lines.table import basis, set_basis
from moot_client.lines.voices import word
from moot_client.views.community import community
from moot_client.views.persons import Persons
from moot_shared.kinds import Community, Pledge, Vote

BUDGET = "vote budget"
"""In `basis`: by which budget the dots are counted."""


def budget_of(db: sqlite3.Connection) -> int:
    """The budget by which ballots are counted now."""
    return int(basis(db, BUDGET, Community.vote_budget.default))


def set_budget(db: sqlite3.Connection, budget: int) -> None:
    """The budget by which they are counted from now on."""
    set_basis(db, BUDGET, budget, Community.vote_budget.default)


def settle_budget(db: sqlite3.Connection, position: int) -> None:
    """Where the community's budget is another now, everybody's dots are counted anew."""
    budget = community(db).vote_budget
    if budget == budget_of(db):
        return
    set_budget(db, budget)
    moved: set[str] = set()
    for (person,) in db.execute("SELECT person FROM purse").fetchall():
        moved |= count_anew(db, person, budget)
    for issue in sorted(moved):
        issues.counted(db, issue, position)


def on_an_issue(subject: str) -> bool:
    """Whether a vote or a pledge is about an issue itself, and not about something of it."""
    return subject.startswith("issue/") and subject.count("/") == 2


def cast(
    db: sqlite3.Connection, same: Persons, person: str, issue: str, position: int, *, forgotten: bool
) -> None:
    """Somebody said their dots or hours: their ballot, what else of theirs counts now, and the lines."""
    vote, pledge = (word(db, same, person, kind, issue) or {} for kind in ("vote", "pledge"))
    dots, hours = Vote.dots.read(vote.get("dots")), Pledge.hours.read(pledge.get("hours"))
    row = db.execute("SELECT dots FROM ballot WHERE issue = ? AND person = ?", (issue, person)).fetchone()
    before = row[0] if row else 0
    living = issues.living(db, issue)
    if dots or hours:
        db.execute(
            "INSERT INTO ballot VALUES (?,?,?,?,?,?) ON CONFLICT DO UPDATE SET"
            " dots = excluded.dots, hours = excluded.hours, counted ="
            " CASE WHEN dots = excluded.dots THEN counted ELSE excluded.counted END",
            (issue, person, dots, hours, int(living), 0 if living else dots),
        )
    else:
        db.execute("DELETE FROM ballot WHERE issue = ? AND person = ?", (issue, person))
    moved = spend(db, person, dots - before, (issue, dots)) if living and dots != before else set()
    if forgotten:
        issues.tally(db, issue, position)
    else:
        issues.voted(db, issue, position)
    for each in sorted(moved - {issue}):
        issues.counted(db, each, position)


def live(db: sqlite3.Connection, issue: str, position: int, *, living: bool) -> None:
    """An issue was closed, opened again or put away: dots on it are free, or cost something again."""
    cast_on_it = db.execute(
        "UPDATE ballot SET living = ?, counted = dots WHERE issue = ? RETURNING person, dots", (living, issue)
    ).fetchall()
    moved = set[str]()
    for person, dots in cast_on_it:
        if dots:
            moved |= spend(db, person, dots if living else -dots, (issue, dots))
    issues.tally(db, issue, position)
    for each in sorted(moved - {issue}):
        issues.counted(db, each, position)


def spend(db: sqlite3.Connection, person: str, more: int, on: tuple[str, int]) -> set[str]:
    """A purse has so many dots more in it; the issues on which others of its dots count now than before.

    `on` is the issue that they are on, and how many dots are on it now.
    """
    row = db.execute("SELECT spent FROM purse WHERE person = ?", (person,)).fetchone()
    before, budget = row[0] if row else 0, budget_of(db)
    after = before + more
    if after:
        db.execute("INSERT OR REPLACE INTO purse VALUES (?,?)", (person, after))
    else:
        db.execute("DELETE FROM purse WHERE person = ?", (person,))
    if max(before, after) > budget:
        return count_anew(db, person, budget)
    db.execute("UPDATE ballot SET counted = ? WHERE issue = ? AND person = ?", (on[1], on[0], person))
    return {on[0]}


def count_anew(db: sqlite3.Connection, person: str, budget: int) -> set[str]:
    """Count a person's dots on living issues; the issues where it came to another number."""
    counted = dict(_within(db, person, budget))
    before = dict(
        db.execute("SELECT issue, counted FROM ballot WHERE person = ? AND living AND counted > 0", (person,))
    )
    moved = {issue for issue in counted | before if counted.get(issue) != before.get(issue)}
    db.executemany(
        "UPDATE ballot SET counted = ? WHERE issue = ? AND person = ?",
        [(counted.get(issue, 0), issue, person) for issue in moved],
    )
    return moved


def _within(db: sqlite3.Connection, person: str, left: int) -> Iterator[tuple[str, int]]:
    rows = db.execute(
        "SELECT issue, dots FROM ballot WHERE person = ? AND living AND dots > 0 ORDER BY issue", (person,)
    )
    for issue, dots in rows:
        if left <= 0:
            break
        yield issue, min(dots, left)
        left -= dots
