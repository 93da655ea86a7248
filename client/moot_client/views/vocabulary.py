"""The community's own words: which of them is meant where one that was typed is in no text.

What is compared is what the index holds: small letters without accents. Words that begin alike are
asked first; only where none of them is near does the whole vocabulary have to be read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST = 3  # words that are looked for in the place of one
INSIDE = 4  # characters: a shorter word is not looked for inside of others, unless it is in no Latin letters
MOST_INSIDE = 12
LEAST_NAME = 3  # characters of a name in which a slip can still be told
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Near:
    """Words of the community, the nearest first, that may be meant by what was typed."""

    typed: str
    words: tuple[str, ...] = ()


def holds(db: sqlite3.Connection, token: str) -> int:
    """In how many texts some word begins so, roughly: words that begin so, counted until it is many."""
    _open(db)
    query = "SELECT doc FROM temp.found_words WHERE term >= ? AND term < ? LIMIT 20"
    return sum(doc for (doc,) in db.execute(query, (token, token + _LAST)))


def near(db: sqlite3.Connection, token: str, *, least: int = 1) -> Near:
    """The words that are meant by one that is nowhere: a slip of the fingers, or a part of a longer word.

    `least`: in how many texts a word must be.
    """
    _open(db)
    slips = _allowed(token)
    if slips:
        firsts = dict.fromkeys(token[:2])
        alike = [row for first in firsts for row in _beginning(db, first) if row[1] >= least]
        found = _nearest(token, alike, slips)
        if found:
            return Near(token, found)
    if len(token) < INSIDE and token.isascii():
        return Near(token)
    everything = [row for row in db.execute("SELECT term, doc FROM temp.found_words") if row[1] >= least]
    return Near(token, _nearest(token, everything, slips) or _inside(token, everything))


def among(token: str, words: Iterable[str]) -> tuple[str, ...]:
    """The nearest of a few words, such as names: there one slip counts in three letters too, and any part."""
    rows = [(word, 1) for word in dict.fromkeys(words)]
    found = _nearest(token, rows, 1 if len(token) == LEAST_NAME else _allowed(token))
    return found or (_inside(token, rows)[:MOST] if len(token) > 1 else ())


def _open(db: sqlite3.Connection) -> None:
    db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.found_words USING fts5vocab ('main', 'found', 'row')")


def _beginning(db: sqlite3.Connection, first: str) -> Iterable[tuple[str, int]]:
    query = "SELECT term, doc FROM temp.found_words WHERE term >= ? AND term < ?"
    return db.execute(query, (first, first + _LAST))


def _allowed(token: str) -> int:
    """How many slips a word of this length may have."""
    return 0 if len(token) < 4 else 1 if len(token) < 6 else 2


def _nearest(token: str, words: Sequence[tuple[str, int]], slips: int) -> tuple[str, ...]:
    """The nearest words by slips (a letter more, less, another, or two changed about), frequent ones first.

    A word that is only begun is compared with the beginnings of longer ones.
    """
    if not slips or not words:
        return ()
    from rapidfuzz import process  # only whoever mistypes waits for it
    from rapidfuzz.distance import OSA

    whole = [term for term, _ in words]
    begun = [term[: len(token)] if len(term) > len(token) + 1 else "" for term in whole]
    far: dict[int, float] = {}
    for compared, more in ((whole, 0.0), (begun, 0.5)):
        for _, distance, at in process.extract(
            token, compared, scorer=OSA.distance, score_cutoff=slips, limit=50
        ):
            far[at] = min(far.get(at, slips + 1.0), distance + more)
    if not far:
        return ()
    best = min(far.values())
    order = sorted((distance, -words[at][1], whole[at]) for at, distance in far.items())
    return _apart(term for distance, _, term in order if distance <= best)


def _inside(token: str, words: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    found = sorted((-doc, term) for term, doc in words if token in term)
    return tuple(term for _, term in found[:MOST_INSIDE])


def _apart(words: Iterable[str]) -> tuple[str, ...]:
    """A few words of which none is the beginning of another one: that is found with it."""
    chosen: list[str] = []
    for word in words:
        if len(chosen) < MOST and not any(word.startswith(other) for other in chosen):
            chosen.append(word)
    return tuple(chosen)
