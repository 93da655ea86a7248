"""What of mine waits to go out, as things with a name: so that one knows what it is, and can open it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from moot_client.views.rows import record
from moot_client.views.standing import my_last
from moot_shared.ids import KEY_BYTES, decode_bytes

MOST = 200  # things that are looked at; an offline month has fewer
_OTHER = {
    "profile": "what you say of yourself",
    "invite": "an invite",
    "revoke": "an invite that was taken back",
    "join": "that you have joined",
    "removal": "the end of a membership",
    "role": "who is a convenor",
    "relay": "where the relay is",
    "self": "who somebody was before",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that I changed, or said something about. `target` is its record's key, or ''."""

    title: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first few things that wait, what was touched last first, and how many more there are."""

    things: tuple[Thing, ...]
    more: int


def waiting(db: sqlite3.Connection, me: str, first: int = 3) -> Waiting:
    """What the relay has not stored yet of what I did. Costs what waits, not what exists."""
    found = list(_things(db, me))
    return Waiting(tuple(_named(db, *thing) for thing in found[:first]), max(len(found) - first, 0))


def _things(db: sqlite3.Connection, me: str) -> Iterator[tuple[str, str]]:
    """(a record's key, '') or ('', a statement's kind), each once."""
    positions = _positions(db, me)
    if not positions:
        return
    rows = db.execute(
        "SELECT key, key, '', touched FROM record WHERE touched >= :since UNION ALL "
        "SELECT key, about, kind, touched FROM statement WHERE touched >= :since "
        "ORDER BY touched DESC LIMIT :most",
        {"since": min(positions), "most": MOST},
    ).fetchall()
    seen: set[tuple[str, str]] = set()
    for key, about, kind, _ in rows:
        thing = (about, "") if about else ("", kind)
        if thing not in seen and _touched(db, key, positions):
            seen.add(thing)
            yield thing


def _positions(db: sqlite3.Connection, me: str) -> set[int]:
    """Of my changes that are not stored by the relay."""
    last = my_last(db, decode_bytes(me, KEY_BYTES))
    stored = dict(db.execute("SELECT actor, seq FROM stored").fetchall())
    return {
        position
        for actor in last
        for (position,) in db.execute(
            "SELECT position FROM change WHERE actor = ? AND seq > ?", (actor, stored.get(actor, 0))
        )
    }


def _touched(db: sqlite3.Connection, key: str, positions: set[int]) -> bool:
    rows = db.execute("SELECT position FROM touch WHERE key = ? AND position >= ?", (key, min(positions)))
    return any(position in positions for (position,) in rows)


def _named(db: sqlite3.Connection, key: str, kind: str) -> Thing:
    if not key:
        return Thing(_OTHER.get(kind, "something else"))
    found = record(db, key)
    return Thing(found.row.title_line if found else "something that is not here", key if found else "")
