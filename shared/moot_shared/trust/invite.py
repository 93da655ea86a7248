"""Invites: the terms that their authors wrote, what became of them, and what a join by one grants.

A viewer link is an invite of another kind, with the role `view`: whoever has its secret reads at a relay,
and nobody joins by it. A Moot that does not know this role cannot read its terms, so nobody joins by
it there either: every machine gives the same answer, whatever its age (docs/decisions/0037).
"""

from __future__ import annotations

from typing import Literal

from moot_shared.frozen import frozen
from moot_shared.identity import is_sound
from moot_shared.trust.facts import Fact, member_key
from moot_shared.trust.history import History

Role = Literal["viewer", "member", "convenor"]
InviteState = Literal["open", "spent", "expired", "revoked", "unknown"]
LinkState = Literal["open", "expired", "revoked", "unknown"]
ROLES: tuple[Role, ...] = ("viewer", "member", "convenor")
VIEW = "view"
"""The role of a viewer link; not one of ROLES, and it must never be."""


@frozen
class Invite:
    """An invitation: who made it, what it grants, and who has used it so far. `expires` is Unix ms."""

    key: bytes
    author: bytes
    role: Role
    uses: int | None
    expires: int | None
    revoked: bool
    used_by: tuple[bytes, ...]

    def state(self, now: int) -> InviteState:
        """Whether one more person may come in by it."""
        if self.revoked:
            return "revoked"
        if self.expires is not None and now >= self.expires:
            return "expired"
        return "open" if self.uses is None or len(self.used_by) < self.uses else "spent"

    def worth(self) -> tuple[bool, int, bytes]:
        """Of several invites with one key the one that grants most counts; otherwise any order, but one."""
        return not self.revoked, ROLES.index(self.role), self.author


@frozen
class ViewerLink:
    """A way to read at a relay: who made it, and until when it is good (Unix ms; None for no end)."""

    key: bytes
    author: bytes
    expires: int | None
    revoked: bool

    def state(self, now: int) -> LinkState:
        """Whether it can be read by."""
        if self.revoked:
            return "revoked"
        return "expired" if self.expires is not None and now >= self.expires else "open"

    def worth(self) -> tuple[bool, float, bytes]:
        """Of several links with one key the one that is good for longest counts."""
        return not self.revoked, float("inf") if self.expires is None else self.expires, self.author


@frozen
class Terms:
    """What an invite says of itself."""

    role: Role
    uses: int | None
    expires: int | None


def terms_of(invite: Fact) -> Terms | None:
    """The terms of an invite; None where they cannot be read, and then nobody can join by it."""
    said = invite.values()
    role, uses, expires = said.get("role"), said.get("uses"), said.get("expires")
    if role not in ROLES or not all(n is None or (type(n) is int and n >= 0) for n in (uses, expires)):
        return None
    return Terms(role, uses, expires)


def link_of(invite: Fact) -> ViewerLink | None:
    """The viewer link in a statement; None where it is another invite, or cannot be read."""
    said, key = invite.values(), member_key(invite.subject)
    expires = said.get("expires")
    if said.get("role") != VIEW or key is None or not is_sound(key):
        return None
    if expires is not None and (type(expires) is not int or expires < 0):
        return None
    return ViewerLink(key, invite.author, expires, revoked=False)


def invites_of(history: History, join: Fact) -> list[Fact]:
    """The readable invites that a join can mean, the one that grants least first."""
    by = member_key(join.values().get("by"))
    if by is None:
        return []
    found = [f for f in history.facts_about("invite", join.subject) if f.author == by and terms_of(f)]
    if len(found) > 1:
        before = history.before(join)
        found = [f for f in found if before.covers(f.actor, f.seq)]
    return sorted(found, key=lambda f: ROLES.index(_role(f)))


def granted(history: History, join: Fact) -> int:
    """The rank in ROLES that an admitted join brought with it: told by ancestors, so it never changes."""
    rank = history.ranks.get((join.actor, join.seq))
    if rank is None:
        invites = invites_of(history, join)
        rank = ROLES.index(_role(invites[0])) if invites else 0
        history.ranks[join.actor, join.seq] = rank
    return rank


def _role(invite: Fact) -> Role:
    terms = terms_of(invite)
    return terms.role if terms else "viewer"
