"""The tables of a store's file, and how an older one is brought up."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from moot_shared.errors import StorageError

VERSION = 2
SCHEMA = """
CREATE TABLE own (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE name (address TEXT PRIMARY KEY) WITHOUT ROWID;   -- by which the relay is reached
CREATE TABLE restored (community BLOB PRIMARY KEY) WITHOUT ROWID;   -- waits for a convenor
CREATE TABLE change (
    position  INTEGER PRIMARY KEY,         -- the order in which they were stored: causal
    community BLOB NOT NULL,
    hash      BLOB NOT NULL,
    actor     BLOB NOT NULL,
    seq       INTEGER NOT NULL,
    start_op  INTEGER NOT NULL,
    last_op   INTEGER NOT NULL,
    deps      BLOB NOT NULL,               -- hashes, one after the other
    bytes     BLOB NOT NULL,               -- the canonical, uncompressed chunk
    seal      BLOB                         -- NULL where a later one of this actor covers it
);
CREATE UNIQUE INDEX change_hash ON change (community, hash);
CREATE UNIQUE INDEX change_name ON change (community, actor, seq);
CREATE TABLE fact (
    position  INTEGER PRIMARY KEY,
    community BLOB NOT NULL,
    kind TEXT NOT NULL, author BLOB NOT NULL, actor BLOB NOT NULL, seq INTEGER NOT NULL,
    subject TEXT NOT NULL, payload TEXT NOT NULL
);
CREATE INDEX fact_author ON fact (community, kind, author);
CREATE INDEX fact_subject ON fact (community, kind, subject);
CREATE TABLE receipt (
    community BLOB NOT NULL, actor BLOB NOT NULL, heads BLOB NOT NULL, at INTEGER NOT NULL,
    signature BLOB NOT NULL, PRIMARY KEY (community, actor)
) WITHOUT ROWID;
"""
STEPS = {
    1: """
CREATE TABLE snapshot (
    community BLOB PRIMARY KEY, heads BLOB NOT NULL, chunk BLOB NOT NULL, changes INTEGER NOT NULL
);
""",
}
"""What each version lacks of the next one; the file is brought up when it is opened."""
COMMUNITIES, OPEN = "communities", "open"
"""What a store may be for (`settle`)."""
TOO_EARLY = "was made by a Moot from before the first release, which this one cannot read"
_INSTEAD = (
    "Nothing in it was changed. Choose another folder with --data, and put each community there with moot "
    "host ADDRESS KEY: its members' machines bring everything back."
)


def too_early(db: sqlite3.Connection) -> bool:
    """Whether a file says that it is of a version that we know, and has not its tables."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    known = _tables(version) if 0 < version <= VERSION else ()
    return any(_columns(db, name) != columns for name, columns in known)


def refuse_too_early(db: sqlite3.Connection, path: Path) -> None:
    """StorageError where it is so; nothing is changed."""
    if too_early(db):
        raise StorageError(f"{path} {TOO_EARLY}. {_INSTEAD}")


@cache
def _tables(version: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The tables of a version, each with the names of its columns."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript("".join([SCHEMA, *(STEPS[before] for before in range(1, version))]))
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return tuple((name, _columns(db, name)) for name in names)


def _columns(db: sqlite3.Connection, table: str) -> tuple[str, ...]:
    return tuple(name for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", (table,)))
