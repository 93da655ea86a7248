"""Who belongs, as of any point of the history, computed from the statements of trust."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from moot_shared.trust.history import History

Role = Literal["viewer", "member", "convenor"]
InviteState = Literal["open", "spent", "expired", "revoked", "unknown"]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the roster. `invite` and `invited_by` are None for the founder."""

    key: bytes
    role: Role
    invite: bytes | None
    invited_by: bytes | None
    removed_by: bytes | None
    """The convenor whose removal stands; None for a member in good standing."""


@dataclass(frozen=True, slots=True)
class Invite:
    """An invitation: who made it, what it grants, and who has used it so far."""

    key: bytes
    author: bytes
    role: Role
    uses: int | None
    expires: int | None
    revoked: bool
    used_by: tuple[bytes, ...]


class Roster:
    """The members and invites that a set of statements amounts to."""

    def __init__(self, history: History, clock: Mapping[bytes, int] | None = None) -> None:
        """As of everything in `history`, or as of the ancestors that `clock` names."""
        raise NotImplementedError

    members: Mapping[bytes, Member]
    """By key, the removed ones included, in the order of joining."""
    invites: Mapping[bytes, Invite]
    """By the invite's public key."""

    def role(self, key: bytes) -> Role | None:
        """What a member in good standing is; None for strangers and removed ones."""
        raise NotImplementedError

    def may_connect(self, key: bytes, now: int) -> bool:
        """Whether a relay lets this key in (`now` in Unix milliseconds): ask a roster of everything."""
        raise NotImplementedError

    def invite_state(self, invite_key: bytes, now: int) -> InviteState:
        """Whether one more person may come in by this invite."""
        raise NotImplementedError
