"""What the index gives for a query: a bounded number of texts, the best of the newest, and what they open."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from typing import NamedTuple

WEIGHED, CHOSEN = 3_000, 150
"""Of the texts that match, how many (the newest) are weighed against each other; how many of those stay."""


class Candidate(NamedTuple):
    """A text that matches. The smaller its score, the more it is about what was looked for."""

    score: float
    rowid: int
    key: str
    kind: str


def candidates(
    db: sqlite3.Connection,
    query: str,
    kinds: Collection[str] = (),
    *,
    weighed: int = WEIGHED,
    chosen: int = CHOSEN,
) -> list[Candidate]:
    """Texts that match, of these kinds or about records of them; a word in a title weighs eight times."""
    only = " OR ".join("kind = ? OR instr(key, '/' || ? || '/')" for _ in kinds)
    rows = db.execute(
        "SELECT best.score, found.rowid, found.key, found.kind FROM ("
        " SELECT id, score FROM ("
        "  SELECT rowid AS id, bm25(found, 0, 0, 8, 1) AS score FROM found WHERE found MATCH ?"
        f" {f'AND ({only})' if only else ''} ORDER BY rowid DESC LIMIT {weighed}"
        f" ) ORDER BY score LIMIT {chosen}"
        ") AS best JOIN found ON found.rowid = best.id ORDER BY best.score, found.rowid DESC",
        (query, *(kind for each in kinds for kind in (each, each))),
    )
    return [Candidate(*row) for row in rows]


def opens_by(key: str) -> str:
    """A record's own key, or that of the record which a statement is about ('' where there is none)."""
    parts = key.split("/", 5)
    return key if len(parts) == 3 else "/".join(parts[2:5]) if len(parts) > 4 else ""


_TITLES = """
SELECT record.key, found.title, archived, CASE WHEN json_valid(value) THEN json_extract(value, '$.status') END
FROM record LEFT JOIN found ON found.rowid = 2 * record.rowid WHERE record.key IN ({})
"""


def titles(db: sqlite3.Connection, keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Of the records that are here: what each is called, and 'put away', 'closed' or ''."""
    found: dict[str, tuple[str, str]] = {}
    for key, title, archived, status in db.execute(_TITLES.format(",".join("?" * len(keys))), keys):
        state = "put away" if archived else "closed" if status == "closed" else ""
        found[key] = title or "(no title)", state
    return found
