"""Who lost a key and came back under another is one person: their words fold, the newest key's first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import TypeVar

T = TypeVar("T")


class Persons:
    """Which keys are one person's. Empty in nearly every community, and then nothing costs anything."""

    def __init__(self, later: Mapping[str, str]) -> None:
        """`later`: a lost key -> the next key of the same person."""
        self._now: dict[str, str] = {}
        self._age: dict[str, int] = {}
        for key in later:
            now, age = key, 0
            while now in later and age <= len(later):
                now, age = later[now], age + 1
            self._now[key], self._age[key] = now, age

    def __bool__(self) -> bool:
        return bool(self._now)

    def now(self, key: str) -> str:
        """The key under which a person is known now."""
        return self._now.get(key, key)

    def keys(self, key: str) -> list[str]:
        """All keys of whoever is known by `key` now, the newest first."""
        earlier = [each for each, now in self._now.items() if now == key]
        return [key, *sorted(earlier, key=self._age.__getitem__)]

    def fold(self, said: Iterable[tuple[str, str, T]]) -> list[tuple[str, str, T]]:
        """(author, subject, what) of one kind: each person once a subject, under the key they have now.

        Of what a person said under several keys the newest key's word stands; what an earlier key said
        and no later one is theirs as well.
        """
        newest: dict[tuple[str, str], tuple[int, T]] = {}
        for author, subject, what in said:
            place, age = (self.now(author), subject), self._age.get(author, 0)
            if place not in newest or age < newest[place][0]:
                newest[place] = age, what
        return [(now, subject, what) for (now, subject), (_, what) in newest.items()]


def persons(db: sqlite3.Connection) -> Persons:
    """As the members' own words have it."""
    return Persons(dict(db.execute("SELECT key, later FROM person").fetchall()))
