"""Short ids: the beginning of a handle by which people know a record, as long as it must be."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Iterable

LEAST_CHARS = 4


class Ids:
    """The short ids of all records, as they are now: read once, asked often. For one, ask `short_id`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._handles = [
            handle for (handle,) in db.execute("SELECT DISTINCT handle FROM record ORDER BY handle")
        ]

    def short(self, handle: str) -> str:
        """The shortest beginning that no other record has, at least 4 characters."""
        place = bisect_left(self._handles, handle)
        return _shortest(handle, self._handles[max(place - 1, 0) : place] + self._handles[place : place + 2])


def short_id(db: sqlite3.Connection, handle: str) -> str:
    """The same for one handle, at the cost of a look at its neighbours."""
    return _shortest(handle, neighbours(db, handle))


def neighbours(db: sqlite3.Connection, handle: str) -> list[str]:
    """The handles before and after one in the order of all: nothing else can begin as it does."""
    found = db.execute(
        "SELECT (SELECT max(handle) FROM record WHERE handle < :h),"
        " (SELECT min(handle) FROM record WHERE handle > :h)",
        {"h": handle},
    ).fetchone()
    return [other for other in found if other is not None]


def shared(one: str, other: str) -> int:
    """How many characters two handles have in common at their beginnings."""
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _shortest(handle: str, beside: Iterable[str]) -> str:
    chars = max([LEAST_CHARS, *(shared(handle, other) + 1 for other in beside if other != handle)])
    return handle[:chars]
