"""A key that was lost, and the later key of the same person."""

from __future__ import annotations

import pytest

from moot_shared.trust.roster import Roster
from tests.helpers.community import ULID, Community, Machine, person


def claim(moot: Community, later: Machine, earlier: Machine, *vouching: Machine) -> None:
    """The later key says that it is the earlier one's, and others agree."""
    subject = f"{earlier.text}/{later.text}"
    for one in (later, *vouching):
        moot.say(one, "self", subject, {})


def is_one(moot: Community, earlier: Machine, later: Machine) -> bool:
    """Whether two keys count as one person's."""
    roster = Roster(moot.history)
    return roster.person(earlier.key) == roster.person(later.key) == later.key


@pytest.fixture
def people(moot: Community) -> dict[str, Machine]:
    """Five whom the founder let in; `new` is what kim came back as."""
    return {name: moot.member(name) for name in ("kim", "lee", "max", "nia", "new")}


def test_two_members_vouch_for_whoever_lost_their_key(moot: Community, people: dict[str, Machine]) -> None:
    kim, new = people["kim"], people["new"]
    moot.say(kim, "vote", "x")
    claim(moot, new, kim, people["lee"])
    assert not is_one(moot, kim, new)
    claim(moot, people["max"], kim)
    moot.say(people["max"], "self", f"{kim.text}/{new.text}", {})
    assert is_one(moot, kim, new)
    assert Roster(moot.history).members[kim.key].later == new.key


def test_nobody_vouches_for_themself_or_twice(moot: Community, people: dict[str, Machine]) -> None:
    kim, new, lee = people["kim"], people["new"], people["lee"]
    claim(moot, new, kim, lee, kim)
    assert not is_one(moot, kim, new)


def test_nobody_makes_up_those_who_vouch(moot: Community, people: dict[str, Machine]) -> None:
    """eve lets in herself again and two puppets, and claims to be kim."""
    eve, kim = people["max"], people["kim"]
    puppets = [person(f"puppet {number}") for number in range(4)]
    for number, puppet in enumerate(puppets):
        host = eve if number < 2 else puppets[number - 1]
        moot.add(moot.joining(puppet, moot.invite(host, f"puppet {number}"), host))
    claim(moot, puppets[0], kim, *puppets[1:], eve)
    assert not is_one(moot, kim, puppets[0])
    claim(moot, eve, kim, *puppets)
    assert not is_one(moot, kim, eve)


def test_any_word_of_the_earlier_key_ends_the_link(moot: Community, people: dict[str, Machine]) -> None:
    kim, new = people["kim"], people["new"]
    claim(moot, new, kim, people["lee"], people["max"])
    assert is_one(moot, kim, new)
    moot.say(kim.again(1), "vote", "I am here")
    assert not is_one(moot, kim, new)


def test_a_removed_key_has_no_word_to_end_it_with(moot: Community, people: dict[str, Machine]) -> None:
    kim, new = people["kim"], people["new"]
    aside = [moot.history.change(h) for h in moot.history.heads()]
    claim(moot, new, kim, people["lee"], people["max"])
    moot.say(kim, "vote", "from the stolen machine", on=aside)
    assert not is_one(moot, kim, new)
    moot.say(moot.founder, "removal", kim.text)
    assert is_one(moot, kim, new)


def test_a_link_moves_no_authority(moot: Community, people: dict[str, Machine]) -> None:
    kim, new = people["kim"], people["new"]
    moot.say(moot.founder, "role", f"{kim.text}/{moot.founder.text}/{ULID}", {"role": "convenor"})
    claim(moot, new, kim, people["lee"], people["max"])
    roster = Roster(moot.history)
    assert [roster.role(kim.key), roster.role(new.key)] == ["convenor", "member"]


def test_a_linked_earlier_key_is_not_asked_by_majorities(moot: Community, people: dict[str, Machine]) -> None:
    """Six keys, five persons: three of them are more than half."""
    kim, lee, max_, new = (people[name] for name in ("kim", "lee", "max", "new"))
    claim(moot, new, kim, lee, max_)
    for voter in (lee, max_, new):
        moot.say(voter, "role", f"{lee.text}/{lee.text}/{ULID}", {"role": "convenor"})
    assert Roster(moot.history).role(lee.key) == "convenor"


def test_a_person_who_loses_the_key_twice_is_still_one(moot: Community, people: dict[str, Machine]) -> None:
    kim, new, third = people["kim"], people["new"], people["nia"]
    claim(moot, new, kim, people["lee"], people["max"])
    claim(moot, third, new, people["lee"], people["max"])
    assert Roster(moot.history).person(kim.key) == third.key


def test_a_counter_claim_ends_the_claim(moot: Community, people: dict[str, Machine]) -> None:
    kim, new = people["kim"], people["new"]
    claim(moot, new, kim, people["lee"], people["max"])
    claim(moot, kim, new, people["lee"], people["max"])
    roster = Roster(moot.history)
    assert roster.person(kim.key) == roster.person(new.key) == kim.key
