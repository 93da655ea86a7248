"""The index of changes as it is in memory, kept a stretch at a time beside the changes.

Read change by change it takes a third of the time that the document takes. A stretch is written once, in the
transaction of its last change, and goes with the rows when something is withdrawn; what it says follows
from the changes alone (`verify` compares), so where it does not fit them they are read instead.
"""

from __future__ import annotations

import sqlite3

from moot_shared.trust.columns import Columns
from moot_shared.trust.history import History
from moot_shared.trust.places import HASH_BYTES

LENGTH = 256
"""So many changes make a stretch; fewer at the end are read one by one."""
_NAMES = ", ".join(Columns._fields)
_MARKS = ", ".join(f":{name}" for name in Columns._fields)


def keep(db: sqlite3.Connection, history: History, change_hash: bytes) -> None:
    """Keep the stretch that ends with a change, and those before it that a file of an earlier Moot lacks."""
    upto = history.ancestry.place[change_hash] + 1
    if upto % LENGTH:
        return
    (kept,) = db.execute("SELECT coalesce(max(upto), 0) FROM stretch").fetchone()
    for begin in range(kept, upto, LENGTH):
        end = min(begin + LENGTH, upto)
        columns = history.ancestry.columns(begin, end)
        db.execute(
            f"INSERT INTO stretch (upto, position, {_NAMES})"
            f" VALUES (:upto, (SELECT position FROM change WHERE hash = :last), {_MARKS})",
            {"upto": end, "last": columns.hashes[-HASH_BYTES:], **columns._asdict()},
        )


def kept(db: sqlite3.Connection) -> tuple[Columns | None, int]:
    """The first entries, as far as they are kept, and the position of the last of them; none: None, 0."""
    rows = db.execute(f"SELECT {_NAMES} FROM stretch ORDER BY upto").fetchall()
    if not rows:
        return None, 0
    columns = Columns(*map(b"".join, zip(*rows, strict=True)))
    upto, position, last = db.execute(
        "SELECT upto, stretch.position, change.hash FROM stretch LEFT JOIN change USING (position)"
        " ORDER BY upto DESC LIMIT 1"
    ).fetchone()
    if columns.length != upto or not columns.fit() or last != columns.hashes[-HASH_BYTES:]:
        return None, 0
    return columns, position
