"""Where work is safe: three separate claims, each said only when it is true."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from moot_client.views.people import Member


@dataclass(frozen=True, slots=True)
class Holder:
    """A member's machine that has said, signed, what it has. `lacks` counts my changes it has not."""

    member: Member
    at: int
    lacks: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change of mine that was not accepted: its words are kept."""

    reason: str
    at: int
    words: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What is safe where. Times are Unix milliseconds.

    `changes` are on this machine; `waiting` of my own are not yet stored by the relay;
    `stored_at` is when the relay last said that it has stored something of mine, or None.
    """

    changes: int
    waiting: int
    stored_at: int | None
    relay: str
    holders: tuple[Holder, ...]
    refused: tuple[Refusal, ...]


def standing(db: sqlite3.Connection, me: str) -> Standing:
    """The three claims, from rows."""
    raise NotImplementedError
