"""A viewer link: only a convenor makes one, nobody joins by it, and it ends when it is taken back or over."""

from __future__ import annotations

from typing import Any

import pytest

from moot_shared.trust.invite import ROLES, VIEW
from moot_shared.trust.roster import Roster
from tests.helpers.community import Community, Machine, person, refused

NOW = 1_760_000_000_000


def link(moot: Community, by: Machine, name: str = "link", **terms: Any) -> Machine:
    return moot.invite(by, name, role=VIEW, **terms)


def state(moot: Community, made: Machine, now: int = NOW) -> str:
    return Roster(moot.history).link_state(made.key, now)


def test_a_convenors_link_is_open_and_is_no_invite(moot: Community) -> None:
    made = link(moot, moot.founder)
    roster = Roster(moot.history)
    assert roster.link_state(made.key, NOW) == "open"
    assert roster.invite_state(made.key, NOW) == "unknown"
    assert roster.open_invite(made.key, NOW) is None
    assert made.key not in roster.invites
    assert roster.links[made.key].author == moot.founder.key


def test_nobody_joins_by_a_link(moot: Community, ann: Machine) -> None:
    for by in (moot.founder, ann):
        made = link(moot, by, f"link of {by.text}")
        refused(moot, moot.joining(person("eve"), made, by), "invite")


def test_its_role_is_one_that_an_older_moot_cannot_read() -> None:
    """There, too, nobody joins by an invite whose role is none of these: they are older than links."""
    assert ROLES == ("viewer", "member", "convenor")
    assert VIEW not in ROLES


def test_a_link_of_a_member_is_none(moot: Community, ann: Machine) -> None:
    assert state(moot, link(moot, ann)) == "unknown"


def test_a_link_ends_with_its_time(moot: Community) -> None:
    made = link(moot, moot.founder, expires=NOW)
    assert state(moot, made, NOW - 1) == "open"
    assert state(moot, made, NOW) == "expired"


def test_a_link_is_taken_back_by_its_author_or_a_convenor_and_by_nobody_else(
    moot: Community, ann: Machine
) -> None:
    kim = moot.member("kim", role="convenor")
    made, other = link(moot, moot.founder), link(moot, moot.founder, "another")
    moot.say(ann, "revoke", made.text)
    assert state(moot, made) == "open"
    moot.say(kim, "revoke", made.text)
    assert state(moot, made) == "revoked"
    moot.say(moot.founder, "revoke", other.text)
    assert state(moot, other) == "revoked"


def test_a_link_ends_with_its_authors_membership(moot: Community) -> None:
    kim = moot.member("kim", role="convenor")
    made = link(moot, kim)
    assert state(moot, made) == "open"
    moot.say(moot.founder, "removal", kim.text)
    assert state(moot, made) == "revoked"


def test_a_link_that_was_made_while_its_author_was_being_removed_is_void(moot: Community) -> None:
    kim = moot.member("kim", role="convenor")
    before = [moot.history.change(h) for h in moot.history.heads()]
    moot.say(moot.founder, "removal", kim.text)
    made = link(moot, kim, on=before)
    assert state(moot, made) in ("unknown", "revoked")


@pytest.mark.parametrize("expires", ["never", -1, 1.5, True, []])
def test_a_link_whose_end_cannot_be_read_is_none(moot: Community, expires: Any) -> None:
    assert state(moot, link(moot, moot.founder, expires=expires)) == "unknown"


def test_an_invite_with_a_links_key_makes_the_link_no_better_and_hides_it_from_nobody(
    moot: Community, ann: Machine
) -> None:
    made = link(moot, moot.founder)
    again = moot.invite(ann, "link")
    assert again.key == made.key
    roster = Roster(moot.history)
    assert roster.links[made.key].author == moot.founder.key
    assert roster.invites[made.key].author == ann.key
    moot.say(moot.founder, "revoke", made.text)
    roster = Roster(moot.history)
    assert (roster.link_state(made.key, NOW), roster.invite_state(made.key, NOW)) == ("revoked", "revoked")


def test_links_are_the_same_whatever_came_first(moot: Community) -> None:
    kim = moot.member("kim", role="convenor")
    before = [moot.history.change(h) for h in moot.history.heads()]
    made = link(moot, moot.founder, on=before)
    link(moot, kim, expires=NOW, on=before)
    assert state(moot, made, NOW + 1) == "open"  # the one that is good for longest counts
    moot.say(kim, "revoke", made.text)
    assert state(moot, made) == "revoked"
