"""Issues ranked by dots, then hours; budgets computed, never trusted."""

from __future__ import annotations

import sqlite3

from moot_client.views.issue_values import RANK, where_shown
from moot_client.views.ledger import IssueRow, read_rows
from moot_shared.frozen import frozen

_OPEN = "WHERE archived = 0 AND closed = 0"


@frozen
class Agenda:
    """Issues, ranked; questions after issues with the same rank. `dots_left` of `budget` are mine.

    `rows` may be the first ones only; there are `total`.
    """

    rows: tuple[IssueRow, ...]
    budget: int
    dots_left: int
    not_counted: int  # my dots beyond the budget
    members: int = 0
    total: int = 0


def agenda(
    db: sqlite3.Connection,
    me: str,
    *,
    closed: bool = False,
    archived: bool = False,
    first: int | None = None,
) -> Agenda:
    """The ranked list, or the `first` so many of it; closed and archived issues only when asked for."""
    where = where_shown(closed=closed, archived=archived)
    rows = read_rows(db, me, f"{where} {RANK}", (-1 if first is None else first,))
    whole = first is None or len(rows) < first
    from moot_client.views.budget import purse  # and with it the kinds: a list alone needs none

    mine = purse(db, me)
    return Agenda(
        rows=tuple(rows),
        budget=mine.budget,
        dots_left=mine.left,
        not_counted=mine.not_counted,
        members=members(db),
        total=len(rows) if whole else db.execute(f"SELECT count(*) FROM issue_line {where}").fetchone()[0],
    )


def without_dots(db: sqlite3.Connection, me: str) -> tuple[int, IssueRow | None]:
    """How many open issues have no dots of mine, and the first of them by rank; for who has dots left.

    Costs a budget, since nobody who has dots left has dots on more issues than that.
    """
    (number,) = db.execute(f"SELECT count(*) FROM issue_line {_OPEN}").fetchone()
    (given,) = db.execute(
        "SELECT count(*) FROM ballot JOIN issue_line AS line ON line.key = ballot.issue"
        " WHERE person = ? AND ballot.living AND ballot.dots > 0 AND archived = 0 AND closed = 0",
        (me,),
    ).fetchone()
    first = read_rows(db, me, f"{_OPEN} AND coalesce(mine.dots, 0) = 0 {RANK}", (1,))
    return number - given, first[0] if first else None


def members(db: sqlite3.Connection) -> int:
    """How many persons belong."""
    belong = "SELECT count(*) FROM member WHERE NOT removed AND key NOT IN (SELECT key FROM person)"
    return int(db.execute(belong).fetchone()[0])
