"""A relay that answers before it has committed: run in a real one's place, to see that it is found out.

Its transactions end when the next one begins, so between them what was answered is in memory alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from moot_server.command import main
from moot_server.sqlite import SqliteStore


@contextmanager
def later(store: SqliteStore) -> Iterator[None]:
    """What `SqliteStore.transaction` must never be."""
    if store._db.in_transaction:
        store._db.execute("COMMIT")
    store._db.execute("BEGIN IMMEDIATE")
    yield


if __name__ == "__main__":
    SqliteStore.transaction = later  # type: ignore[assignment,method-assign]
    sys.exit(main(sys.argv[2:]))  # without the word `relay`, which `moot` takes off
