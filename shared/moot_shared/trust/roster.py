"""Who belongs, as of any point of the history, computed from the statements of trust.

Joining is never undone by what came at the same time: a join that was admitted makes a member.
What falls with a removal is authority (`authority.py`): whoever joined as a convenor by an
invite that does not stand is a member and no convenor. Invites of a removed member are closed.

    what single convenors did (authority) -> who is whose later self (persons)
        -> what majorities did (naming) -> all of it together (authority)

A relay decides who may connect on the whole document; admission asks as of a change's ancestors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from moot_shared.frozen import frozen, replace
from moot_shared.identity import is_sound
from moot_shared.ids import encode_bytes
from moot_shared.trust.authority import Act, Authority
from moot_shared.trust.facts import Fact, member_key
from moot_shared.trust.history import Clock, History
from moot_shared.trust.invite import (
    ROLES,
    Invite,
    InviteState,
    LinkState,
    Role,
    ViewerLink,
    granted,
    invites_of,
    link_of,
    terms_of,
)
from moot_shared.trust.naming import Poll, by_convenors, by_majorities, lays_down, polls
from moot_shared.trust.persons import Claim, claims, later_selves, newest

_CONVENOR = ROLES.index("convenor")
_MEMBER_BYTES = 2_000  # what a member takes in a kept roster, about


@frozen
class Member:
    """Somebody on the roster. `invite` and `invited_by` are None for the founder."""

    key: bytes
    role: Role
    invite: bytes | None
    invited_by: bytes | None
    removed_by: bytes | None
    """The convenor whose removal stands, or the member who left; None for one in good standing."""
    later: bytes | None = None
    """The next key of the same person, where this one was lost."""


class Roster:
    """The members and invites that a set of statements amounts to."""

    members: Mapping[bytes, Member]
    """By key, the removed ones included, by when they joined (Lamport time, then key)."""
    invites: Mapping[bytes, Invite]
    """By the invite's public key: of several that name one key, the one that grants most."""

    links: Mapping[bytes, ViewerLink]
    """Viewer links, by their public key; made by convenors, or they are none."""

    def __init__(self, history: History, clock: Clock | None = None) -> None:
        """As of everything in `history`, or as of the ancestors that `clock` names."""
        self._history = history
        self._clock = clock
        self._said: dict[str, list[Fact]] = {}
        for fact in history.facts(clock):
            self._said.setdefault(fact.kind, []).append(fact)
        self._joined: dict[bytes, tuple[int, bytes]] = {history.founder: (0, history.founder)}
        joins = sorted(self._said.get("join", ()), key=history.when)
        first = {join.author: join for join in reversed(joins) if join.author != history.founder}
        for join in joins:  # the last join counts: by another one nobody becomes the elder
            if join.author != history.founder:
                self._joined[join.author] = history.when(join)
        self._inviter = {key: member_key(join.values().get("by")) for key, join in first.items()}
        self._inviter[history.founder] = None
        self._later: Mapping[bytes, bytes] = {}
        self._authority = self._judge(joins)
        keys = sorted(self._joined, key=self._order) if history.community is not None else ()
        self.members = {key: self._member(key, first.get(key)) for key in keys}
        self._taken = self._taken_back_by()
        self._invites = self._read_invites(joins)
        self.invites = {key: max(invites, key=Invite.worth) for key, invites in self._invites.items()}
        self.links = self._read_links()

    def _judge(self, joins: list[Fact]) -> Authority:
        roles, removals = self._said.get("role", ()), self._removals()
        given = [Act(None, self._history.founder, ()), *self._grants(joins)]
        grants = [*given, *by_convenors(roles, (act.subject for act in given))]
        down = [fact for fact in roles if lays_down(fact)]
        single = self._single = Authority(self._history, grants, removals, down, self._order)
        if "self" in self._said:
            self._later = later_selves(self._claims(single))
        if not roles:
            return single
        carried = list(by_majorities(roles, self._history, *self._electorate(single), self._clock))
        if not carried:
            return single
        given += carried
        grants = [*given, *by_convenors(roles, (act.subject for act in given))]
        return Authority(self._history, grants, removals, down, self._order)

    def _claims(self, single: Authority, *, closely: bool = False) -> list[Claim]:
        return claims(
            self._said.get("self", ()), self._history, self._clock,
            inviter=self._inviter, convened=single.ever, removed=lambda key: bool(single.removals(key)),
            closely=closely,
        )  # fmt: skip

    def _electorate(self, single: Authority) -> tuple[list[bytes], Callable[[bytes], bool]]:
        """Who is asked where a majority decides, and which of them convenors let in."""
        belong = [
            k for k in self._joined if self._writes(k) and k not in self._later and not single.removals(k)
        ]
        return belong, lambda key: self._let_in(key, single)

    def _writes(self, key: bytes) -> bool:
        """Whether somebody is more than a viewer."""
        joins = self._history.joins(key, self._clock)
        return key == self._history.founder or any(granted(self._history, join) for join in joins)

    def _let_in(self, key: bytes, authority: Authority) -> bool:
        """Whether the founder, or who was let in by somebody who convened."""
        by = self._inviter.get(key)
        return by is None or authority.ever(by)

    def polls(self) -> list[Poll]:
        """The members that others have proposed as convenors and who are none: to be shown, not to decide."""
        single, roles = self._single, self._said.get("role", ())
        return [
            poll
            for poll in polls(roles, self._history, *self._electorate(single), self._clock)
            if self.role(poll.whom) == "member"
            and not poll.carried
            and not single.held(poll.proposal.author, poll.proposal)
        ]

    def claims(self) -> list[Claim]:
        """The claims to earlier keys that do not stand (yet): to be shown, not to decide."""
        found = self._claims(self._single, closely=True)
        return [claim for claim in found if claim.earlier not in self._later]

    def person(self, key: bytes) -> bytes:
        """The key under which whoever has `key` is known now: their newest one."""
        return newest(key, self._later)

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

    def link_state(self, key: bytes, now: int) -> LinkState:
        """Whether a viewer link can be read by (`now` in Unix milliseconds)."""
        return self.links[key].state(now) if key in self.links else "unknown"

    def open_invite(self, invite_key: bytes, now: int) -> Invite | None:
        """The invite by which a holder of its secret may join now: its author goes into the join."""
        found = [i for i in self._invites.get(invite_key, ()) if i.state(now) == "open"]
        return max(found, key=Invite.worth) if found else None

    def _order(self, key: bytes) -> tuple[int, bytes]:
        return self._joined.get(key, (1 << 62, key))

    def _member(self, key: bytes, join: Fact | None) -> Member:
        authors = [act.said.author for act in self._authority.removals(key) if act.said]
        role: Role = "member" if self._writes(key) else "viewer"
        if self._authority.convenor(key):
            role = "convenor"
        return Member(
            key,
            role,
            member_key(join.subject) if join else None,
            self._inviter[key],
            min(authors, key=self._order, default=None),
            self._later.get(key),
        )

    def _grants(self, joins: list[Fact]) -> list[Act]:
        """What convenors' invites gave, but for those that were taken back before a join or beside it."""
        found = []
        for join in joins:
            if granted(self._history, join) == _CONVENOR and not self._taken_back(join):
                invites = invites_of(self._history, join)
                found += [Act.by(invite, join.author, since=join) for invite in invites]
        return found

    def _taken_back(self, join: Fact) -> bool:
        """Whether the author of a join's invite, or the founder, took it back without knowing of the join."""
        by = member_key(join.values().get("by"))
        return any(
            back.subject == join.subject
            and back.author in (by, self._history.founder)
            and not self._history.upto(back).covers(join.actor, join.seq)
            for back in self._said.get("revoke", ())
        )

    def _removals(self) -> list[Act]:
        return [
            Act.by(fact, subject, removes=True)
            for fact in self._said.get("removal", ())
            if (subject := member_key(fact.subject)) is not None
        ]

    def _read_invites(self, joins: list[Fact]) -> dict[bytes, list[Invite]]:
        used: dict[tuple[str, object], dict[bytes, None]] = {}
        for join in joins:
            used.setdefault((join.subject, join.values().get("by")), {})[join.author] = None
        found: dict[bytes, list[Invite]] = {}
        for fact in self._said.get("invite", ()):
            terms, key = terms_of(fact), member_key(fact.subject)
            if terms is None or key is None or not is_sound(key):
                continue
            if terms.role == "convenor" and not self._acted(fact):
                continue
            used_by = tuple(used.get((fact.subject, encode_bytes(fact.author)), ()))
            closed = self._closed(fact)
            found.setdefault(key, []).append(
                Invite(key, fact.author, terms.role, terms.uses, terms.expires, closed, used_by)
            )
        return found

    def _read_links(self) -> dict[bytes, ViewerLink]:
        found: dict[bytes, ViewerLink] = {}
        for fact in self._said.get("invite", ()):
            link = link_of(fact)
            if link is None or not self._acted(fact):
                continue
            link = replace(link, revoked=self._closed(fact))
            found[link.key] = max(found.get(link.key, link), link, key=ViewerLink.worth)
        return found

    def _taken_back_by(self) -> dict[str, list[Fact]]:
        found: dict[str, list[Fact]] = {}
        for fact in self._said.get("revoke", ()):
            found.setdefault(fact.subject, []).append(fact)
        return found

    def _closed(self, invite: Fact) -> bool:
        """Whether it was taken back by who may, or its author belongs no more."""
        return self.role(invite.author) in (None, "viewer") or any(
            back.author == invite.author or self._acted(back) for back in self._taken.get(invite.subject, ())
        )

    def _acted(self, fact: Fact) -> bool:
        """Whether a statement that needs authority had it, and still has."""
        return self._authority.held(fact.author, fact) and not self._authority.undone(fact)


def roster_at(history: History, clock: Clock) -> Roster:
    """The roster as of the ancestors that `clock` names; kept, since few changes say anything about it."""
    key = clock.among(history.fact_places)
    if history.links:  # whether a link stands hangs on every word of the earlier key
        key = clock.among(-1)
    kept = history.rosters.get(key)
    if not isinstance(kept, Roster):
        kept = Roster(history, clock)
        history.rosters.keep(key, kept, len(kept.members) * _MEMBER_BYTES + (key.bit_length() >> 3))
    return kept
