"""What members have to answer together: who becomes a convenor, and whether somebody is who they were."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from moot_client.views.people import Member, People
from moot_client.views.rows import said_at
from moot_client.views.rules import rules
from moot_shared.frozen import frozen
from moot_shared.ids import encode_bytes

VOUCHERS = 2


@frozen
class Proposal:
    """A member proposed as a convenor. `subject` is what agreeing says; `more` agree and it carries.

    `asked` is how many were members when it was proposed. `inner`: those still needed must be among whom
    convenors let in.
    """

    subject: str
    whom: Member
    by: Member
    agreed: tuple[Member, ...]
    asked: int
    more: int
    inner: bool
    mine: bool  # I have agreed
    open_to_me: bool  # I am asked, and have not answered
    at: int

    @property
    def target(self) -> str:
        """How a list names it."""
        return f"proposal/{self.subject}"


@frozen
class Claim:
    """Somebody who says that an earlier member was them. `subject` is what vouching says.

    `enough`: those who vouched would do. `used`: the earlier key has been used since, so it cannot stand.
    """

    subject: str
    earlier: Member
    later: Member
    vouched: tuple[Member, ...]
    enough: bool
    used: bool
    mine: bool  # it is me who claims
    open_to_me: bool  # I can vouch
    at: int

    @property
    def target(self) -> str:
        """How a list names it."""
        return f"claim/{self.subject}"


def proposals(db: sqlite3.Connection, known: People, me: str) -> tuple[Proposal, ...]:
    """Every open proposal, the oldest first. Light where there is none."""
    plain = {m.key for m in known if m.belongs and m.role == "member"}
    said = db.execute("SELECT subject FROM fact WHERE kind = 'role'").fetchall()
    if not any(subject.split("/")[0] in plain for (subject,) in said):
        return ()
    found = []
    for poll in rules(db).polls:
        if not poll.groups:  # all who were asked have gone
            continue
        asked = {encode_bytes(key): said for key, said in poll.groups[0].items()}
        missing, *within = (len(group) // 2 + 1 - sum(map(bool, group.values())) for group in poll.groups)
        subject = poll.proposal.subject
        found.append(
            Proposal(
                subject=subject,
                whom=known[encode_bytes(poll.whom)],
                by=known[encode_bytes(poll.proposal.author)],
                agreed=tuple(known[key] for key, vote in asked.items() if vote),
                asked=len(asked),
                more=max([missing, *within]),
                inner=max(within, default=0) > missing,
                mine=bool(asked.get(me)),
                open_to_me=known[me].belongs and me in asked and not asked[me],
                at=said_at(db, f"{encode_bytes(poll.proposal.author)}/role/{subject}"),
            )
        )
    return tuple(found)


def about(member: str, found: Iterable[Proposal]) -> Proposal | None:
    """Of several proposals of one member the one to answer: I have not yet, and it lacks the fewest."""
    wanted = (one for one in found if one.whom.key == member)
    return min(wanted, key=lambda one: (one.mine, one.more), default=None)


def claims(db: sqlite3.Connection, known: People, me: str) -> tuple[Claim, ...]:
    """Every open claim to an earlier member, the oldest first. Light where there is none."""
    linked = {m.key for m in known if m.now}
    said = db.execute("SELECT subject FROM fact WHERE kind = 'self'").fetchall()
    if all(subject.split("/")[0] in linked for (subject,) in said):
        return ()
    found = []
    for claim in rules(db).claims:
        earlier, later = encode_bytes(claim.earlier), encode_bytes(claim.said.author)
        vouched = tuple(encode_bytes(key) for key in claim.vouchers)
        if known[later].removed or known[later].now:
            continue
        may = known[me].belongs and known[me].role != "viewer" and me not in (earlier, later, *vouched)
        found.append(
            Claim(
                subject=claim.said.subject,
                earlier=known[earlier],
                later=known[later],
                vouched=tuple(known[key] for key in vouched),
                enough=claim.enough,
                used=not claim.silent,
                mine=later == me,
                open_to_me=may and claim.silent,
                at=said_at(db, f"{later}/self/{claim.said.subject}"),
            )
        )
    return tuple(found)


def how_many_more(proposal: Proposal) -> str:
    """'2 of 4 agree; one more is needed'."""
    verb = "agrees" if len(proposal.agreed) == 1 else "agree"
    more = "one more is" if proposal.more == 1 else f"{proposal.more} more are"
    whom = ", of those whom a convenor let in" if proposal.inner else ""
    return f"{len(proposal.agreed)} of {proposal.asked} {verb}; {more} needed{whom}"


def what_is_missing(claim: Claim) -> str:
    """What a claim waits for, in a few words."""
    if claim.used:
        return "the earlier name has been used since, so it cannot count"
    left = VOUCHERS - len(claim.vouched)
    if left > 0:
        return f"{'two members' if left > 1 else 'one more member'} must vouch"
    if not claim.enough:
        return "one more must vouch, let in by somebody else"
    return "it goes in a circle with another one, so it cannot count"
