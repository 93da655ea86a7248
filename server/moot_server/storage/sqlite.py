"""The store that a relay has unless it is given another: one SQLite file for all its communities.

WAL and `synchronous=FULL`: a transaction that has returned survives a power cut. The one
connection is used by one thread at a time (the relay's worker).
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from moot_server.events import Told
from moot_server.storage.room import make_room
from moot_server.storage.schema import COMMUNITIES, SCHEMA, STEPS, VERSION, refuse_too_early
from moot_server.storage.store import News, Snapshot
from moot_shared.errors import StorageError
from moot_shared.files import no_room
from moot_shared.format.change import Change
from moot_shared.format.outline import Outline
from moot_shared.ids import encode_bytes
from moot_shared.trust.facts import Fact
from moot_shared.trust.history import Entry
from moot_shared.trust.seal import WINDOW, Sealed
from moot_shared.wire.fields import HASH_BYTES
from moot_shared.wire.messages import RELAY_BYTES, Receipt


class SqliteStore:
    """A file; see `moot_server.storage.store.Store`."""

    def __init__(self, path: Path, connect: Callable[..., sqlite3.Connection] = sqlite3.connect) -> None:
        self._path = path
        self._connect = connect
        self._names: frozenset[str] | None = None
        self.committed: Callable[[float], None] = _unheard
        with self._sentences():
            self._db = connect(path, isolation_level=None, check_same_thread=False)
            self._prepare()
        self._id = self._own_id()

    def settle(self, kind: str) -> None:
        """Say what this store is for, once for all; StorageError where it is for something else."""
        found = self._one("SELECT value FROM own WHERE name = 'kind'")
        if found is None and self._one("SELECT 1 FROM change LIMIT 1") is None:
            with self.transaction():
                self._db.execute("INSERT INTO own VALUES ('kind', ?)", (kind.encode(),))
        elif (found[0] if found else COMMUNITIES.encode()) != kind.encode():
            raise StorageError(
                "This data folder is of an open relay, and communities are not put there. Choose another "
                "with --data, or run it with --open."
                if kind == COMMUNITIES
                else "This data folder holds communities: it cannot be opened to everybody. Choose another "
                "with --data, or leave --open out."
            )

    def relay_id(self) -> bytes:
        return self._id

    def names(self) -> frozenset[str]:
        if self._names is None:
            with self._sentences():
                rows = self._db.execute("SELECT address FROM name").fetchall()
            self._names = frozenset(address for (address,) in rows)
        return self._names

    def close(self) -> None:
        self._db.close()

    def communities(self) -> list[bytes]:
        found: list[bytes] = []
        sql = "SELECT community FROM change WHERE community > ? ORDER BY community LIMIT 1"
        while (row := self._one(sql, found[-1] if found else b"")) is not None:
            found.append(row[0])
        return found

    def make_room(self) -> None:
        """Have the log's room on the disk before it is needed (`moot_server.storage.room`)."""
        with self._sentences():
            make_room(self._db)

    def probe(self) -> None:
        with self.transaction():
            self._db.execute("INSERT OR REPLACE INTO own VALUES ('probe', randomblob(16))")

    def put_back(self, source: sqlite3.Connection) -> None:
        """Become what another store's file is, in one transaction."""
        with self._sentences():
            (relay,) = source.execute("SELECT value FROM own WHERE name = 'relay'").fetchone()
            source.backup(self._db)
        self._names, self._id = None, bytes(relay)

    def another(self) -> SqliteStore:
        return SqliteStore(self._path, self._connect)

    def knows_member(self, community: bytes, key: bytes) -> bool:
        # Both questions are always asked, so that the answer takes as long for a community that is not here.
        joined = self._one(
            "SELECT 1 FROM fact WHERE community = ? AND kind = 'join' AND author = ?", community, key
        )
        first = self._one("SELECT actor FROM change WHERE community = ? AND hash = ?", community, community)
        return joined is not None or (first is not None and first[0][: len(key)] == key)

    def knows_invite(self, community: bytes, key: bytes) -> bool:
        subject = encode_bytes(key)
        sql = "SELECT 1 FROM fact WHERE community = ? AND kind = 'invite' AND subject = ?"
        return self._one(sql, community, subject) is not None

    def entries(self, community: bytes) -> Iterator[Entry]:
        columns = "hash, deps, actor, seq, start_op, last_op"
        sql = f"SELECT {columns} FROM change WHERE community = ? ORDER BY position"
        for change_hash, deps, actor, seq, start_op, last_op in self._all(sql, community):
            yield Entry(change_hash, _split(deps), actor, seq, start_op, last_op)

    def facts(self, community: bytes) -> Iterator[Fact]:
        columns = "kind, author, actor, seq, subject, payload"
        sql = f"SELECT {columns} FROM fact WHERE community = ? ORDER BY position"
        for row in self._all(sql, community):
            yield Fact(*row)

    def receipts(self, community: bytes) -> Iterator[Receipt]:
        sql = "SELECT actor, heads, at, signature FROM receipt WHERE community = ?"
        for actor, heads, at, signature in self._all(sql, community):
            yield Receipt(actor, _split(heads), at, signature)

    def row(self, community: bytes, change_hash: bytes) -> Sealed:
        sql = "SELECT bytes, seal FROM change WHERE community = ? AND hash = ?"
        found = self._one(sql, community, change_hash)
        if found is None:
            raise KeyError(change_hash)
        return Sealed(*found)

    def has_change(self, community: bytes, change_hash: bytes) -> bool:
        sql = "SELECT 1 FROM change WHERE community = ? AND hash = ?"
        return self._one(sql, community, change_hash) is not None

    def size(self, community: bytes) -> tuple[int, int]:
        sql = (
            "SELECT ifnull(sum(last_op - start_op + 1), 0), count(DISTINCT actor) "
            "FROM change WHERE community = ?"
        )
        ((operations, actors),) = self._all(sql, community)
        return operations, actors

    def restored(self) -> frozenset[bytes]:
        with self._sentences():
            return frozenset(row[0] for row in self._db.execute("SELECT community FROM restored"))

    def snapshot(self, community: bytes) -> Snapshot | None:
        sql = "SELECT heads, chunk, changes FROM snapshot WHERE community = ?"
        return next((Snapshot(_split(h), chunk, n) for h, chunk, n in self._all(sql, community)), None)

    def steady(self) -> AbstractContextManager[None]:
        return nullcontext()

    def news(self, community: bytes, changes: int, told: Told | None = None) -> News | None:
        return None  # the folder is held by one process

    @contextmanager
    def transaction(self, communities: Iterable[bytes] = ()) -> Iterator[None]:
        with self._sentences():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                began = time.perf_counter()
                self._db.execute("COMMIT")
                self.committed(time.perf_counter() - began)
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    def add_change(
        self, community: bytes, change: Change | Outline, seal: bytes | None, facts: Iterable[Fact]
    ) -> None:
        deps = b"".join(change.deps)
        cursor = self._db.execute(
            "INSERT INTO change VALUES (NULL,?,?,?,?,?,?,?,?,?)",
            (
                community, change.hash, change.actor, change.seq, change.start_op, change.last_op,
                deps, change.raw, seal,
            ),
        )  # fmt: skip
        self._db.executemany(
            "INSERT INTO fact VALUES (NULL,?,?,?,?,?,?,?)",
            [(community, f.kind, f.author, f.actor, f.seq, f.subject, f.payload) for f in facts],
        )
        self._thin(int(cursor.lastrowid or 0))

    def _thin(self, position: int) -> None:
        """Keep one seal of each author in a full window of changes: it vouches for the earlier ones."""
        if position % WINDOW == 0:
            self._db.execute(
                "UPDATE change SET seal = NULL WHERE position BETWEEN ? AND ? AND seal IS NOT NULL"
                " AND EXISTS (SELECT 1 FROM change AS later WHERE later.community = change.community"
                "             AND later.actor = change.actor AND later.seq > change.seq"
                "             AND later.position <= ? AND later.seal IS NOT NULL)",
                (position - WINDOW + 1, position, position),
            )

    def add_name(self, address: str) -> None:
        self._names = None
        self._db.execute("INSERT OR IGNORE INTO name VALUES (?)", (address,))

    def mark_restored(self, communities: Iterable[bytes] | None = None) -> None:
        if communities is None:
            self._db.execute("INSERT OR IGNORE INTO restored SELECT DISTINCT community FROM change")
        else:
            rows = [(community,) for community in communities]
            self._db.executemany("INSERT OR IGNORE INTO restored VALUES (?)", rows)

    def settle_restored(self, community: bytes) -> None:
        self._db.execute("DELETE FROM restored WHERE community = ?", (community,))

    def set_receipt(self, community: bytes, receipt: Receipt) -> None:
        heads = b"".join(receipt.heads)
        self._db.execute(
            "INSERT OR REPLACE INTO receipt VALUES (?,?,?,?,?)",
            (community, receipt.actor, heads, receipt.at, receipt.signature),
        )

    def set_snapshot(self, community: bytes, snapshot: Snapshot) -> None:
        heads = b"".join(snapshot.heads)
        self._db.execute(
            "INSERT OR REPLACE INTO snapshot VALUES (?,?,?,?)",
            (community, heads, snapshot.chunk, snapshot.changes),
        )

    def _prepare(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise StorageError(f"{self._path} was written by a newer relay. Update Moot on this machine.")
        refuse_too_early(self._db, self._path)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        if version < VERSION:
            steps = [SCHEMA] if not version else []
            steps += [STEPS[before] for before in range(max(version, 1), VERSION)]
            self._db.executescript(f"BEGIN;{''.join(steps)}PRAGMA user_version = {VERSION};COMMIT;")

    def _own_id(self) -> bytes:
        found = self._one("SELECT value FROM own WHERE name = 'relay'")
        if found is not None:
            return bytes(found[0])
        fresh = os.urandom(RELAY_BYTES)
        with self.transaction():
            self._db.execute("INSERT INTO own VALUES ('relay', ?)", (fresh,))
        return fresh

    def _one(self, sql: str, *values: object) -> tuple[bytes, ...] | None:
        with self._sentences():
            row: tuple[bytes, ...] | None = self._db.execute(sql, values).fetchone()
        return row

    def _all(self, sql: str, community: bytes) -> Iterator[tuple[Any, ...]]:
        with self._sentences():
            yield from self._db.execute(sql, (community,))

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """What SQLite says, as a sentence about the disk."""
        try:
            yield
        except sqlite3.Error as error:
            raise sentence(error, self._path) from error


def _unheard(_: float) -> None:
    """Where nobody asks how many seconds commits take."""


def _split(hashes: bytes) -> tuple[bytes, ...]:
    return tuple(hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES))


def sentence(error: sqlite3.Error, path: Path) -> StorageError:
    """What SQLite says, as a sentence about the disk."""
    words = str(error).lower()
    if "full" in words or no_room(error):
        return StorageError("The relay's disk is full. Whoever runs it has to make room.")
    if "readonly" in words or "unable to open" in words:
        return StorageError(f"The relay's data folder {path.parent} cannot be written to. Check whose it is.")
    if "malformed" in words or "not a database" in words:
        return StorageError(f"The relay's file {path} is damaged. Put a backup in its place.")
    return StorageError(f"The relay's disk cannot be used ({error}).")
