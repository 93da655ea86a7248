"""How those who no longer belong went: by themselves, or by whose word."""

from __future__ import annotations

import sqlite3
from collections import defaultdict

from moot_client.views.rows import statement
from moot_shared.frozen import frozen
from moot_shared.ids import encode_bytes
from moot_shared.kinds import Removal


@frozen
class Departure:
    """Who ended a membership (the member themself: they left), why, and when (Unix ms, shown only)."""

    by: str
    why: str
    at: int


def departures(db: sqlite3.Connection) -> dict[str, Departure]:
    """key text -> how they went, for everybody whose membership somebody has ended."""
    authors: dict[str, list[str]] = defaultdict(list)
    for author, subject in db.execute("SELECT author, subject FROM fact WHERE kind = 'removal'"):
        authors[subject].append(encode_bytes(author))
    if any(len(by) > 1 for by in authors.values()):
        from moot_client.views.rules import rules  # whose word stands, the rules say; it is rarely asked

        stands = rules(db).removed_by
        authors = defaultdict(list, {key: [stands[key]] for key in authors if key in stands})
    return {key: _departure(db, key, by[0]) for key, by in authors.items() if by}


def _departure(db: sqlite3.Connection, key: str, by: str) -> Departure:
    found = statement(db, f"{by}/removal/{key}")
    words = found.row if found else None
    return Departure(by, words.why if isinstance(words, Removal) else "", words.said if words else 0)
