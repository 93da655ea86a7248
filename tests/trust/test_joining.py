"""Coming in: by an invite's secret, once; and what an invite is worth on the whole document."""

from __future__ import annotations

import json
from typing import Any

import pytest

from moot_shared.ids import encode_bytes
from moot_shared.trust.roster import Roster
from moot_shared.trust.seal import join_message
from tests.helpers.community import Community, Machine, person, put, refused

NOW = 1_760_000_000_000


def test_a_join_by_an_invite_makes_a_member(moot: Community) -> None:
    ann = person("ann")
    invite = moot.invite(moot.founder, "spring")
    refused(moot, moot.make(ann, moot.saying(ann, "vote", "x", {})), "stranger")
    moot.add(moot.joining(ann, invite, moot.founder), ann)
    moot.say(ann, "vote", "x")
    moot.say(ann.again(7), "vote", "y")
    member = Roster(moot.history).members[ann.key]
    assert (member.role, member.invited_by, member.invite) == ("member", moot.founder.key, invite.key)


def test_a_proof_is_for_one_joiner_one_community_and_one_invite(moot: Community) -> None:
    ann, eve = person("ann"), person("eve")
    invite, other = moot.invite(moot.founder, "spring"), person("invite other")
    wrong = [
        other.identity.sign(join_message(moot.id, eve.key)),
        invite.identity.sign(join_message(moot.id, ann.key)),
        invite.identity.sign(join_message(bytes(32), eve.key)),
        b"",
        bytes(64),
    ]
    for proof in wrong:
        refused(moot, moot.joining(eve, invite, moot.founder, proof=encode_bytes(proof)), "proof")
    nonsense: tuple[Any, ...] = (None, 7, "=", "ä", {})
    for odd in nonsense:
        refused(moot, moot.joining(eve, invite, moot.founder, proof=odd), "proof")
    moot.admit(moot.joining(eve, invite, moot.founder))


def test_a_join_names_an_invite_among_its_ancestors_and_its_author(moot: Community, ann: Machine) -> None:
    eve = person("eve")
    before = [moot.history.change(h) for h in moot.history.heads()]
    invite = moot.invite(moot.founder, "spring")
    refused(moot, moot.joining(eve, person("invite never"), moot.founder), "invite")
    refused(moot, moot.joining(eve, invite, ann), "invite")
    for by in (None, 7, eve.text, moot.founder.text[:-1]):
        said = moot.saying(eve, "join", invite.text, {"by": by, "proof": ""})
        refused(moot, moot.make(eve, said), "invite")
    refused(moot, moot.joining(eve, invite, moot.founder, on=before), "invite")


@pytest.mark.parametrize(
    "terms",
    [{"role": "king"}, {"role": None}, {"uses": "many"}, {"uses": -1}, {"expires": 1.5}, {"uses": True}],
)
def test_nobody_joins_by_an_invite_that_cannot_be_read(moot: Community, terms: dict[str, Any]) -> None:
    invite = moot.invite(moot.founder, "odd", **terms)
    refused(moot, moot.joining(person("eve"), invite, moot.founder), "invite")
    assert Roster(moot.history).invite_state(invite.key, NOW) == "unknown"


def test_a_join_is_the_first_change_of_its_actor_and_nothing_else(moot: Community, ann: Machine) -> None:
    eve, invite = person("eve"), moot.invite(moot.founder, "spring")
    join = moot.joining(eve, invite, moot.founder).operations[0]
    refused(moot, moot.make(eve, join, moot.saying(eve, "vote", "x", {})), "stranger")
    refused(moot, moot.make(eve, moot.saying(eve, "vote", "x", {}), join), "stranger")
    refused(moot, moot.make(eve, put(moot.said, join.key, 1)), "stranger")
    refused(moot, moot.make(eve, put(moot.records, join.key, str(join.value))), "stranger")
    refused(moot, moot.make(ann, put(moot.said, join.key, str(join.value))), "not yours")
    moot.write(eve, join)
    refused(moot, moot.make(eve.again(1), join), "again")
    refused(moot, moot.joining(eve.again(1), moot.invite(ann, "autumn"), ann), "joined")


