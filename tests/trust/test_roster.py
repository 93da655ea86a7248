"""Who belongs after removals, also those that were made at the same time."""

from __future__ import annotations

import random

import pytest

from moot_shared.errors import AdmissionError
from moot_shared.format.change import Change
from moot_shared.trust.history import History
from moot_shared.trust.roster import Roster
from tests.helpers.community import Community, Machine, person, refused

NOW = 1_760_000_000_000


def tips(moot: Community) -> list[Change]:
    """The newest changes: what something concurrent is built on."""
    return [moot.history.change(h) for h in moot.history.heads()]


def standing(moot: Community, *machines: Machine) -> list[str | None]:
    """What members are, as of everything here."""
    roster = Roster(moot.history)
    return [roster.role(machine.key) for machine in machines]


@pytest.fixture
def convenors(moot: Community) -> list[Machine]:
    """Three convenors, in the order in which they joined."""
    return [moot.member(name, role="convenor") for name in ("kim", "lee", "max")]


def test_a_removed_member_connects_no_more_and_writes_no_more(
    moot: Community, ann: Machine, bob: Machine
) -> None:
    aside = tips(moot)
    moot.say(moot.founder, "removal", ann.text, {"why": "left"})
    roster = Roster(moot.history)
    assert not roster.may_connect(ann.key, NOW)
    assert roster.may_connect(bob.key, NOW)
    assert roster.members[ann.key].removed_by == moot.founder.key
    refused(moot, moot.make(ann, moot.saying(ann, "vote", "x", {})), "removed")
    refused(moot, moot.make(ann.again(1), moot.saying(ann, "vote", "x", {})), "removed")
    refused(moot, moot.joining(ann.again(1), moot.invite(bob, "back"), bob), "removed")
    late = moot.say(ann, "vote", "x", on=aside)
    moot.say(ann, "vote", "y", on=[late])
    refused(moot, moot.make(ann, moot.saying(ann, "vote", "z", {})), "removed")


def test_only_a_convenor_removes(moot: Community, ann: Machine, bob: Machine) -> None:
    moot.say(ann, "removal", bob.text)
    moot.say(bob, "removal", moot.founder.text)
    moot.say(bob, "vote", "x")
    moot.say(moot.founder, "vote", "x")
    assert standing(moot, moot.founder, ann, bob) == ["convenor", "member", "member"]


def test_the_founder_can_be_removed_by_another_convenor(moot: Community, convenors: list[Machine]) -> None:
    moot.say(convenors[0], "removal", moot.founder.text)
    assert standing(moot, moot.founder, convenors[0]) == [None, "convenor"]
    refused(moot, moot.make(moot.founder, moot.saying(moot.founder, "vote", "x", {})), "removed")


def test_invites_of_a_removed_member_are_closed(moot: Community, ann: Machine) -> None:
    invite = moot.invite(ann, "spring")
    moot.say(moot.founder, "removal", ann.text)
    assert Roster(moot.history).invite_state(invite.key, NOW) == "revoked"


def test_an_act_that_a_removal_was_made_on_stands(
    moot: Community, ann: Machine, convenors: list[Machine]
) -> None:
    kim, lee, _ = convenors
    moot.say(kim, "removal", ann.text)
    moot.say(lee, "removal", kim.text)
    assert standing(moot, ann, kim, lee) == [None, None, "convenor"]


def test_an_act_concurrent_with_its_authors_removal_is_void(
    moot: Community, ann: Machine, convenors: list[Machine]
) -> None:
    kim, lee, _ = convenors
    aside = tips(moot)
    moot.say(lee, "removal", ann.text, on=aside)
    assert standing(moot, ann) == [None]
    moot.say(kim, "removal", lee.text, on=aside)
    assert standing(moot, ann, kim, lee) == ["member", "convenor", None]
    moot.say(ann, "vote", "x")


@pytest.mark.parametrize("first", [0, 1])
def test_of_mutual_removals_that_of_the_earlier_member_stands(
    moot: Community, convenors: list[Machine], first: int
) -> None:
    aside = tips(moot)
    for one in (first, 1 - first):
        moot.say(convenors[one], "removal", convenors[1 - one].text, on=aside)
    assert standing(moot, *convenors) == ["convenor", None, "convenor"]
    moot.say(convenors[0], "vote", "x")
    refused(moot, moot.make(convenors[1], moot.saying(convenors[1], "vote", "x", {})), "removed")


def test_a_circle_of_removals_is_opened_at_the_earliest_member(
    moot: Community, convenors: list[Machine]
) -> None:
    kim, lee, max_ = convenors
    aside = tips(moot)
    moot.say(kim, "removal", lee.text, on=aside)
    moot.say(lee, "removal", max_.text, on=aside)
    moot.say(max_, "removal", kim.text, on=aside)
    assert standing(moot, kim, lee, max_) == [None, None, "convenor"]


def test_what_hangs_on_a_circle_waits_for_it(moot: Community, ann: Machine, convenors: list[Machine]) -> None:
    """The founder's removal of ann is undone by lee, who in turn holds only if kim does not remove lee."""
    kim, lee, _ = convenors
    aside = tips(moot)
    moot.say(moot.founder, "removal", ann.text, on=aside)
    moot.say(lee, "removal", moot.founder.text, on=aside)
    assert standing(moot, moot.founder, ann) == [None, "member"]
    moot.say(kim, "removal", lee.text, on=aside)
    moot.say(lee.again(1), "removal", kim.text, on=aside)
    assert standing(moot, moot.founder, ann, kim, lee) == ["convenor", None, "convenor", None]


