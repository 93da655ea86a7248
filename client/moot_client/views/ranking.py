"""Issues ranked by dots, then hours; budgets computed, never trusted."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from moot_client.views.find import Ids
from moot_client.views.ledger import IssueRow, read_ledger
from moot_client.views.rows import records
from moot_shared.kinds import Issue


@dataclass(frozen=True, slots=True)
class Agenda:
    """All issues, ranked; questions after issues with the same rank. `dots_left` of `budget` are mine."""

    rows: tuple[IssueRow, ...]
    budget: int
    dots_left: int
    not_counted: int  # my dots beyond the budget
    members: int = 0


def agenda(db: sqlite3.Connection, me: str, *, closed: bool = False, archived: bool = False) -> Agenda:
    """The ranked list; closed and archived issues only when asked for."""
    ledger, ids = read_ledger(db, me), Ids(db)
    shown = [
        issue
        for issue in records(db, Issue)
        if (archived or not issue.row.archived) and (closed or issue.row.status != "closed")
    ]
    rows = [ledger.row(issue, me, ids) for issue in shown]
    given, within = ledger.dots_of(me)
    return Agenda(
        rows=tuple(sorted(rows, key=_rank)),
        budget=ledger.budget,
        dots_left=ledger.budget - within,
        not_counted=given - within,
        members=ledger.members,
    )


def _rank(row: IssueRow) -> tuple[int, float, bool, str, str]:
    return -row.dots, -row.hours, row.kind == "question", row.title.casefold(), row.key
