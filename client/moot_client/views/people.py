"""Members as people see them: by name, and told apart where two have the same."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """One member. `label` is the name, with a few characters of the key where names are equal."""

    key: str
    name: str
    label: str
    role: str
    me: bool
    removed: bool = False
    about: str = ""


def members(db: sqlite3.Connection, me: str) -> tuple[Member, ...]:
    """All members, by label; those removed come last."""
    raise NotImplementedError
