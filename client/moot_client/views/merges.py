"""Merges by name: what several people changed at the same time, and whose words stand side by side."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator

from moot_client.views.people import People
from moot_client.views.phrases import TodayLine, count, listed
from moot_client.views.rows import RECORD, Stored, record, stored
from moot_shared.frozen import frozen
from moot_shared.ids import KEY_BYTES, encode_bytes
from moot_shared.kinds import Paragraph, ProseText, Record
from moot_shared.text import shown_line

UNSETTLED = "unsettled"
"""Own value: the keys of records in which my words stood beside somebody's when one last looked at Today."""
MOST = 500  # of the records that were changed last
NAMED = 3  # of those that wait for me, how many are named
_MARKED = (
    "(others != '{}' OR value LIKE '%true]%')"  # those that may hold several people's words: a first sieve
)


@frozen
class Met:
    """A record in which words of several people, or of one person's two machines, stand side by side."""

    key: str
    title: str
    names: tuple[str, ...]  # of the others, and 'you' last where it is mine too
    mine: bool

    @property
    def news(self) -> TodayLine:
        """That it has happened."""
        what = f"edited ‘{self.title}’"
        both = "both " if len(self.names) == 2 else ""
        if len(self.names) < 2:
            who = "You" if self.mine else listed(list(self.names))
            text = f"{who} {what} on two machines: both kept"
        else:
            text = f"{listed(list(self.names))} {both}{what}: {both.strip() or 'all'} kept"
        return TodayLine(text, self.key, named=self.title)

    @property
    def waits(self) -> TodayLine:
        """What there is to do about it."""
        of = "them" if len(self.names) > 2 else "the two"
        who = listed(list(self.names)) if len(self.names) > 1 else "your two machines"
        text = f"make one of {of} in ‘{self.title}’ ({who})"
        return TodayLine(text, self.key, named=self.title)


def merges(db: sqlite3.Connection, known: People, me: str, since: int, most: int = MOST) -> Iterator[Met]:
    """Records in which words met after the position `since`, of the `most` that were changed last."""
    rows = db.execute(
        f"SELECT {RECORD} FROM (SELECT * FROM record WHERE touched > ? ORDER BY touched DESC LIMIT ?)"
        f" WHERE {_MARKED}",
        (since, most),
    ).fetchall()
    for row in rows:
        found = stored(row)
        met = _met(db, known, me, found)
        if met and _met_after(db, found, since):
            yield met


def unsettled(db: sqlite3.Connection, known: People, me: str, new: Iterable[Met]) -> list[Met]:
    """Where my words still stand beside somebody's: of the `new` ones, and of those that one has seen."""
    found = {met.key: met for met in new if met.mine}
    row = db.execute("SELECT value FROM own WHERE name = ?", ("own " + UNSETTLED,)).fetchone()
    for key in json.loads(row[0]) if row else ():
        kept = record(db, key) if key not in found else None
        met = _met(db, known, me, kept) if kept and not kept.row.archived else None
        if met and met.mine:
            found[key] = met
    return list(found.values())


def to_settle(found: list[Met]) -> Iterator[TodayLine]:
    """The first of them by name, and how many there are besides."""
    yield from (met.waits for met in found[:NAMED])
    if len(found) > NAMED:
        rest = count(len(found) - NAMED, "more thing")
        yield TodayLine(f"{rest} that you and others edited at the same time", found[NAMED].key)


def _met(db: sqlite3.Connection, known: People, me: str, found: Stored[Record]) -> Met | None:
    writers = at_once(db, found)
    if not writers:
        return None
    others = sorted({known[key].label for key in writers if not known[key].me and key != me})
    mine = any(key == me or known[key].me for key in writers)
    names = (*others, "you") if mine else tuple(others)
    return Met(str(found.row.key), shown_line(found.row.title_line), names, mine)


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
