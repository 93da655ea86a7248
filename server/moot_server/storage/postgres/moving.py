"""Everything out of a relay's SQLite file into an empty database, in one transaction, and compared there.

The relay stays who it is: its name, its addresses, its hosting key, and who waits for a convenor come along.
So its clients notice nothing; what they were told is stored is stored. The file is set aside when all is
committed, or two relays could go on from it under one name.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import sql

from moot_server.storage.folder import MOVED, Folder
from moot_server.storage.postgres.link import Connection
from moot_server.storage.postgres.store import PostgresStore
from moot_server.storage.schema import COMMUNITIES
from moot_server.storage.sqlite import SqliteStore, sentence
from moot_shared.errors import InputError, NotFound, StorageError
from moot_shared.files import sync_folder

CHANGE = "community, position, hash, actor, seq, start_op, last_op, deps, bytes, seal"
FACT = "community, position, ordinal, kind, author, actor, seq, subject, payload"
RECEIPT = "community, actor, heads, at, signature, noted"
CHANGES = """
SELECT community, row_number() OVER (PARTITION BY community ORDER BY position),
    hash, actor, seq, start_op, last_op, deps, bytes, seal
FROM change ORDER BY community, position
"""
FACTS = """
WITH placed AS (
    SELECT community, actor, seq, row_number() OVER (PARTITION BY community ORDER BY position) AS place
    FROM change
)
SELECT fact.community, place,
    row_number() OVER (PARTITION BY fact.community, place ORDER BY fact.position) - 1,
    kind, author, fact.actor, fact.seq, CAST(subject AS BLOB), CAST(payload AS BLOB)
FROM fact JOIN placed USING (community, actor, seq) ORDER BY fact.community, place, fact.position
"""
RECEIPTS = """
SELECT community, actor, heads, at, signature, row_number() OVER (PARTITION BY community ORDER BY actor)
FROM receipt ORDER BY community, actor
"""
SNAPSHOTS = "SELECT community, heads, chunk, changes FROM snapshot ORDER BY community"
TABLES = {
    "change": (CHANGE, "bytea int8 bytea bytea int8 int8 int8 bytea bytea bytea", CHANGES),
    "fact": (FACT, "bytea int8 int4 text bytea bytea int8 bytea bytea", FACTS),
    "receipt": (RECEIPT, "bytea bytea bytea int8 bytea int8", RECEIPTS),
    "name": ("address", "text", "SELECT address FROM name ORDER BY address"),
    "restored": ("community", "bytea", "SELECT community FROM restored ORDER BY community"),
    "snapshot": ("community, heads, chunk, changes", "bytea bytea bytea int8", SNAPSHOTS),
}
"""table -> its columns, their types, and the rows of the file as they stand there."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved, and where the file is now."""

    communities: int
    changes: int
    receipts: int
    kept: Path


def move_in(folder: Folder, target: PostgresStore) -> Moved:
    """Move what is in a folder that is held. Nothing has changed where this raises MootError."""
    if not folder.store.is_file():
        raise NotFound(f"There is no relay's data in {folder.path}. Name its folder with --data.")
    SqliteStore(folder.store).close()  # brings an older file up
    try:
        with closing(sqlite3.connect(folder.store)) as source:
            source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            found = target.link.ask(lambda connection: _moved(source, folder.hosting_key, connection))
            source.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise sentence(error, folder.store) from error
    kept = folder.path / MOVED
    folder.store.replace(kept)
    sync_folder(folder.path)
    return Moved(found["communities"], found["change"], found["receipt"], kept)


def _moved(source: sqlite3.Connection, hosting_key: bytes, connection: Connection) -> dict[str, int]:
    with connection.transaction():
        connection.execute(
            "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
        )
        connection.execute("LOCK TABLE own, change, receipt IN ACCESS EXCLUSIVE MODE")
        if connection.execute("SELECT 1 FROM change LIMIT 1").fetchone():
            return _there_already(source, connection)
        own = {"kind": COMMUNITIES.encode()} | dict(source.execute("SELECT name, value FROM own"))
        own["hosting"] = hosting_key
        for name, value in own.items():
            connection.execute(
                "INSERT INTO own VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )
        connection.execute("DELETE FROM name")
        found = {table: _copied(source, connection, table) for table in TABLES}
    connection.execute("ANALYZE change, fact, receipt")
    return found | _communities(source)


def _there_already(source: sqlite3.Connection, connection: Connection) -> dict[str, int]:
    """All is well where the last move was cut off between its commit and setting the file aside."""
    ours = source.execute("SELECT value FROM own WHERE name = 'relay'").fetchone()
    theirs = connection.execute("SELECT value FROM own WHERE name = 'relay'").fetchone()
    if ours != theirs:
        raise InputError("There is something in this database already. Name an empty one: createdb NAME")
    found: dict[str, int] = {}
    for table in TABLES:
        sent = _Count(source.execute(TABLES[table][2]))
        for _ in sent:
            pass
        if sent != _stored(connection, table):
            raise InputError(
                "This relay was moved into this database before, and one of the two has gone on since. Start "
                "it with --database; what only the file has comes back from its members' machines."
            )
        found[table] = sent.number
    return found | _communities(source)


def _communities(source: sqlite3.Connection) -> dict[str, int]:
    (communities,) = source.execute("SELECT count(DISTINCT community) FROM change").fetchone()
    return {"communities": communities}


def _copied(source: sqlite3.Connection, connection: Connection, table: str) -> int:
    """Copy one table, and see that what is there is what was sent."""
    columns, types, rows = TABLES[table]
    sent = _Count(source.execute(rows))
    with connection.cursor() as cursor:
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
            sql.Identifier(table), sql.SQL(columns)
        )
        with cursor.copy(statement) as copy:
            copy.set_types(types.split())
            for row in sent:
                copy.write_row(row)
    if sent != _stored(connection, table):
        raise StorageError(
            f"What has arrived in the table {table} is not what was sent. Nothing was changed."
        )
    return sent.number


def _stored(connection: Connection, table: str) -> _Count:
    """What stands in a table of the database, in the order of its key."""
    columns = TABLES[table][0]
    order = {"fact": "community, position, ordinal", "change": "community, position"}.get(table, columns)
    asked = sql.SQL("SELECT {} FROM {} ORDER BY {}")
    with connection.cursor(f"all_{table}", binary=True) as cursor:
        cursor.itersize = 5000
        cursor.execute(asked.format(sql.SQL(columns), sql.Identifier(table), sql.SQL(order)))
        stored = _Count(cursor)
        for _ in stored:
            pass
    return stored


class _Count:
    """Rows as they pass, counted and summed up."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._rows = rows
        self.number = 0
        self.digest = hashlib.sha256()

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self._rows:
            self.number += 1
            self.digest.update(repr(tuple(row)).encode())
            yield row

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Count) and self._sum() == other._sum()

    def _sum(self) -> tuple[int, bytes]:
        return self.number, self.digest.digest()

    __hash__ = None  # type: ignore[assignment]
