"""Rows of a database as what they mean, and the questions that `news` asks at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from moot_shared.trust.facts import Fact
from moot_shared.trust.history import Entry
from moot_shared.wire.fields import HASH_BYTES

ENTRY = "hash, deps, actor, seq, start_op, last_op"
FACT = "kind, author, actor, seq, subject, payload"
PAGE = 5000  # rows that are read at a time
ENTRIES = f"""
SELECT position, {ENTRY} FROM change WHERE community = %s AND position > %s ORDER BY position LIMIT {PAGE}
"""
FACTS = f"SELECT {FACT} FROM fact WHERE community = %s AND position > %s ORDER BY position, ordinal"
RECEIPTS = "SELECT actor, heads, at, signature, noted FROM receipt WHERE community = %s AND noted > %s"
ROWS = """
SELECT hash, bytes, seal FROM change
WHERE community = %s AND position >= (SELECT position FROM change WHERE community = %s AND hash = %s)
ORDER BY position LIMIT %s
"""
NEW = f"""
SELECT {ENTRY}, CASE WHEN position <= %s THEN bytes END, seal FROM change
WHERE community = %s AND position > %s ORDER BY position
"""
KNOWS_MEMBER = """
SELECT EXISTS (SELECT FROM fact WHERE community = %s AND kind = 'join' AND author = %s),
    EXISTS (SELECT FROM change WHERE community = %s AND hash = %s AND substr(actor, 1, %s) = %s)
"""
KNOWS_INVITE = """
SELECT 1 FROM fact WHERE community = %s AND kind = 'invite' AND sha256(subject) = sha256(%s)
"""
SIZE = """
SELECT coalesce(sum(last_op - start_op + 1), 0)::int8, count(DISTINCT actor) FROM change WHERE community = %s
"""
COMMUNITIES = """
WITH RECURSIVE found (community) AS (
    (SELECT community FROM change ORDER BY community LIMIT 1)
    UNION ALL
    SELECT (SELECT change.community FROM change WHERE change.community > found.community
            ORDER BY change.community LIMIT 1)
    FROM found WHERE found.community IS NOT NULL
) SELECT community FROM found WHERE community IS NOT NULL
"""
AT_ONCE = 200  # of the others' changes, those that come with their bytes: they are passed on at once

Question = tuple[str, tuple[object, ...]]


def questions(community: bytes, changes: int, noted: int) -> Sequence[Question]:
    """Changes, facts, receipts and the mark of a restored community, beyond what is known."""
    return (
        (NEW, (changes + AT_ONCE, community, changes)),
        (FACTS, (community, changes)),
        (RECEIPTS, (community, noted)),
        ("SELECT 1 FROM restored WHERE community = %s", (community,)),
    )


def entry(row: Any) -> Entry:
    """From the columns of ENTRY."""
    change_hash, deps, actor, seq, start_op, last_op = row
    return Entry(change_hash, split(deps), actor, seq, start_op, last_op)


def fact(row: Any) -> Fact:
    """From the columns of FACT."""
    kind, author, actor, seq, subject, payload = row
    return Fact(kind, author, actor, seq, subject.decode(), payload.decode())


def split(hashes: bytes) -> tuple[bytes, ...]:
    """Hashes that stand one after the other."""
    return tuple(hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES))
