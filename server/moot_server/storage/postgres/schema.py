"""The tables of a database, and how it gets them: once, by whichever process comes first.

Rows are those of the SQLite file, but for their places. A change's `position` counts the changes of its
community without a gap (whoever stores one holds the community's lock), so what a process has yet to hear of
begins after as many as it has in memory. `noted` does the same for receipts, which take the place of one
another. Text that members wrote is kept as bytes: a database's encoding and its NUL play no part.
"""

from __future__ import annotations

import os

from moot_server.storage.postgres.link import Connection
from moot_shared.errors import StorageError
from moot_shared.wire.messages import RELAY_BYTES

VERSION = 1
LOCK = 0x6D6F6F74  # of the making of tables; communities' are hashes
SCHEMA = """
CREATE TABLE own (name text PRIMARY KEY, value bytea NOT NULL);
CREATE TABLE name (address text PRIMARY KEY);
CREATE TABLE restored (community bytea PRIMARY KEY);
CREATE TABLE change (
    community bytea NOT NULL,
    position  bigint NOT NULL,
    hash      bytea NOT NULL,
    actor     bytea NOT NULL,
    seq       bigint NOT NULL,
    start_op  bigint NOT NULL,
    last_op   bigint NOT NULL,
    deps      bytea NOT NULL,
    bytes     bytea NOT NULL,
    seal      bytea,
    PRIMARY KEY (community, position)
);
CREATE UNIQUE INDEX change_hash ON change (community, hash);
CREATE UNIQUE INDEX change_name ON change (community, actor, seq);
CREATE TABLE fact (
    community bytea NOT NULL,
    position  bigint NOT NULL,
    ordinal   integer NOT NULL,
    kind text NOT NULL, author bytea NOT NULL, actor bytea NOT NULL, seq bigint NOT NULL,
    subject bytea NOT NULL, payload bytea NOT NULL,
    PRIMARY KEY (community, position, ordinal)
);
CREATE INDEX fact_author ON fact (community, kind, author);
CREATE INDEX fact_subject ON fact (community, kind, sha256(subject));
CREATE TABLE receipt (
    community bytea NOT NULL, actor bytea NOT NULL, heads bytea NOT NULL, at bigint NOT NULL,
    signature bytea NOT NULL, noted bigint NOT NULL, PRIMARY KEY (community, actor)
);
CREATE TABLE snapshot (
    community bytea PRIMARY KEY, heads bytea NOT NULL, chunk bytea NOT NULL, changes bigint NOT NULL
);
"""


def prepare(connection: Connection) -> None:
    """Make the tables, or see that they are ours."""
    found = connection.execute("SELECT to_regclass('moot.own') IS NOT NULL").fetchone()
    if found != (True,):
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            _make(connection)
    kept = connection.execute("SELECT value FROM own WHERE name = 'version'").fetchone()
    if kept is not None and int(bytes(kept[0])) > VERSION:
        raise StorageError("This database was written by a newer relay. Update Moot on this machine.")


def _make(connection: Connection) -> None:
    found = connection.execute(
        "SELECT to_regclass('moot.own') IS NOT NULL, to_regnamespace('moot') IS NOT NULL"
    ).fetchone()
    assert found is not None
    made, there = found
    if made:  # by another process, while this one waited for the lock
        return
    if not there:
        connection.execute("CREATE SCHEMA moot")
    connection.execute(SCHEMA)
    own = {"version": str(VERSION).encode(), "relay": os.urandom(RELAY_BYTES)}
    for name, value in own.items():
        connection.execute("INSERT INTO own VALUES (%s, %s)", (name, value))