def test_authority_that_came_from_a_void_invite_is_none_and_membership_stays(
    moot: Community, ann: Machine, convenors: list[Machine]
) -> None:
    kim, lee, _ = convenors
    aside = tips(moot)
    invite = moot.invite(lee, "helper", role="convenor", on=aside)
    helper = person("helper")
    joined = moot.add(moot.joining(helper, invite, lee, on=tips(moot)))
    moot.say(helper, "removal", ann.text, on=[joined])
    assert standing(moot, helper, ann) == ["convenor", None]
    moot.say(kim, "removal", lee.text, on=aside)
    assert standing(moot, helper, ann, lee) == ["member", "member", None]
    moot.say(helper, "vote", "x")
    eve = moot.invite(helper, "eve", role="convenor")
    refused(moot, moot.joining(person("eve"), eve, helper), "grant")


def test_a_puppet_made_aside_does_not_outrank_whoever_removes_its_maker(
    moot: Community, convenors: list[Machine]
) -> None:
    """lee, about to be removed by kim, makes a convenor aside who removes kim: kim came first."""
    kim, lee, _ = convenors
    aside = tips(moot)
    invite = moot.invite(lee, "puppet", role="convenor", on=aside)
    puppet = person("puppet")
    joined = moot.add(moot.joining(puppet, invite, lee, on=tips(moot)))
    moot.say(puppet, "removal", kim.text, on=[joined])
    moot.say(kim, "removal", lee.text, on=aside)
    assert standing(moot, kim, lee, puppet) == ["convenor", None, "member"]


def test_a_member_who_joined_twice_at_once_is_one_member(moot: Community) -> None:
    eve = person("eve")
    plain, high = moot.invite(moot.founder, "plain"), moot.invite(moot.founder, "high", role="convenor")
    before = tips(moot)
    moot.add(moot.joining(eve, high, moot.founder, on=before))
    moot.add(moot.joining(eve.again(1), plain, moot.founder, on=before))
    assert standing(moot, eve) == ["convenor"]
    assert len(Roster(moot.history).members) == 2


def test_a_roster_can_be_asked_as_of_any_point(moot: Community, ann: Machine) -> None:
    before = moot.history.clock(moot.history.heads())
    moot.say(moot.founder, "removal", ann.text)
    assert Roster(moot.history, before).role(ann.key) == "member"
    assert Roster(moot.history).role(ann.key) is None
    assert Roster(moot.history, moot.history.clock([])).role(ann.key) is None


def test_an_empty_history_has_no_members() -> None:
    chunks: dict[bytes, bytes] = {}
    roster = Roster(History(chunks.__getitem__))
    assert not roster.members
    assert not roster.may_connect(bytes(32), NOW)


def _turmoil(dice: random.Random) -> Community:
    """Convenors and members who invite, join and remove one another, much of it at the same time."""
    moot = Community()
    people = [moot.founder] + [moot.member(f"c{n}", role="convenor") for n in range(3)]
    people += [moot.member(f"m{n}") for n in range(2)]
    every = list(moot.history.version().values())
    points = [moot.history.change(h) for _, h in every]
    for number in range(14):
        who = dice.choice(people).again(100 + number)
        on = dice.sample(points, dice.choice((1, 1, 2)))
        try:
            if dice.random() < 0.3:
                role = dice.choice(("convenor", "convenor", "member"))
                invite = moot.invite(who, f"i{number}", on=on, role=role)
                made = moot.history.change(moot.history.last(who.actor).hash)  # type: ignore[union-attr]
                new = person(f"n{number}")
                points.append(moot.add(moot.joining(new, invite, who, on=[made, dice.choice(points)])))
                people.append(new)
            else:
                points.append(moot.say(who, "removal", dice.choice(people).text, on=on))
        except AdmissionError:
            continue  # an author who was removed, or not yet there
    return moot


def _shuffled(moot: Community, dice: random.Random) -> list[Change]:
    """The same changes in another causal order."""
    waiting = {h: moot.history.change(h) for h in moot.chunks}
    done: list[Change] = []
    seen: set[bytes] = set()
    while waiting:
        ready = [c for c in waiting.values() if seen.issuperset(c.deps)]
        change = dice.choice(ready)
        done.append(waiting.pop(change.hash))
        seen.add(change.hash)
    return done


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_the_order_of_arrival_makes_no_difference(seed: int) -> None:
    dice = random.Random(seed)
    moot = _turmoil(dice)
    clocks = [moot.history.clock([h]) for h in moot.chunks]
    for _ in range(2):
        other = Community.__new__(Community)
        other.chunks = {}
        other.history = History(other.chunks.__getitem__)
        for change in _shuffled(moot, dice):
            other.add(change)
        ours, theirs = Roster(moot.history), Roster(other.history)
        assert list(ours.members.items()) == list(theirs.members.items())
        assert ours.invites == theirs.invites
        for clock in clocks:
            assert Roster(moot.history, clock).members == Roster(other.history, clock).members
