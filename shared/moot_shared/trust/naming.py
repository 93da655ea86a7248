"""Naming convenors: by one who convenes, or by a majority where nobody is left who does.

    role: <member's key>/<proposer's key>/<ulid>   {"role": "convenor"}

Whoever says it first names themself as the proposer; others who agree say it with the same subject.
Said by a convenor it is an act of authority. Otherwise it is a vote, and carries when more than half
of the members say it, and more than half of those whom convenors let in: whoever may invite could
else bring in a majority of their own. Those who joined after the proposal, having seen it, are not
asked; those who joined beside it are, so that nobody makes the circle small by proposing as if long
ago. `{"role": "member"}` said by oneself of oneself lays the role down.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from moot_shared.frozen import frozen
from moot_shared.trust.authority import Act
from moot_shared.trust.facts import Fact, member_key
from moot_shared.trust.history import Clock, History


def named(fact: Fact) -> bytes | None:
    """Whom a `role` statement makes a convenor; None where it does something else."""
    parts = fact.subject.split("/")
    if len(parts) != 3 or fact.values().get("role") != "convenor":
        return None
    return member_key(parts[0])


def lays_down(fact: Fact) -> bool:
    """Whether a `role` statement lays its author's own role down."""
    return fact.values().get("role") == "member" and member_key(fact.subject.split("/")[0]) == fact.author


def by_convenors(said: Iterable[Fact], roots: Iterable[bytes]) -> list[Act]:
    """Each naming as an act of its author, to be judged like every other one.

    Those whose authors nobody could have given authority, from `roots` on, count for nothing and are left
    out: a plain member may say them by the thousand.
    """
    namings: dict[bytes, list[tuple[Fact, bytes]]] = {}
    for fact in said:
        key = named(fact)
        if key is not None:
            namings.setdefault(fact.author, []).append((fact, key))
    reached = set(roots)
    stack = list(reached)
    while stack:
        for _, key in namings.get(stack.pop(), ()):
            if key not in reached:
                reached.add(key)
                stack.append(key)
    return [Act.by(fact, key) for author in sorted(reached) for fact, key in namings.get(author, ())]


@frozen
class Poll:
    """A member proposed as a convenor, and what became of it so far.

    `groups` are those whose majorities are needed, each with what they said, None for nothing yet.
    """

    proposal: Fact
    whom: bytes
    groups: tuple[Mapping[bytes, Fact | None], ...]

    @property
    def carried(self) -> bool:
        """Whether more than half of each group have agreed; where nobody asked is left, nobody has."""
        return bool(self.groups) and all(
            2 * sum(map(bool, group.values())) > len(group) for group in self.groups
        )


def polls(
    said: Iterable[Fact],
    history: History,
    members: Collection[bytes],
    let_in_by_convenors: Callable[[bytes], bool],
    clock: Clock | None,
    *,
    carried_only: bool = False,
) -> Iterator[Poll]:
    """The members whom others have proposed, in the order in which that was said, or those who were named.

    `members` belong; viewers and the old keys of linked persons are left out.
    """
    proposals: dict[str, dict[bytes, Fact]] = {}
    every: dict[tuple[str, bytes], list[Fact]] = {}  # a member's machines may say the same thing at once
    for fact in said:
        if named(fact) is not None:
            every.setdefault((fact.subject, fact.author), []).append(fact)
    for (subject, author), facts in every.items():
        proposals.setdefault(subject, {})[author] = min(facts, key=history.when)
    joined: dict[bytes, list[Clock]] = {}
    for subject, votes in proposals.items():
        proposer = member_key(subject.split("/")[1]) or b""
        proposal = votes.get(proposer)
        if proposal is None:
            continue
        asked: list[bytes] = []
        for key in members:
            if key not in joined:
                joined[key] = [history.before(join) for join in history.joins(key, clock)]
            if not _had_it(joined[key], every[subject, proposer]):
                asked.append(key)
                if carried_only and len(asked) >= 2 * len(votes):
                    break
        else:
            inner = [key for key in asked if let_in_by_convenors(key)]
            groups = tuple({key: votes.get(key) for key in group} for group in (asked, inner) if group)
            poll = Poll(proposal, named(proposal) or b"", groups)
            if poll.carried or not carried_only:
                yield poll


def by_majorities(
    said: Iterable[Fact],
    history: History,
    members: Collection[bytes],
    let_in_by_convenors: Callable[[bytes], bool],
    clock: Clock | None,
) -> Iterator[Act]:
    """The namings that have carried, among the ancestors that `clock` names."""
    for poll in polls(said, history, members, let_in_by_convenors, clock, carried_only=True):
        yield Act(None, poll.whom, poll.groups)


def _had_it(befores: list[Clock], proposals: list[Fact]) -> bool:
    """Whether somebody joined with all of the proposal before them, however often they joined.

    The founder never joined, and had nothing before them.
    """
    return bool(befores) and all(
        clock.covers(fact.actor, fact.seq) for clock in befores for fact in proposals
    )
