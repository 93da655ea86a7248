"""Changes, seals and facts as rows: the truth of a community on this disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from moot_client.store import stretches
from moot_shared.format.change import Change
from moot_shared.trust.facts import Fact, facts_of
from moot_shared.trust.history import Entry, History
from moot_shared.trust.seal import WINDOW

HASH_BYTES = 32
PAGE = 500  # changes read at a time


def insert(db: sqlite3.Connection, change: Change, seal: bytes | None) -> int:
    """Add an admitted change and its facts; its position."""
    cursor = db.execute(
        "INSERT INTO change (hash, actor, seq, start_op, last_op, deps, bytes, seal)"
        " VALUES (?,?,?,?,?,?,?,?)",
        (
            change.hash, change.actor, change.seq, change.start_op, change.last_op,
            b"".join(change.deps), change.raw, seal,
        ),
    )  # fmt: skip
    insert_facts(db, change)
    return int(cursor.lastrowid or 0)


def thin(db: sqlite3.Connection, position: int, mine: bytes) -> None:
    """Once a window of changes is full, keep one seal of each author in it: the newest vouches for the rest.

    So every window still ends with everybody's words sealed, and can be sent on by itself. My own seals stay
    until the relay has stored what they are for: it may refuse the one that vouches for it.
    """
    if position % WINDOW:
        return
    first = position - WINDOW + 1
    db.execute(
        "UPDATE change SET seal = NULL WHERE position BETWEEN :first AND :last AND seal IS NOT NULL"
        " AND (substr(actor, 1, length(:mine)) != :mine"
        "      OR seq <= (SELECT seq FROM stored WHERE stored.actor = change.actor))"
        " AND EXISTS (SELECT 1 FROM change AS later WHERE later.actor = change.actor"
        "             AND later.seq > change.seq AND later.position <= :last AND later.seal IS NOT NULL)",
        {"first": first, "last": position, "mine": mine},
    )


def insert_facts(db: sqlite3.Connection, change: Change) -> bool:
    """Add the statements of trust in a change; whether there were any."""
    facts = facts_of(change)
    db.executemany(
        "INSERT INTO fact (kind, author, actor, seq, subject, payload) VALUES (?,?,?,?,?,?)",
        [(f.kind, f.author, f.actor, f.seq, f.subject, f.payload) for f in facts],
    )
    return bool(facts)


def chunk(db: sqlite3.Connection, change_hash: bytes) -> bytes:
    """A change's canonical chunk; KeyError where it is not here."""
    row = db.execute("SELECT bytes FROM change WHERE hash = ?", (change_hash,)).fetchone()
    if row is None:
        raise KeyError(change_hash)
    return bytes(row[0])


def chunks(db: sqlite3.Connection) -> Iterator[bytes]:
    """All chunks in the order of admission, which is causal."""
    for _, data in numbered(db, after=0):
        yield data


def numbered(db: sqlite3.Connection, *, after: int) -> Iterator[tuple[int, bytes]]:
    """Positions and chunks behind a position, in the same order."""
    yield from db.execute("SELECT position, bytes FROM change WHERE position > ? ORDER BY position", (after,))


def page(db: sqlite3.Connection, *, after: int) -> list[tuple[int, bytes]]:
    """The next ones of these; all of them would take as much memory again as the document."""
    query = "SELECT position, bytes FROM change WHERE position > ? ORDER BY position LIMIT ?"
    return db.execute(query, (after, PAGE)).fetchall()


def with_seals(db: sqlite3.Connection) -> Iterator[tuple[bytes, bool]]:
    """All chunks in the order of admission, and whether a seal is kept beside each."""
    yield from db.execute("SELECT bytes, seal IS NOT NULL FROM change ORDER BY position")


def set_seal(db: sqlite3.Connection, change_hash: bytes, seal: bytes) -> None:
    """Keep a seal beside a change."""
    db.execute("UPDATE change SET seal = ? WHERE hash = ?", (seal, change_hash))


def seal(db: sqlite3.Connection, change_hash: bytes) -> bytes | None:
    """The seal kept beside a change, if any."""
    row = db.execute("SELECT seal FROM change WHERE hash = ?", (change_hash,)).fetchone()
    return row[0] if row else None


def history(db: sqlite3.Connection) -> History:
    """The index that admission reads, from rows; operations are fetched when they are asked for."""
    index = History(lambda change_hash: chunk(db, change_hash))
    with _at_one_moment(db):
        packed, after = stretches.kept(db)
        columns = "hash, deps, actor, seq, start_op, last_op"
        query = f"SELECT {columns} FROM change WHERE position > ? ORDER BY position"
        entries = (Entry(h, split(deps), *rest) for h, deps, *rest in db.execute(query, (after,)))
        facts = db.execute("SELECT kind, author, actor, seq, subject, payload FROM fact ORDER BY position")
        index.load(entries, (Fact(*row) for row in facts.fetchall()), packed)
    return index


@contextmanager
def _at_one_moment(db: sqlite3.Connection) -> Iterator[None]:
    """Whatever is read meanwhile is of one transaction."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")  # nothing was written


def split(hashes: bytes) -> tuple[bytes, ...]:
    """Hashes that were kept one after the other."""
    if len(hashes) == HASH_BYTES:  # as nearly always
        return (hashes,)
    return tuple(hashes[i : i + HASH_BYTES] for i in range(0, len(hashes), HASH_BYTES))
