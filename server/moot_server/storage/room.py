"""SQLite's log gets its room on the disk before it is needed.

Each commit is one sync of the log. As long as the file grows, such a sync has to write down its new length
as well, and waits for the file system's own journal: now and then several milliseconds, on some disks
always. Once the log is as long as SQLite lets it become before it begins anew, a sync writes what
was said and no more.
"""

from __future__ import annotations

import sqlite3

LOG_BYTES = 4_400_000  # a little more than the 1,000 pages after which the log begins anew


def make_room(db: sqlite3.Connection) -> None:
    """Lengthen the log by a transaction that is taken back; where there is no room, it stays as it is."""
    (cached,) = db.execute("PRAGMA cache_size").fetchone()
    db.execute("PRAGMA cache_size = 10")  # so that what is written goes to the log before it is committed
    try:
        db.execute("BEGIN IMMEDIATE")
        db.execute("CREATE TABLE room (x)")
        db.execute("INSERT INTO room VALUES (zeroblob(?))", (LOG_BYTES,))
    except sqlite3.OperationalError:
        pass  # a full disk: what is to be said of it is said when something is to be stored
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
        db.execute(f"PRAGMA cache_size = {cached}")
