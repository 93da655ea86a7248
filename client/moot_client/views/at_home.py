"""Whether I belong, and where the community's relay is: what every command asks, and nothing more."""

from __future__ import annotations

import sqlite3

from moot_client.views.rows import statements
from moot_shared.kinds import HomeRelay

SHUT_OUT = "shut out"
"""This machine's own value: whether the relay has said that I may no longer connect."""


def belongs(db: sqlite3.Connection, me: str) -> bool:
    """Whether nobody has ended my membership, as far as is known here; the relay neither."""
    (removed,) = db.execute("SELECT removed FROM member WHERE key = ?", (me,)).fetchone() or (False,)
    return not removed and not shut_out(db)


def shut_out(db: sqlite3.Connection) -> bool:
    """Whether the relay has said that I may no longer connect."""
    row = db.execute("SELECT value FROM own WHERE name = ?", ("own " + SHUT_OUT,)).fetchone()
    return bool(row and row[0] == "true")


def relay_of(db: sqlite3.Connection) -> str:
    """The relay's address as the convenors say, or as this machine was told; '' for none."""
    (told,) = db.execute("SELECT value FROM own WHERE name = 'relay'").fetchone() or ("",)
    return home_relay(db) or str(told or "")


def home_relay(db: sqlite3.Connection) -> str:
    """The relay's address as the convenors say; '' for none."""
    said = home_said(db)
    return said.url if said else ""


def home_said(db: sqlite3.Connection) -> HomeRelay | None:
    """Which of the convenors' words on the relay counts: that with the largest (n, author)."""
    convenors = {
        key for (key,) in db.execute("SELECT key FROM member WHERE role = 'convenor' AND NOT removed")
    }
    said = [home.row for home in statements(db, HomeRelay) if home.row.author in convenors and home.row.url]
    return max(said, key=lambda home: (home.n, home.author), default=None)
