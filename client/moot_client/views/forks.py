"""Two different things said at one place: under whose name, when it was noticed, what was set aside.

The relay keeps the one that it stored first. This machine keeps the other's bytes as evidence.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

from moot_client.views.people import Member, People
from moot_shared.errors import FormatError
from moot_shared.frozen import frozen
from moot_shared.ids import KEY_BYTES, encode_bytes

FORK, ABOVE = "fork", "built on a fork"


@frozen
class Fork:
    """Under one member's name. `at` is when this machine first noticed, Unix milliseconds."""

    member: Member
    at: int


@frozen
class SetAside:
    """How many changes of a member were built on what does not stand, and so are not part of this."""

    member: Member
    changes: int


def author_of(chunk: bytes) -> str:
    """Whose change this is, as key text; '' where that cannot be read."""
    from moot_shared.wire.glance import glance  # reads changes: for the few times that there is one

    try:
        return encode_bytes(glance(chunk).actor[:KEY_BYTES])
    except FormatError:
        return ""


def forks(db: sqlite3.Connection, known: People, me: str) -> tuple[Fork, ...]:
    """One a member, the newest first."""
    first: dict[str, int] = {}
    for author, at in _others(db, FORK, me):
        first[author] = min(at, first.get(author, at))
    return tuple(Fork(known[author], at) for author, at in sorted(first.items(), key=lambda one: -one[1]))


def set_aside(db: sqlite3.Connection, known: People, me: str) -> tuple[SetAside, ...]:
    """What others wrote on top of a fork's other branch, by name."""
    number: dict[str, int] = {}
    for author, _ in _others(db, ABOVE, me):
        number[author] = number.get(author, 0) + 1
    rows = [SetAside(known[author], many) for author, many in number.items()]
    return tuple(sorted(rows, key=lambda row: row.member.label.casefold()))


def fork_sentence(fork: Fork, when: Callable[[int], str]) -> str:
    """What happened, which of the two stands, and what it can mean."""
    return (
        f"Two different things were said at one place under {fork.member.label}’s name "
        f"(noticed {when(fork.at)}). The relay keeps the first; the other was set aside. Their machine may "
        "have been copied or restored, or somebody else has their key: ask them."
    )


def aside_sentence(row: SetAside) -> str:
    """What was set aside with it, and who brings it back."""
    who = row.member.label
    if row.changes == 1:
        return f"One change of {who} built on the other. {who}’s own Moot says it again where it can."
    return (
        f"{row.changes} changes of {who} built on the other. {who}’s own Moot says them again where it can."
    )


def _others(db: sqlite3.Connection, code: str, me: str) -> Iterator[tuple[str, int]]:
    rows = db.execute("SELECT bytes, at FROM refused WHERE code = ? AND bytes IS NOT NULL", (code,))
    for chunk, at in rows.fetchall():
        author = author_of(chunk)
        if author and author != me:
            yield author, at
