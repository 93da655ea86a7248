"""Who belongs, and what is admitted, hangs on the changes alone: never on the order in which they came."""

from __future__ import annotations

import random

import pytest

from moot_shared.errors import MootError
from moot_shared.format.change import Change
from moot_shared.trust.admission import admit
from moot_shared.trust.history import History
from moot_shared.trust.roster import Roster
from tests.helpers.community import ULID, Community, Machine, person

SEEDS = 60
STEPS = 22


class Story:
    """Members say things of trust from two machines each, on whatever they happen to know."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.moot = Community()
        self.people = [self.moot.founder]
        for name in ("ann", "ben", "cat"):
            self.people.append(self.moot.member(name, role=self.dice.choice(["member", "convenor"])))
        self.invites = [(self.moot.invite(self.people[0], "open", role="convenor"), self.people[0])]
        self.base = len(self.moot.history)
        self.machines = [machine for one in self.people for machine in (one, one.again(5))]
        for _ in range(STEPS):
            try:
                self._step()
            except MootError:
                continue

    def changes(self) -> list[Change]:
        return [self.moot.history.change(entry.hash) for entry in self.moot.history.missing_from({})]

    def _step(self) -> None:
        dice, moot = self.dice, self.moot
        by, whom = dice.choice(self.machines), dice.choice(self.people)
        said = self.changes()
        heads = [dice.choice(said[max(self.base - 3, 0) :]) for _ in range(dice.randint(1, 2))]
        on = None if dice.random() < 0.5 else heads
        choice = dice.random()
        if choice < 0.25:
            moot.say(by, "removal", whom.text, on=on)
        elif choice < 0.6:
            proposer, role = dice.choice(self.people), dice.choice(["convenor", "convenor", "member"])
            moot.say(by, "role", f"{whom.text}/{proposer.text}/{ULID}", {"role": role}, on=on)
        elif choice < 0.7:
            key = person("invite both")
            moot.say(by, "invite", key.text, {"role": "convenor", "uses": None, "expires": None}, on=on)
            self.invites.append((key, by))
        elif choice < 0.75:
            moot.say(by, "revoke", dice.choice(self.invites)[0].text, on=on)
        elif choice < 0.9:
            invite, host = dice.choice(self.invites)
            who = dice.choice([person(name) for name in ("dan", "eve")])
            machine = Machine(who.identity, dice.choice([0, 5]))
            moot.add(moot.joining(machine, invite, host, on=on))
            if all(one.key != who.key for one in self.people):
                self.people.append(who)
                self.machines += [who, who.again(5)]
        else:
            moot.say(by, "self", f"{whom.text}/{dice.choice(self.people).text}", on=on)


def arrived(moot: Community, order: list[Change]) -> History:
    """What somebody has whom the changes reached in this order."""
    history = History(moot.chunks.__getitem__)
    for change in order:
        admit(change, history, seal=None, seal_needed=False)
        history.add(change)
    return history


def shuffled(changes: list[Change], dice: random.Random) -> list[Change]:
    """Another order in which each change comes after those that it was made on."""
    waiting, here, order = list(changes), set[bytes](), list[Change]()
    while waiting:
        ready = [
            change
            for change in waiting
            if here.issuperset(change.deps)
            and not any(o.actor == change.actor and o.seq < change.seq for o in waiting)
        ]
        order.append(dice.choice(ready))
        here.add(order[-1].hash)
        waiting.remove(order[-1])
    return order


def seen(history: History) -> object:
    """Everything that the roster says."""
    roster = Roster(history)
    members = {k: (m.role, m.invited_by, m.removed_by, m.later) for k, m in roster.members.items()}
    return members, list(roster.members), {k: (i.author, i.revoked) for k, i in roster.invites.items()}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_in_whatever_order_they_come_the_same_are_admitted_and_belong(seed: int) -> None:
    story = Story(seed)
    changes = story.changes()
    expected = seen(story.moot.history)
    for number in range(4):
        order = shuffled(changes, random.Random(f"{seed} {number}"))
        assert seen(arrived(story.moot, order)) == expected


def test_a_member_who_names_themself_a_thousand_times_costs_nobody_anything(
    moot: Community, ann: Machine
) -> None:
    said = [
        moot.saying(ann, "role", f"{ann.text}/{ann.text}/{number:026d}", {"role": "convenor"})
        for number in range(1_500)
    ]
    moot.write(ann, *said[:750])
    moot.write(ann, *said[750:])
    looked = []
    clock = moot.history.clock

    def counting(hashes: object) -> object:
        looked.append(hashes)
        return clock(hashes)  # type: ignore[arg-type]

    moot.history.clock = counting  # type: ignore[method-assign, assignment]
    assert Roster(moot.history).role(ann.key) == "member"
    assert len(looked) < 20_000


def test_a_second_join_makes_nobody_the_elder(moot: Community) -> None:
    early = moot.invite(moot.founder, "early", role="convenor")
    at = [moot.history.change(h) for h in moot.history.heads()]
    ann = moot.member("older", role="convenor")
    eve = person("eve")
    moot.add(moot.joining(eve, early, moot.founder))
    base = [moot.history.change(h) for h in moot.history.heads()]
    moot.say(ann, "removal", eve.text, on=base)
    moot.say(eve, "removal", ann.text, on=base)
    assert (Roster(moot.history).role(ann.key), Roster(moot.history).role(eve.key)) == ("convenor", None)
    moot.add(moot.joining(eve.again(7), early, moot.founder, on=at))
    assert Roster(moot.history).role(ann.key) == "convenor"


def test_a_convenors_invite_that_was_taken_back_makes_no_convenor_whoever_brings_the_join(
    moot: Community,
) -> None:
    invite = moot.invite(moot.founder, "helpers", role="convenor")
    moot.say(moot.founder, "revoke", invite.text)
    crony = person("crony")
    moot.add(moot.joining(crony, invite, moot.founder))
    assert Roster(moot.history).role(crony.key) == "member"


def in_another_order(moot: Community, earlier: Change, before: Change) -> History:
    """What somebody has to whom `earlier` came before `before`."""
    order = [moot.history.change(entry.hash) for entry in moot.history.missing_from({})]
    order.remove(earlier)
    order.insert(order.index(before), earlier)
    return arrived(moot, order)


def tips(moot: Community) -> list[Change]:
    return [moot.history.change(h) for h in moot.history.heads()]


def test_of_what_two_machines_propose_at_once_neither_order_counts(moot: Community) -> None:
    founder, ann = moot.founder, moot.member("ann")
    moot.say(founder, "role", f"{founder.text}/{founder.text}/{ULID}", {"role": "member"})
    base = tips(moot)
    subject = f"{ann.text}/{ann.text}/{ULID[:-1]}1"
    first = moot.say(ann, "role", subject, {"role": "convenor"}, on=base)
    agreed = moot.say(founder, "role", subject, {"role": "convenor"}, on=[first])
    invite = moot.invite(founder, "bulk", on=[agreed])
    top = tips(moot)
    for number in range(5):
        moot.add(moot.joining(person(f"late{number}"), invite, founder, on=top))
    second = moot.say(ann.again(5), "role", subject, {"role": "convenor"}, on=base)
    assert seen(in_another_order(moot, second, first)) == seen(moot.history)


def test_joins_that_are_not_among_the_ancestors_decide_nothing(moot: Community) -> None:
    founder, ann = moot.founder, moot.member("ann")
    invite = moot.invite(founder, "open")
    moot.say(founder, "role", f"{founder.text}/{founder.text}/{ULID}", {"role": "member"})
    base = tips(moot)
    subject = f"{ann.text}/{ann.text}/{ULID[:-1]}1"
    moot.say(ann, "role", subject, {"role": "convenor"})
    moot.say(founder, "role", subject, {"role": "convenor"})
    late = [person(f"late{number}") for number in range(2)]
    top = tips(moot)
    for who in late:
        moot.add(moot.joining(who, invite, founder, on=top))
    moot.say(ann, "removal", late[0].text)
    without = arrived(moot, [moot.history.change(entry.hash) for entry in moot.history.missing_from({})])
    note = moot.make(late[0], moot.saying(late[0], "note", "a", {}))
    for who in late:
        moot.add(moot.joining(who.again(9), invite, founder, on=base))
    for history in (without, moot.history):
        with pytest.raises(MootError, match="after its author was removed"):
            admit(note, history, seal=None, seal_needed=False)


def test_of_two_invites_of_one_key_neither_order_counts(moot: Community) -> None:
    founder, kim = moot.founder, moot.member("kim", role="convenor")
    base, key = tips(moot), person("invite both")
    terms = {"role": "convenor", "uses": None, "expires": None}
    one = moot.say(kim, "invite", key.text, terms, on=base)
    moot.say(founder, "removal", kim.text, on=[one])
    other = moot.say(kim.again(4), "invite", key.text, terms, on=base)
    moot.add(moot.joining(person("x"), key, kim, on=[one, other]))
    assert seen(in_another_order(moot, other, one)) == seen(moot.history)


def test_of_two_joins_at_one_time_neither_order_counts(moot: Community) -> None:
    founder, ann, who = moot.founder, moot.member("ann"), person("x")
    base = tips(moot)
    one, other = moot.invite(founder, "one", on=base), moot.invite(ann, "two", on=base)
    said = {change.author: change for change in tips(moot)}
    first = moot.add(moot.joining(who, one, founder, on=[said[founder.key]]))
    second = moot.add(moot.joining(who.again(3), other, ann, on=[said[ann.key]]))
    assert first.start_op == second.start_op
    assert seen(in_another_order(moot, second, first)) == seen(moot.history)
