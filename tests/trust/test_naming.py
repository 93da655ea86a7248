"""Convenors who are named: by a convenor, or by a majority when nobody is left who convenes."""

from __future__ import annotations

import pytest

from moot_shared.format.change import Change
from moot_shared.trust.roster import Roster
from tests.helpers.community import ULID, Community, Machine, person
from tests.trust.test_roster import standing, tips


def name(
    moot: Community,
    by: Machine,
    whom: Machine,
    proposer: Machine | None = None,
    *,
    role: str = "convenor",
    on: list[Change] | None = None,
) -> Change:
    """Say that somebody be a convenor: as a proposal of one's own, or as a vote for another's."""
    subject = f"{whom.text}/{(proposer or by).text}/{ULID}"
    return moot.say(by, "role", subject, {"role": role}, on=on)


@pytest.fixture
def members(moot: Community) -> list[Machine]:
    """Four whom the founder let in."""
    return [moot.member(each) for each in ("kim", "lee", "max", "nia")]


def test_a_convenor_names_another(moot: Community, members: list[Machine]) -> None:
    kim, lee, *_ = members
    name(moot, moot.founder, kim)
    assert standing(moot, kim, lee) == ["convenor", "member"]
    moot.say(kim, "removal", lee.text)
    assert standing(moot, kim, lee) == ["convenor", None]


def test_a_named_convenor_makes_convenors_by_invites(moot: Community, members: list[Machine]) -> None:
    kim = members[0]
    name(moot, moot.founder, kim)
    guest = person("guest")
    moot.add(moot.joining(guest, moot.invite(kim, "more", role="convenor"), kim))
    assert standing(moot, guest) == ["convenor"]


def test_nobody_names_themself(moot: Community, members: list[Machine]) -> None:
    kim, *_ = members
    name(moot, kim, kim)
    moot.say(kim, "role", f"{kim.text}/{kim.text}/{ULID}X", {"role": "convenor"})
    assert standing(moot, kim) == ["member"]


def test_more_than_half_of_the_members_name_a_convenor(moot: Community, members: list[Machine]) -> None:
    kim, lee, max_, _ = members
    name(moot, kim, lee)
    name(moot, max_, lee, proposer=kim)
    assert standing(moot, lee) == ["member"], "two of five"
    name(moot, lee, lee, proposer=kim)
    assert standing(moot, lee) == ["convenor"], "three of five"


def test_whoever_joins_after_a_proposal_changes_nothing(moot: Community, members: list[Machine]) -> None:
    kim, lee, max_, _ = members
    name(moot, kim, lee)
    for number in range(5):
        moot.member(f"later {number}")
    name(moot, max_, lee, proposer=kim)
    name(moot, lee, lee, proposer=kim)
    assert standing(moot, lee) == ["convenor"]
    for number in range(20):
        moot.member(f"much later {number}")
    assert standing(moot, lee) == ["convenor"]


def test_a_proposal_made_as_if_long_ago_asks_those_who_have_come_since(moot: Community) -> None:
    eve = moot.member("eve")
    long_ago = tips(moot)
    moot.member("kim"), moot.member("lee"), moot.member("max")
    name(moot, eve, eve, on=long_ago)
    assert standing(moot, eve) == ["member"]
    name(moot, moot.founder.again(1), moot.founder, on=long_ago)
    assert standing(moot, eve) == ["member"]


def test_nobody_brings_in_a_majority_of_their_own(moot: Community, members: list[Machine]) -> None:
    eve = members[0]
    puppets = []
    for number in range(9):
        puppets.append(person(f"puppet {number}"))
        moot.add(moot.joining(puppets[-1], moot.invite(eve, f"puppet {number}"), eve))
    name(moot, eve, eve)
    for puppet in puppets:
        name(moot, puppet, eve, proposer=eve)
    assert standing(moot, eve) == ["member"]


def test_where_nobody_is_left_whom_a_convenor_let_in_the_others_decide(moot: Community) -> None:
    kim = moot.member("kim")
    guests = [moot.member(f"guest {number}", by=kim) for number in range(3)]
    moot.say(kim, "removal", kim.text)
    moot.say(moot.founder, "removal", moot.founder.text)
    name(moot, guests[0], guests[1])
    assert standing(moot, guests[1]) == ["member"]
    name(moot, guests[2], guests[1], proposer=guests[0])
    assert standing(moot, guests[1]) == ["convenor"]


