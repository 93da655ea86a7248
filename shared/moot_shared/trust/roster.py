"""Who belongs, as of any point of the history, computed from the statements of trust.

Joining is never undone by what came at the same time: a join that was admitted makes a member.
What falls with a removal is authority (`authority.py`): whoever joined as a convenor by an
invite that does not stand is a member and no convenor. Invites of a removed member are closed.

A relay decides who may connect on the whole document; admission asks as of a change's ancestors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from moot_shared.identity import is_sound
from moot_shared.ids import encode_bytes
from moot_shared.trust.authority import Act, Authority, member_key
from moot_shared.trust.facts import Fact
from moot_shared.trust.history import Clock, History
from moot_shared.trust.invite import ROLES, Invite, InviteState, Role, granted, invites_of, terms_of


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the roster. `invite` and `invited_by` are None for the founder."""

    key: bytes
    role: Role
    invite: bytes | None
    invited_by: bytes | None
    removed_by: bytes | None
    """The convenor whose removal stands; None for a member in good standing."""


class Roster:
    """The members and invites that a set of statements amounts to."""

    members: Mapping[bytes, Member]
    """By key, the removed ones included, by when they joined (Lamport time, then key)."""
    invites: Mapping[bytes, Invite]
    """By the invite's public key: of several that name one key, the one that grants most."""

    def __init__(self, history: History, clock: Clock | None = None) -> None:
        """As of everything in `history`, or as of the ancestors that `clock` names."""
        self._history = history
        self._clock = clock
        self._said: dict[str, list[Fact]] = {}
        for fact in history.facts(clock):
            self._said.setdefault(fact.kind, []).append(fact)
        self._joined: dict[bytes, tuple[int, bytes]] = {history.founder: (0, history.founder)}
        joins = sorted(self._said.get("join", ()), key=self._when)
        for join in joins:
            self._joined.setdefault(join.author, self._when(join))
        self._authority = Authority(history, self._grants(joins), self._removals(), self._order)
        self.members = {}
        if history.community is not None:
            self.members[history.founder] = self._member(history.founder, None)
        for join in joins:
            if join.author not in self.members:
                self.members[join.author] = self._member(join.author, join)
        self._invites = self._read_invites(joins)
        self.invites = {key: max(invites, key=Invite.worth) for key, invites in self._invites.items()}

    def role(self, key: bytes) -> Role | None:
        """What a member in good standing is; None for strangers and removed ones."""
        member = self.members.get(key)
        return member.role if member and member.removed_by is None else None

    def may_connect(self, key: bytes, now: int) -> bool:
        """Whether a relay lets this key in (`now` in Unix milliseconds): ask a roster of everything.

        A viewer's access ends with the invite that it came by.
        """
        role = self.role(key)
        if role != "viewer":
            return role is not None
        invite = self.members[key].invite
        return any(i.state(now) in ("open", "spent") for i in self._invites.get(invite or b"", ()))

    def invite_state(self, invite_key: bytes, now: int) -> InviteState:
        """Whether one more person may come in by this invite."""
        invite = self.open_invite(invite_key, now)
        if invite:
            return "open"
        return self.invites[invite_key].state(now) if invite_key in self.invites else "unknown"

    def open_invite(self, invite_key: bytes, now: int) -> Invite | None:
        """The invite by which a holder of its secret may join now: its author goes into the join."""
        found = [i for i in self._invites.get(invite_key, ()) if i.state(now) == "open"]
        return max(found, key=Invite.worth) if found else None

    def _when(self, fact: Fact) -> tuple[int, bytes]:
        entry = self._history.at(fact.actor, fact.seq)
        return (entry.start_op if entry else 0, fact.author)

    def _order(self, key: bytes) -> tuple[int, bytes]:
        return self._joined.get(key, (1 << 62, key))

    def _member(self, key: bytes, join: Fact | None) -> Member:
        removals = self._authority.removals(key)
        by = min((act.said.author for act in removals), key=self._order) if removals else None
        if join is None:
            return Member(key, "convenor", None, None, by)
        roles = (granted(self._history, fact) for fact in self._history.joins(key, self._clock))
        role = max((ROLES[min(rank, 1)] for rank in roles), key=ROLES.index)
        if self._authority.convenor(key):
            role = "convenor"
        return Member(key, role, member_key(join.subject), member_key(join.values().get("by")), by)

    def _grants(self, joins: list[Fact]) -> list[Act]:
        found = []
        for join in joins:
            if granted(self._history, join) == ROLES.index("convenor"):
                invite = invites_of(self._history, join)[0]
                found.append(Act(invite, join.author, join, removes=False))
        return found

    def _removals(self) -> list[Act]:
        return [
            Act(fact, subject, fact, removes=True)
            for fact in self._said.get("removal", ())
            if (subject := member_key(fact.subject)) is not None
        ]

    def _read_invites(self, joins: list[Fact]) -> dict[bytes, list[Invite]]:
        used: dict[tuple[str, object], dict[bytes, None]] = {}
        for join in joins:
            used.setdefault((join.subject, join.values().get("by")), {})[join.author] = None
        taken_back: dict[str, list[Fact]] = {}
        for fact in self._said.get("revoke", ()):
            taken_back.setdefault(fact.subject, []).append(fact)
        found: dict[bytes, list[Invite]] = {}
        for fact in self._said.get("invite", ()):
            terms, key = terms_of(fact), member_key(fact.subject)
            if terms is None or key is None or not is_sound(key):
                continue
            if terms.role == "convenor" and not self._acted(fact):
                continue
            used_by = tuple(used.get((fact.subject, encode_bytes(fact.author)), ()))
            closed = self.role(fact.author) in (None, "viewer") or any(
                back.author == fact.author or self._acted(back) for back in taken_back.get(fact.subject, ())
            )
            found.setdefault(key, []).append(
                Invite(key, fact.author, terms.role, terms.uses, terms.expires, closed, used_by)
            )
        return found

    def _acted(self, fact: Fact) -> bool:
        """Whether a statement that needs authority had it, and still has."""
        return self._authority.held(fact.author, fact) and not self._authority.undone(fact)
