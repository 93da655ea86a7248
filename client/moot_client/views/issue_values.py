"""Lines of the agenda as they are kept, as plain values: a list for a program is made of no more.

`ledger.IssueRow` names them; whoever lists thousands for a pipe waits for no class to be made.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

RANK = "ORDER BY line.dots DESC, line.hours DESC, question, folded, key LIMIT ?"
_SELECT = """
SELECT line.key, id, title, level, kind, status, line.dots, coalesce(mine.dots, 0), line.hours,
       coalesce(mine.hours, 0.0), voters, comments, archived, doubled, changed, touched, versions
FROM issue_line AS line LEFT JOIN ballot AS mine ON mine.issue = line.key AND mine.person = ?
"""


def read_values(
    db: sqlite3.Connection, me: str, narrowed: str, parameters: Iterable[object] = ()
) -> Iterator[tuple[Any, ...]]:
    """The lines that are left when a query goes on as `narrowed` does; values as an IssueRow has fields."""
    return (
        (
            key, short, title, level, kind, status, dots, my_dots, hours, my_hours, voters, comments,
            dots > 0 and not hours, archived == 1, doubled == 1, changed, touched, versions,
        )
        for (
            key, short, title, level, kind, status, dots, my_dots, hours, my_hours, voters, comments,
            archived, doubled, changed, touched, versions,
        ) in db.execute(f"{_SELECT} {narrowed}", (me, *parameters))
    )  # fmt: skip


def ranked_values(
    db: sqlite3.Connection, me: str, *, closed: bool = False, archived: bool = False
) -> Iterator[tuple[Any, ...]]:
    """All lines alone, ranked as `agenda` has them, each as the values of an IssueRow's fields."""
    return read_values(db, me, f"{where_shown(closed=closed, archived=archived)} {RANK}", (-1,))


def where_shown(*, closed: bool, archived: bool) -> str:
    """The beginning of a query of what is shown; closed and archived issues only when asked for."""
    shown = " AND ".join(
        f"{hidden} = 0" for hidden, wanted in (("archived", archived), ("closed", closed)) if not wanted
    )
    return f"WHERE {shown}" if shown else ""