def test_removed_members_are_not_asked(moot: Community, members: list[Machine]) -> None:
    kim, lee, max_, nia = members
    moot.say(moot.founder, "removal", nia.text)
    moot.say(moot.founder, "removal", moot.founder.text, {"why": "I retire"})
    name(moot, kim, lee)
    assert standing(moot, lee) == ["member"]
    name(moot, max_, lee, proposer=kim)
    assert standing(moot, kim, lee, nia, moot.founder) == ["member", "convenor", None, None]


def test_whoever_a_majority_named_acts_from_then_on_and_not_before(
    moot: Community, members: list[Machine]
) -> None:
    kim, lee, max_, nia = members
    early = moot.say(lee, "removal", nia.text)
    name(moot, kim, lee)
    name(moot, max_, lee, proposer=kim)
    name(moot, lee, lee, proposer=kim)
    assert standing(moot, lee, nia) == ["convenor", "member"], early
    moot.say(lee, "removal", max_.text)
    assert standing(moot, lee, nia, max_) == ["convenor", "member", None]


def test_votes_for_one_proposal_are_not_votes_for_another(moot: Community, members: list[Machine]) -> None:
    kim, lee, max_, nia = members
    name(moot, kim, lee)
    name(moot, max_, lee)
    name(moot, nia, lee)
    assert standing(moot, lee) == ["member"]


def test_a_convenor_lays_the_role_down_and_can_be_named_again(
    moot: Community, members: list[Machine]
) -> None:
    kim, lee, *_ = members
    name(moot, moot.founder, kim)
    name(moot, kim, kim, role="member")
    assert standing(moot, kim) == ["member"]
    moot.say(kim, "removal", lee.text)
    assert standing(moot, lee) == ["member"]
    moot.say(moot.founder, "role", f"{kim.text}/{moot.founder.text}/again", {"role": "convenor"})
    assert standing(moot, kim) == ["convenor"]


def test_the_founder_too_can_lay_the_role_down(moot: Community, members: list[Machine]) -> None:
    name(moot, moot.founder, moot.founder, role="member")
    moot.say(moot.founder, "removal", members[0].text)
    assert standing(moot, moot.founder, members[0]) == ["member", "member"]


def test_nobody_takes_the_role_from_another(moot: Community, members: list[Machine]) -> None:
    kim, lee, *_ = members
    name(moot, moot.founder, kim)
    name(moot, moot.founder, lee)
    name(moot, kim, lee, role="member")
    assert standing(moot, kim, lee) == ["convenor", "convenor"]


def test_a_naming_concurrent_with_its_authors_removal_is_void(
    moot: Community, members: list[Machine]
) -> None:
    kim, lee, *_ = members
    name(moot, moot.founder, kim)
    aside = tips(moot)
    name(moot, kim, lee, on=aside)
    moot.say(moot.founder, "removal", kim.text, on=aside)
    assert standing(moot, kim, lee) == [None, "member"]


def test_a_proposal_of_which_nobody_is_left_who_was_asked_names_nobody(
    moot: Community, members: list[Machine]
) -> None:
    """kim proposes somebody who comes later, and everybody who was there goes."""
    kim = members[0]
    puppet, other = person("puppet"), person("other")
    invites = [(moot.invite(kim, each.text), each) for each in (puppet, other)]
    name(moot, kim, puppet)
    for invite, each in invites:
        moot.add(moot.joining(each, invite, kim))
    for each in (moot.founder, *members):
        moot.say(each, "removal", each.text)
    assert standing(moot, puppet, other) == ["member", "member"]


def test_a_member_leaves_by_their_own_word(moot: Community, members: list[Machine]) -> None:
    kim, lee, *_ = members
    moot.say(kim, "removal", kim.text)
    roster = Roster(moot.history)
    assert roster.role(kim.key) is None
    assert roster.members[kim.key].removed_by == kim.key
    assert roster.role(lee.key) == "member"


@pytest.mark.parametrize("subject", ["", "x", "{0}", "{0}/{0}", "{0}/x/y/z", "x/{0}/y"])
def test_a_naming_that_cannot_be_read_names_nobody(
    moot: Community, members: list[Machine], subject: str
) -> None:
    moot.say(moot.founder, "role", subject.format(members[0].text) or "/", {"role": "convenor"})
    assert standing(moot, members[0]) == ["member"]


def test_who_was_named_names_others_in_turn(moot: Community, members: list[Machine]) -> None:
    kim, lee, max_, nia = members
    name(moot, moot.founder, kim)
    name(moot, kim, lee)
    name(moot, lee, max_)
    assert standing(moot, kim, lee, max_, nia) == ["convenor", "convenor", "convenor", "member"]
