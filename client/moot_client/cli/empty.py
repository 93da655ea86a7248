"""What a list says where it has no rows: how to begin, or how to see what it leaves out."""

from __future__ import annotations

import sqlite3


def nothing_listed(db: sqlite3.Connection, kind: str, begin: str, all_of_them: str) -> str:
    """`begin` where there is none of this kind at all; else how many there are, and `all_of_them`."""
    (number,) = db.execute("SELECT count(DISTINCT key) FROM record WHERE kind = ?", (kind,)).fetchone()
    if not number:
        return begin
    what = f"One {kind} is" if number == 1 else f"{number} {kind}s are"
    return f"{what} here, and not shown. To see all: {all_of_them}"
