"""Short ids in lines: a new record may make those of its two neighbours longer, and nobody else's."""

from __future__ import annotations

import sqlite3

from moot_client.lines.table import KINDS
from moot_client.views.ids import LEAST_CHARS, neighbours, shared, short_id


def make_room(db: sqlite3.Connection, handle: str, position: int) -> None:
    """There is a new record with this handle."""
    for beside in neighbours(db, handle):
        if shared(handle, beside) >= LEAST_CHARS:
            short = short_id(db, beside)
            rows = db.execute("SELECT DISTINCT key, kind FROM record WHERE handle = ?", (beside,)).fetchall()
            for key, kind in rows:
                if kind in KINDS:
                    db.execute(
                        f"UPDATE {KINDS[kind]} SET id = ?, altered = ? WHERE key = ? AND id != ?",
                        (short, position, key, short),
                    )
