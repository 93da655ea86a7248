"""Invites and viewer links: what each is good for, what became of it, and who came by it."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass

from moot_client.views.people import Member, People
from moot_client.views.rows import said_at
from moot_shared.ids import encode_bytes
from moot_shared.trust.invite import VIEW

OPEN, USED, OVER, BACK, CLOSED = "open", "used up", "expired", "taken back", "closed"


@dataclass(frozen=True, slots=True)
class InviteRow:
    """One invite. `uses` is None for any number; `expires` is Unix milliseconds or None."""

    key: str
    author: Member
    role: str
    uses: int | None
    expires: int | None
    used: int
    state: str
    came: tuple[Member, ...]
    said: int
    back_by: Member | None = None  # who took it back

    @property
    def target(self) -> str:
        """How a list names it."""
        return f"invite/{self.key}"

    @property
    def is_link(self) -> bool:
        """Whether it is a viewer link: whoever has it reads, and nobody comes by it."""
        return self.role == VIEW

    @property
    def what(self) -> str:
        """As what one comes by it: 'a member', 'a reader'."""
        return "a reader" if self.is_link else f"a {self.role}"

    @property
    def open(self) -> bool:
        """Whether somebody can come in by it."""
        return self.state == OPEN


def invites(db: sqlite3.Connection, known: People, now: int) -> tuple[InviteRow, ...]:
    """All invites, the newest first, those that are open before the others. `now` is Unix milliseconds."""
    rows = db.execute(
        "SELECT key, author, role, uses, expires, revoked, used FROM invite ORDER BY rowid DESC"
    ).fetchall()
    links = db.execute("SELECT key, author, expires, revoked FROM viewer_link").fetchall()
    rows += [(key, by, VIEW, None, expires, revoked, 0) for key, by, expires, revoked in links]
    came, back = _came(db), _taken_back(db)
    found = []
    for key, author, role, uses, expires, revoked, used in rows:
        by = known[author]
        said = back.get(key, [])
        taken = [who for who in said if who == author or known[who].role == "convenor"]
        if revoked and not taken and not by.removed:
            taken = said  # of somebody who was a convenor then
        if revoked and taken:
            state = BACK
        elif uses is not None and used >= uses:
            state = USED
        elif expires is not None and now >= expires:
            state = OVER
        else:
            state = CLOSED if revoked else OPEN
        found.append(
            InviteRow(
                key, by, role, uses, expires, used, state,
                tuple(known[who] for who in came.get((key, author), ()) if role != VIEW),
                said_at(db, f"{author}/invite/{key}"),
                known[taken[0]] if state == BACK and taken else None,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda row: (not row.open, -row.said)))


def good_for(row: InviteRow) -> str:
    """'for any number', 'for one person', 'for 5, 2 came'."""
    if row.is_link:
        return "for whoever has it"
    if row.uses == 1:
        return "for one person"
    many = "for any number" if row.uses is None else f"for {row.uses}"
    return f"{many}, {row.used} came" if row.used else many


def what_became(row: InviteRow) -> str:
    """The state with its reason: 'closed, since Joon no longer belongs'."""
    if row.state == CLOSED:
        return f"closed, since {row.author.label} no longer belongs"
    if row.back_by is not None:
        return f"taken back by {row.back_by.label}"
    return row.state


def _came(db: sqlite3.Connection) -> dict[tuple[str, str], list[str]]:
    """(invite, its author) -> who joined by it, in the order in which they came."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    rows = db.execute("SELECT author, subject, payload FROM fact WHERE kind = 'join' ORDER BY position")
    for author, subject, payload in rows:
        try:
            by = json.loads(payload).get("by")
        except (ValueError, AttributeError, RecursionError):
            continue
        who = encode_bytes(author)
        if isinstance(by, str) and who not in found[subject, by]:
            found[subject, by].append(who)
    return found


def _taken_back(db: sqlite3.Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for author, subject in db.execute("SELECT author, subject FROM fact WHERE kind = 'revoke'"):
        found[subject].append(encode_bytes(author))
    return found
