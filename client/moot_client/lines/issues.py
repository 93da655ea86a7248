"""Lines of the agenda: what an issue says of itself, and what members said about it."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from typing import Any, cast

from moot_client.lines.table import alter, last_word
from moot_client.views.rows import Stored
from moot_shared.kinds import Comment, Issue, Record

TABLE = "issue_line"
WAYS = ("comment", "pledge", "vote")
"""The kinds of statements by which something is said about an issue."""


def own(issue: Stored[Issue], id: str, *, living: bool) -> dict[str, Any]:
    """The part of a line that an issue says of itself; `living`: whether dots on it cost something."""
    row = issue.row
    return {
        "key": str(row.key),
        "id": id,
        "title": row.title_line,
        "level": row.level,
        "kind": row.kind,
        "status": row.status,
        "archived": int(row.archived),
        "closed": int(row.status == "closed"),
        "question": int(row.kind == "question"),
        "folded": row.title_line.casefold(),
        "living": int(living),
        "doubled": int(issue.doubled),
        "versions": sum(map(len, row.others.values())),
        "changed": row.changed,
        "made": issue.touched,
    }


def alive(maps: Sequence[Stored[Record]]) -> bool:
    """Whether dots on an issue cost something: it is open in one of its maps at least."""
    rows = [cast(Stored[Issue], one).row for one in maps]
    return any(not row.archived and row.status != "closed" for row in rows)


def living(db: sqlite3.Connection, key: str) -> bool:
    """The same of an issue that has a line."""
    row = db.execute(f"SELECT living FROM {TABLE} WHERE key = ?", (key,)).fetchone()
    return bool(row and row[0])


def has_words(value: str | None) -> int:
    """1 for a comment that is there, 0 for one that was taken back or cannot be read."""
    return int(bool(value is not None and Comment.text.read(Comment.fields_of(value).get("text"))))


def remarks(db: sqlite3.Connection, key: str) -> int:
    """How many comments there are on an issue, counted one by one."""
    said = db.execute("SELECT value FROM statement WHERE about = ? AND kind = 'comment'", (key,))
    return sum(has_words(value) for (value,) in said)


def put_behind(db: sqlite3.Connection, key: str) -> dict[str, Any]:
    """What its ballots come to, as columns; at the cost of how many people have one."""
    given = db.execute("SELECT counted, dots, hours FROM ballot WHERE issue = ?", (key,)).fetchall()
    return {
        "dots": sum(counted for counted, _, _ in given),
        "hours": math.fsum(hours for _, _, hours in given),  # to the last bit the same in any order
        "voters": sum(dots > 0 for _, dots, _ in given),
    }


def tally(db: sqlite3.Connection, key: str, position: int) -> None:
    """Bring the part of a line that others say up to date with the ballots and the last word."""
    row = db.execute(f"SELECT made FROM {TABLE} WHERE key = ?", (key,)).fetchone()
    if row is not None:
        touched = max(row[0], last_word(db, key, WAYS))
        alter(db, TABLE, {"key": key, **put_behind(db, key), "touched": touched}, position)


def voted(db: sqlite3.Connection, key: str, position: int) -> None:
    """The same where somebody has just said something with their dots or hours: that is the last word."""
    now = {"key": key, "position": position, **put_behind(db, key)}
    db.execute(
        f"UPDATE {TABLE} SET dots = :dots, hours = :hours, voters = :voters, touched = :position,"
        " altered = :position WHERE key = :key",
        now,
    )


def counted(db: sqlite3.Connection, key: str, position: int) -> None:
    """Dots on it came to another number, and nothing was said about it."""
    alter(db, TABLE, {"key": key, **put_behind(db, key)}, position)


def commented(db: sqlite3.Connection, key: str, more: int, position: int) -> None:
    """A remark was made (`more` is 1), taken back (-1), or worded anew (0)."""
    db.execute(
        f"UPDATE {TABLE} SET comments = comments + ?, touched = ?, altered = ? WHERE key = ?",
        (more, position, position, key),
    )


def forgotten(db: sqlite3.Connection, key: str, more: int, position: int) -> None:
    """What somebody said was taken out (`more` as above): the last word is an earlier one."""
    if more:
        commented(db, key, more, position)
    tally(db, key, position)
