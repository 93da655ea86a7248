"""Finding things: ids by any unique prefix, and words in everything."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that a search found; `context` has the words around it."""

    key: str
    kind: str
    title: str
    context: str


def record_key(db: sqlite3.Connection, prefix: str, kind: str = "") -> str:
    """The full key of the one record whose handle (or key) begins so.

    NotFound where there is none; InputError where there are several, naming them.
    """
    raise NotImplementedError


def search(db: sqlite3.Connection, words: str, limit: int = 50) -> tuple[Hit, ...]:
    """Everything that has all these words (or their beginnings), best first."""
    raise NotImplementedError
