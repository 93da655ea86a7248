"""Merges by name: what several people changed at the same time, and whose words stand side by side."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from moot_client.views.people import People
from moot_client.views.phrases import TodayLine, listed
from moot_client.views.rows import RECORD, Stored, stored
from moot_shared.ids import KEY_BYTES, encode_bytes
from moot_shared.kinds import Paragraph, ProseText, Record
from moot_shared.text import shown_line

MOST = 500  # of the records that were changed last
_MARKED = (
    "(others != '{}' OR value LIKE '%true]%')"  # those that may hold several people's words: a first sieve
)


def merges(db: sqlite3.Connection, known: People, me: str, since: int) -> Iterator[tuple[str, TodayLine]]:
    """Records in which words met after the position `since`: the record's key, and a sentence about it."""
    rows = db.execute(
        f"SELECT {RECORD} FROM (SELECT * FROM record WHERE touched > ? ORDER BY touched DESC LIMIT ?)"
        f" WHERE {_MARKED}",
        (since, MOST),
    ).fetchall()
    for row in rows:
        record = stored(row)
        writers = at_once(db, record)
        if writers and _met_after(db, record, since):
            key = str(record.row.key)
            yield key, TodayLine(_sentence(known, me, writers, record.row.title_line), key)


def at_once(db: sqlite3.Connection, record: Stored[Record]) -> set[str]:
    """Key texts of those whose words stand side by side in a record, or stood at the same time."""
    writers = {paragraph.author for paragraph in _doubled(record)}
    for actor, _ in _contested(db, record):
        writers.add(encode_bytes(actor[:KEY_BYTES]))
    return writers


def _met_after(db: sqlite3.Connection, record: Stored[Record], since: int) -> bool:
    """Whether any of the words that meet came after a position: they stay marked until somebody edits."""
    made = [(bytes.fromhex(a), int(c)) for c, _, a in (p.element.partition("@") for p in _doubled(record))]
    made += _contested(db, record)
    return any(_position(db, actor, counter) > since for actor, counter in made)


def _doubled(record: Stored[Record]) -> list[Paragraph]:
    values = [value for value in record.row.values.values() if isinstance(value, ProseText)]
    return [paragraph for value in values for paragraph in value.paragraphs if paragraph.doubled]


def _contested(db: sqlite3.Connection, record: Stored[Record]) -> list[tuple[bytes, int]]:
    """Who wrote the values that stand side by side at a field, and by which operation."""
    found: list[tuple[bytes, int]] = []
    for name in record.row.others:
        found += db.execute(
            "SELECT actor, counter FROM cell WHERE object = ? AND key = ?", (record.id, name)
        ).fetchall()
    return found


def _position(db: sqlite3.Connection, actor: bytes, counter: int) -> int:
    """The position of the change with an operation; of one that is not to be found, past all others."""
    row = db.execute(
        "SELECT position FROM change WHERE actor = ? AND start_op <= ? ORDER BY seq DESC LIMIT 1",
        (actor, counter),
    ).fetchone()
    return int(row[0]) if row else 2**62


def _sentence(known: People, me: str, writers: set[str], title: str) -> str:
    others = sorted({known[key].label for key in writers if not known[key].me and key != me})
    mine = any(key == me or known[key].me for key in writers)
    names = [*others, "you"] if mine else others
    what = f"edited ‘{shown_line(title)}’"
    both = "both " if len(names) == 2 else ""
    if len(names) < 2:
        who = "You" if mine else listed(names)
        return f"{who} {what} on two machines: both kept"
    return f"{listed(names)} {both}{what}: {both.strip() or 'all'} kept"
