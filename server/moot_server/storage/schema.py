"""The tables of a store's file, and how an older one is brought up."""

from __future__ import annotations

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
