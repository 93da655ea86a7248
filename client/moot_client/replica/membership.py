"""Who belongs, as rows: what views read of the roster."""

from __future__ import annotations

import sqlite3

from moot_client import lines
from moot_shared.ids import encode_bytes
from moot_shared.trust.history import History


def write_roster(db: sqlite3.Connection, history: History) -> None:
    """Write down who belongs, as views read it, and bring lines up to date that depend on it."""
    write_members(db, history)
    lines.settle(db)


def write_members(db: sqlite3.Connection, history: History) -> None:
    """Write down who belongs."""
    from moot_shared.trust.roster import Roster  # not for what says nothing of who belongs

    roster = Roster(history)
    db.execute("DELETE FROM member")
    db.executemany(
        "INSERT INTO member VALUES (?,?,?,?,?)",
        [
            (encode_bytes(m.key), place, m.role, encode_bytes(m.invited_by) if m.invited_by else "",
             int(m.removed_by is not None))
            for place, m in enumerate(roster.members.values())
        ],
    )  # fmt: skip
    db.execute("DELETE FROM person")
    db.executemany(
        "INSERT INTO person VALUES (?,?)",
        [(encode_bytes(m.key), encode_bytes(m.later)) for m in roster.members.values() if m.later],
    )
    db.execute("DELETE FROM invite")
    db.executemany(
        "INSERT INTO invite VALUES (?,?,?,?,?,?,?)",
        [
            (
                encode_bytes(i.key),
                encode_bytes(i.author),
                i.role,
                _storable(i.uses),
                _storable(i.expires),
                int(i.revoked),
                len(i.used_by),
            )
            for i in roster.invites.values()
        ],
    )
    db.execute("DELETE FROM viewer_link")
    db.executemany(
        "INSERT INTO viewer_link VALUES (?,?,?,?)",
        [
            (encode_bytes(each.key), encode_bytes(each.author), _storable(each.expires), int(each.revoked))
            for each in roster.links.values()
        ],
    )


def _storable(number: int | None) -> int | None:
    """A number of any size, as SQLite can hold it."""
    return None if number is None else min(number, 2**63 - 1)
