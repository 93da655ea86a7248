"""What must be so before one says who belongs: the rules as sentences for whoever is about to say it.

The rules themselves are `moot_shared.trust`'s and hold without this; what they would not count is not
said in the first place.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from moot_shared.errors import InputError, NotAllowed, NotFound
from moot_shared.frozen import frozen
from moot_shared.kinds import EarlierSelf, Removal, Revoke, Role

Check = Callable[[sqlite3.Connection, str, str, Mapping[str, Any]], None]
"""(rows, my key text, subject, values)."""


@frozen
class _Standing:
    """What a member is here."""

    role: str
    removed: bool

    @property
    def convenes(self) -> bool:
        return self.role == "convenor" and not self.removed


def _of(db: sqlite3.Connection, key: str) -> _Standing:
    row = db.execute("SELECT role, removed FROM member WHERE key = ?", (key,)).fetchone()
    if row is None:
        raise NotFound("There is no such member here. They may not have arrived yet: moot sync brings them.")
    return _Standing(row[0], bool(row[1]))


def _removal(db: sqlite3.Connection, me: str, subject: str, values: Mapping[str, Any]) -> None:
    whom = _of(db, subject)
    if whom.removed:
        raise InputError("They have left or were removed already.")
    if subject != me and not _of(db, me).convenes:
        raise NotAllowed("Only a convenor can remove a member. Anybody can leave by themself.")


def _revoke(db: sqlite3.Connection, me: str, subject: str, values: Mapping[str, Any]) -> None:
    rows = db.execute(
        "SELECT author, revoked FROM invite WHERE key = ?1"
        " UNION ALL SELECT author, revoked FROM viewer_link WHERE key = ?1",
        (subject,),
    ).fetchall()
    if not rows:
        raise NotFound("There is no such invite. moot invites lists them.")
    if all(revoked for _, revoked in rows):
        raise InputError("This invite was taken back already.")
    if all(author != me for author, _ in rows) and not _of(db, me).convenes:
        raise NotAllowed("Only who made an invite, or a convenor, can take it back.")


def check_link(db: sqlite3.Connection, me: str, uses: int | None) -> None:
    """A viewer link is a convenor's to make, and nobody can count who reads by it."""
    if not _of(db, me).convenes:
        raise NotAllowed(
            "Only a convenor can make a viewer link: whoever has it reads everything, without being a member."
        )
    if uses is not None:
        raise InputError(
            "A viewer link cannot be counted: it is good until its end, or until it is taken back."
        )


def _role(db: sqlite3.Connection, me: str, subject: str, values: Mapping[str, Any]) -> None:
    whom, mine = _of(db, subject.partition("/")[0]), _of(db, me)
    if values.get("role") == "member":
        if not subject.startswith(f"{me}/"):
            raise NotAllowed("A convenor lays the role down by themself; nobody else can take it from them.")
        if not mine.convenes:
            raise NotAllowed("You are no convenor.")
        return
    if whom.removed or whom.role == "viewer":
        raise InputError("Only somebody who belongs and may write can be named a convenor.")
    if whom.convenes:
        raise InputError("They are a convenor already.")
    if mine.role == "viewer":
        raise NotAllowed("Who was let in to read has no say in this.")


def _self(db: sqlite3.Connection, me: str, subject: str, values: Mapping[str, Any]) -> None:
    earlier, _, later = subject.partition("/")
    if earlier == later:
        raise InputError("This is one and the same key.")
    _of(db, earlier)
    if _of(db, later).removed:
        raise InputError("They have left or were removed: there is nothing to link.")
    if earlier == me:
        raise InputError("You hold the earlier key yourself, so it is not lost.")
    if db.execute("SELECT 1 FROM person WHERE key = ?", (earlier,)).fetchone():
        raise InputError("That earlier self is linked already.")


CHECKS: Mapping[str, Check] = {
    Removal.name_of_kind: _removal,
    Revoke.name_of_kind: _revoke,
    Role.name_of_kind: _role,
    EarlierSelf.name_of_kind: _self,
}


def check(db: sqlite3.Connection, me: str, kind: str, subject: str, values: Mapping[str, Any]) -> None:
    """Nothing, or InputError, NotAllowed or NotFound where it would not count."""
    if kind in CHECKS:
        CHECKS[kind](db, me, subject, values)
