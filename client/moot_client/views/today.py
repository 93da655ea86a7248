"""Today: what changed since one last looked, and what waits for me. Simple, and honest about merges."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TodayLine:
    """One sentence; `target` is the key of the record that Enter opens, or ''."""

    text: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """What a member sees first. `since` is Unix milliseconds of the last look, 0 for the first."""

    since: int
    changed: tuple[TodayLine, ...]
    waiting: tuple[TodayLine, ...]


def today(db: sqlite3.Connection, me: str, *, since_position: int, since: int) -> Today:
    """What changed after `since_position` by others, and what waits for me."""
    raise NotImplementedError
