"""Stores that say that something is written before it has committed, to see that they are found out.

Their transactions end when the next one begins; until then what was said is in memory alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from moot_client.store.store import Store
from moot_server.storage.sqlite import SqliteStore


@contextmanager
def transaction(store: SqliteStore, communities: Iterable[bytes] = ()) -> Iterator[None]:
    """What `SqliteStore.transaction` must never be."""
    with store._sentences():
        _begin(store._db)
        yield


@contextmanager
def writing(store: Store) -> Iterator[sqlite3.Connection]:
    """What `Store.writing` must never be."""
    with store.lock:
        if store._depth:
            yield store.db
            return
        store._depth = 1
        try:
            _begin(store.db)
            yield store.db
        finally:
            store._depth = 0


def _begin(db: sqlite3.Connection) -> None:
    if db.in_transaction:
        db.execute("COMMIT")
    db.execute("BEGIN IMMEDIATE")
