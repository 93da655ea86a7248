"""client.py, but its store says that something is written before it has committed: to be found out.

Its transactions end when the next one begins, so between them what was said is in memory alone.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from moot_client.store.store import Store
from tests.survival.client import main


@contextmanager
def later(store: Store) -> Iterator[sqlite3.Connection]:
    """What `Store.writing` must never be."""
    with store.lock:
        if store._depth:
            yield store.db
            return
        store._depth = 1
        try:
            if store.db.in_transaction:
                store.db.execute("COMMIT")
            store.db.execute("BEGIN IMMEDIATE")
            yield store.db
        finally:
            store._depth = 0


if __name__ == "__main__":
    Store.writing = later  # type: ignore[assignment,method-assign]
    sys.exit(main(*sys.argv[1:]))
