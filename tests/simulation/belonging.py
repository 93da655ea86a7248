"""Whoever was removed is out: nothing that they said knowing it is anywhere among those who belong."""

from __future__ import annotations

from moot_shared.trust.facts import member_key
from moot_shared.trust.history import History
from moot_shared.trust.roster import Roster


def check_who_is_out(history: History, roster: Roster) -> None:
    """AssertionError where somebody spoke on after the removal that counts against them."""
    for fact in history.facts():
        if fact.kind != "removal":
            continue
        key = member_key(fact.subject)
        member = roster.members.get(key) if key else None
        if member is None or member.removed_by != fact.author:
            continue
        for actor in history.actors():
            newest = history.last(actor) if actor.startswith(member.key) else None
            if newest:
                knew = history.clock(newest.deps).get(fact.actor, 0) >= fact.seq
                assert not knew, "somebody who was removed has spoken on"
