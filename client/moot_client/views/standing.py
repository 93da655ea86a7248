"""Where work is safe: three separate claims, each said only when it is true."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from moot_client.views.at_home import relay_of, shut_out
from moot_client.views.forks import ABOVE, FORK, author_of
from moot_client.views.people import Member, People, people
from moot_client.views.reach import last_seqs, reached
from moot_shared.frozen import frozen
from moot_shared.ids import KEY_BYTES, decode_bytes, encode_bytes


@frozen
class Holder:
    """A member's machine that has said, signed, what it has. `lacks` counts my changes it has not."""

    member: Member
    at: int
    lacks: int
    actor: bytes = b""  # which machine of theirs


@frozen
class Refusal:
    """A change of mine that was not accepted: its words are kept."""

    reason: str
    at: int
    words: str


@frozen
class Standing:
    """What is safe where. Times are Unix milliseconds.

    `changes` are on this machine; `waiting` of my own are not yet stored by the relay;
    `stored_at` is when the relay last said that it has stored something of mine, or None. Both speak of the
    relay at `relay`, or, where that has yet to be reached, of an earlier one at `elsewhere`.
    `gone` says in a few words that I no longer belong, or is ''; `stays` is then whether what waits stays
    here for good (of who left of their own, it may still go out).
    """

    changes: int
    waiting: int
    stored_at: int | None
    relay: str
    holders: tuple[Holder, ...]
    refused: tuple[Refusal, ...]
    gone: str = ""
    elsewhere: str = ""
    stays: bool = False


STORED_BY = "stored by"
"""This machine's own value: the address of the relay of which the claims speak."""


def standing(db: sqlite3.Connection, me: str) -> Standing:
    """The three claims, from rows."""
    key = decode_bytes(me, KEY_BYTES)
    known = people(db, me)
    home = relay_of(db)
    (by,) = db.execute("SELECT value FROM own WHERE name = ?", (STORED_BY,)).fetchone() or ("",)
    stored = dict(db.execute("SELECT actor, seq FROM stored").fetchall())
    times = [at for actor, at in db.execute("SELECT actor, at FROM stored") if actor[:KEY_BYTES] == key]
    last = my_last(db, key)
    changes = sum(last_seqs(db).values())  # a chain has no gaps
    return Standing(
        changes=changes,
        waiting=_waiting(last, stored),
        stored_at=max(times, default=None),
        relay=home,
        holders=_holders(db, known, key, last),
        refused=tuple(_refused(db, me)),
        gone=gone(db, me),
        elsewhere=str(by) if by and stored and by != home else "",
        stays=shut_out(db) or _sent_away(known[me]),
    )


def gone(db: sqlite3.Connection, me: str) -> str:
    """'You have left this community', or whose word ended it; '' for who belongs."""
    (removed,) = db.execute("SELECT removed FROM member WHERE key = ?", (me,)).fetchone() or (False,)
    if removed:  # else nobody's name has to be read
        known = people(db, me)
        mine = known[me]
        if mine.gone is None:
            return "You no longer belong to this community"
        if mine.gone.by == me:
            return "You have left this community"
        return f"{known[mine.gone.by].label} has ended your membership"
    return "The relay says that your membership has ended" if shut_out(db) else ""


def _sent_away(mine: Member) -> bool:
    """Whether another's word ended it: the relay took nothing of mine any more from then on."""
    return mine.removed and (mine.gone is None or mine.gone.by != mine.key)


def my_last(db: sqlite3.Connection, key: bytes) -> dict[bytes, int]:
    """Each of my machines' actors, with the seq of its last change here."""
    return last_seqs(db, key)


def _waiting(last: dict[bytes, int], stored: dict[bytes, int]) -> int:
    return sum(max(seq - stored.get(actor, 0), 0) for actor, seq in last.items())


def _holders(db: sqlite3.Connection, known: People, key: bytes, last: dict[bytes, int]) -> tuple[Holder, ...]:
    receipts = db.execute("SELECT actor, heads, at FROM receipt ORDER BY at DESC").fetchall()
    rows = []
    for actor, heads, at in receipts:
        member = known[encode_bytes(actor[:KEY_BYTES])]
        if member.belongs:
            had = reached(db, actor, heads, key)
            rows.append(Holder(member, at, sum(seq - had.get(a, 0) for a, seq in last.items()), actor))
    return tuple(sorted(rows, key=lambda row: (row.member.me, row.member.label.casefold(), -row.at)))


def _refused(db: sqlite3.Connection, me: str) -> Iterator[Refusal]:
    rows = db.execute(
        "SELECT code, reason, at, bytes FROM refused WHERE bytes IS NOT NULL ORDER BY at DESC"
    ).fetchall()
    if not rows:
        return
    from moot_client.views.words import words_of  # reads changes: for the few times that there is one

    for code, reason, at, chunk in rows:
        if code in (FORK, ABOVE) and author_of(chunk) != me:
            continue  # what others said twice is kept beside mine
        yield Refusal(reason, at, words_of(chunk))
