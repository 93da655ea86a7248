"""Short ids: the beginning of a handle by which people know a record, as long as it must be."""

from __future__ import annotations

import sqlite3

LEAST_CHARS = 4


class Ids:
    """The short ids of all records, as they are now: each for a look at its neighbours."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def short(self, handle: str) -> str:
        """The shortest beginning that no other record has, at least 4 characters."""
        return short_id(self._db, handle)


def short_id(db: sqlite3.Connection, handle: str) -> str:
    """The shortest beginning of a handle that no other record has, at least 4 characters."""
    chars = max([LEAST_CHARS, *(shared(handle, other) + 1 for other in neighbours(db, handle))])
    return handle[:chars]


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
