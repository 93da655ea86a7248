"""One line of the agenda as it is kept, and a member's dots: read at the cost of what is read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from moot_client.views.issue_values import read_values
from moot_client.views.lines import by_key
from moot_shared.errors import NotFound
from moot_shared.frozen import frozen


@frozen
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


def read_rows(
    db: sqlite3.Connection, me: str, narrowed: str, parameters: Iterable[object] = ()
) -> list[IssueRow]:
    """The lines that are left when a query goes on as `narrowed` does."""
    return [IssueRow(*values) for values in read_values(db, me, narrowed, parameters)]


def issue_rows(db: sqlite3.Connection, me: str, keys: Iterable[str]) -> dict[str, IssueRow]:
    """Just these lines, by key; what is not there is left out."""
    return {row.key: row for narrowed, some in by_key(keys) for row in read_rows(db, me, narrowed, some)}


def issue_row(db: sqlite3.Connection, me: str, key: str) -> IssueRow:
    """One of them; NotFound where there is no such issue."""
    row = issue_rows(db, me, [key]).get(key)
    if row is None:
        raise NotFound("There is no such issue here any more.")
    return row