def test_members_invite_members_and_only_convenors_make_convenors(moot: Community, ann: Machine) -> None:
    bob = moot.member("bob", ann)
    grasping = moot.invite(ann, "grasping", role="convenor")
    refused(moot, moot.joining(person("eve"), grasping, ann), "grant")
    assert Roster(moot.history).invite_state(grasping.key, NOW) == "unknown"
    kim = moot.member("kim", role="convenor")
    lee = moot.member("lee", kim, role="convenor")
    roster = Roster(moot.history)
    assert [roster.role(m.key) for m in (moot.founder, ann, bob, kim, lee)] == [
        "convenor", "member", "member", "convenor", "convenor",
    ]  # fmt: skip


def test_a_viewer_reads_and_writes_nothing(moot: Community) -> None:
    eve = moot.member("eve", role="viewer", expires=NOW)
    refused(moot, moot.make(eve, moot.saying(eve, "vote", "x", {})), "viewer")
    roster = Roster(moot.history)
    assert roster.role(eve.key) == "viewer"
    assert roster.may_connect(eve.key, NOW - 1)
    assert not roster.may_connect(eve.key, NOW)


def test_expiry_uses_and_taking_back_decide_who_connects_not_what_is_admitted(
    moot: Community, ann: Machine
) -> None:
    """What an honest member has among their ancestors, nobody refuses: the relay's door is elsewhere."""
    old = moot.invite(ann, "old", expires=NOW, uses=9)
    once = moot.invite(ann, "once", uses=1)
    back = moot.invite(ann, "back")
    roster = Roster(moot.history)
    assert [roster.invite_state(i.key, NOW - 1) for i in (old, once, back)] == ["open"] * 3
    moot.say(ann, "revoke", back.text)
    first, second = person("first"), person("second")
    moot.add(moot.joining(first, once, ann))
    roster = Roster(moot.history)
    assert [roster.invite_state(i.key, NOW) for i in (old, once, back)] == ["expired", "spent", "revoked"]
    assert roster.open_invite(once.key, NOW) is None
    for who, invite in ((second, once), (person("third"), old), (person("fourth"), back)):
        moot.add(moot.joining(who, invite, ann))
        assert Roster(moot.history).may_connect(who.key, NOW)
    assert Roster(moot.history).invites[once.key].used_by == (first.key, second.key)


def test_a_use_is_spent_once_per_key(moot: Community, ann: Machine) -> None:
    invite = moot.invite(ann, "twice", uses=2)
    before = [moot.history.change(h) for h in moot.history.heads()]
    for nonce in (0, 1):
        moot.add(moot.joining(person("eve").again(nonce), invite, ann, on=before))
    roster = Roster(moot.history)
    assert roster.invites[invite.key].used_by == (person("eve").key,)
    assert roster.invite_state(invite.key, NOW) == "open"


def test_an_invite_is_taken_back_by_its_author_or_a_convenor(
    moot: Community, ann: Machine, bob: Machine
) -> None:
    invite = moot.invite(ann, "spring")
    moot.say(bob, "revoke", invite.text)
    assert Roster(moot.history).invite_state(invite.key, NOW) == "open"
    moot.say(moot.founder, "revoke", invite.text)
    assert Roster(moot.history).invite_state(invite.key, NOW) == "revoked"
    assert Roster(moot.history).invite_state(bob.key, NOW) == "unknown"


def test_a_stranger_to_an_invite_cannot_spoil_it_by_making_one_of_the_same_key(
    moot: Community, ann: Machine, bob: Machine
) -> None:
    invite = moot.invite(ann, "spring", uses=3)
    moot.invite(bob, "spring", uses=0, expires=1)
    moot.say(bob, "revoke", invite.text)
    roster = Roster(moot.history)
    assert roster.invite_state(invite.key, NOW) == "open"
    found = roster.open_invite(invite.key, NOW)
    assert found
    assert found.author == ann.key
    moot.add(moot.joining(person("eve"), invite, ann))


def test_statements_of_trust_that_make_no_sense_are_passed_over(moot: Community, ann: Machine) -> None:
    for kind in ("invite", "revoke", "removal", "role", "self"):
        for subject, text in (("x", "{}"), (ann.text, "[]"), (ann.text[:-1] + "!", "{"), ("a/b", "1")):
            moot.write(moot.founder, put(moot.said, f"{moot.founder.text}/{kind}/{kind}{subject}", text))
    roster = Roster(moot.history)
    assert list(roster.members) == [moot.founder.key, ann.key]
    assert json.loads(moot.history.facts()[0].payload)
