"""Which changes touched a thing, and what members say about it: in one order, the same on all machines."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from moot_client.views.persons import persons
from moot_shared.format.change import Change, decode_change

_TOUCHED = """
SELECT change.start_op, change.actor, change.seq, touch.key, touch.position FROM touch
JOIN change ON change.position = touch.position WHERE touch.key = ?
"""
_ABOUT = """
SELECT change.start_op, change.actor, change.seq, touch.key, touch.position FROM statement
JOIN touch ON touch.key = statement.key JOIN change ON change.position = touch.position
WHERE statement.about = ?
"""


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """One change, as far as it touched one record or statement.

    A change starts to count behind all that it was made on: sorted so, nothing comes before its causes.
    """

    start_op: int
    actor: bytes
    seq: int
    key: str
    position: int

    @property
    def id(self) -> str:
        """Its name, the same on all machines."""
        return f"{self.start_op}@{self.actor.hex()}/{self.key}"


def moments(db: sqlite3.Connection, key: str) -> list[Moment]:
    """All of a record and of what was said about it, or ('member/<key text>') of what somebody says of
    themself; the oldest first.
    """
    if key.startswith("member/"):
        same = persons(db)
        mine = [f"{each}/profile/me" for each in same.keys(same.now(key.split("/", 1)[1]))]
        return sorted(Moment(*row) for each in mine for row in db.execute(_TOUCHED, (each,)))
    rows = [*db.execute(_TOUCHED, (key,)), *db.execute(_ABOUT, (key,))]
    return sorted(Moment(*row) for row in rows)


class Reader:
    """Changes by position. Several things that were done in one change follow each other: it is kept."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._last: tuple[int, Change] | None = None

    def change(self, moment: Moment) -> Change:
        """The change of a moment."""
        if self._last is None or self._last[0] != moment.position:
            query = "SELECT bytes FROM change WHERE position = ?"
            (chunk,) = self._db.execute(query, (moment.position,)).fetchone()
            self._last = moment.position, decode_change(bytes(chunk))
        return self._last[1]
