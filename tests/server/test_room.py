"""The log of a relay's store has its room on the disk from the start."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from moot_server.storage.room import LOG_BYTES, make_room
from moot_server.storage.sqlite import SqliteStore


def test_what_is_stored_does_not_make_the_log_grow(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "relay.db")
    store.make_room()
    log = tmp_path / "relay.db-wal"
    before = log.stat().st_size
    assert before >= LOG_BYTES
    for _ in range(50):
        store.probe()
    assert log.stat().st_size == before
    assert (tmp_path / "relay.db").stat().st_size < LOG_BYTES / 4
    store.close()
    assert not log.exists()


def test_where_there_is_no_room_the_store_is_as_it_was(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "small.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE said (x)")
    db.execute("PRAGMA max_page_count = 20")
    make_room(db)
    db.execute("INSERT INTO said VALUES (1)")
    assert db.execute("SELECT x FROM said").fetchall() == [(1,)]
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert (tmp_path / "small.db-wal").stat().st_size < LOG_BYTES
