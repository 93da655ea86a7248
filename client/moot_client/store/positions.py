"""How far this machine's changes go: numbers that only grow, also where something is withdrawn."""

from __future__ import annotations

import sqlite3


def last_position(db: sqlite3.Connection) -> int:
    """The last position that was given to a change, or to rows that were made anew; 0 before the first."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'change'").fetchone()
    return int(row[0]) if row else 0


def next_position(db: sqlite3.Connection) -> int:
    """A position for what is no change and yet alters what is shown: no change will have it."""
    db.execute("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'change'")
    return last_position(db)
