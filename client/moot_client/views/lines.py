"""Which lines of a list are others now than at an earlier look, so that only those need be read and drawn."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice

AT_ONCE = 500
"""How many keys go into one query."""
_TABLES = {"issue": "issue_line", "review": "review_line", "lesson": "lesson_line"}


def changed_lines(db: sqlite3.Connection, kind: str, since: int) -> list[str]:
    """Keys of lines of a kind ('issue', 'review', 'lesson') that were altered after the position `since`.

    Take `last_position` before reading a list, and hand it in here at the next look. Also what no line has
    any more is named (something was withdrawn): `issue_rows` and the like leave it out. What only this
    machine has, a draft for one, alters no line.
    """
    found = db.execute(
        f"SELECT key FROM {_TABLES[kind]} WHERE altered > :since UNION"
        " SELECT key FROM gone_line WHERE kind = :kind AND altered > :since",
        {"kind": kind, "since": since},
    )
    return [key for (key,) in found]


def by_key(keys: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The end of a query that reads just these lines, and its parameters; several where there are many."""
    left = iter(keys)
    while some := list(islice(left, AT_ONCE)):
        yield f"WHERE line.key IN ({', '.join('?' * len(some))})", some
