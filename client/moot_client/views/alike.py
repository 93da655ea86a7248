"""Records that share words with one that is written or read: said before, met before."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from moot_client.views.asking import asked
from moot_client.views.candidates import candidates, opens_by, titles
from moot_shared.frozen import frozen

TELLING = 5  # letters: shorter words are in everything
WEIGHED = 500  # of the newest texts that share a word, how many are compared


@frozen
class Alike:
    """A record that shares words with others."""

    key: str
    kind: str
    title: str


def similar(db: sqlite3.Connection, words: str, kinds: Sequence[str], limit: int = 5) -> tuple[Alike, ...]:
    """Records of these kinds that share telling words (of five letters or more), most alike first."""
    terms = [term.phrase for term in asked(words).terms if sum(map(len, term.tokens)) >= TELLING]
    if not terms:
        return ()
    rows = candidates(db, " OR ".join(terms), weighed=WEIGHED, chosen=20 * limit)
    known = titles(db, list({opens_by(row.key) for row in rows}))
    found: dict[str, Alike] = {}
    for row in rows:
        opens = opens_by(row.key)
        kind = opens.split("/", 1)[0]
        if row.kind == "note":
            continue  # an answer in a review: not everybody may have read it yet
        if kind in kinds and opens in known:
            found.setdefault(opens, Alike(opens, kind, known[opens][0]))
    return tuple(found.values())[:limit]
