"""Statements: each member's own, said and said again; those of trust said once."""

from __future__ import annotations

import pytest

from moot_shared.errors import AdmissionError
from moot_shared.format.change import Action, ValueKind
from tests.helpers.community import Community, Machine, op, put, refused


def test_a_member_says_and_says_again(moot: Community, ann: Machine) -> None:
    first = moot.say(ann, "vote", "x", {"dots": 1})
    moot.write(ann.again(1), moot.saying(ann, "vote", "x", {"dots": 2}, first.operations[0].id))


def test_a_vote_for_another_is_refused(moot: Community, ann: Machine, bob: Machine) -> None:
    theirs = moot.say(bob, "vote", "x", {"dots": 1})
    refused(moot, moot.make(ann, moot.saying(bob, "vote", "y", {"dots": 3})), "not yours")
    refused(moot, moot.make(ann, moot.saying(bob, "vote", "x", {}, theirs.operations[0].id)), "not yours")
    refused(moot, moot.make(ann, moot.saying(ann, "vote", "x", {}, theirs.operations[0].id)), "replaced")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "{me}",
        "{me}/vote",
        "{me}//x",
        "{me}/Vote/x",
        "{me}/vote/",
        "vote/x",
        "{me}/1vote/x",
        "{me}/" + "v" * 33 + "/x",
    ],
)
def test_a_statement_without_a_proper_name_is_refused(moot: Community, ann: Machine, key: str) -> None:
    made = moot.make(ann, put(moot.said, key.format(me=ann.text), "{}"))
    with pytest.raises(AdmissionError):
        moot.admit(made)


def test_a_name_longer_than_any_is_refused(moot: Community, ann: Machine) -> None:
    refused(moot, moot.make(ann, moot.saying(ann, "vote", "x" * 1_000, {})), "key")


def test_a_statement_is_taken_out_by_who_said_it_and_nobody_else(
    moot: Community, ann: Machine, bob: Machine
) -> None:
    said = moot.say(ann, "vote", "x")
    key, first = said.operations[0].key, said.operations[0].id
    refused(moot, moot.make(bob, op(Action.DELETE, moot.said, key, pred=[first])), "not yours")
    moot.write(ann, op(Action.DELETE, moot.said, key, pred=[first]))
    moot.say(ann, "vote", "x")


def test_a_statement_is_a_text(moot: Community, ann: Machine) -> None:
    said = moot.say(ann, "vote", "x")
    key, first = said.operations[0].key, said.operations[0].id
    for odd in (
        put(moot.said, key, 1, first),
        op(Action.MAKE_MAP, moot.said, key),
        op(Action.MAKE_LIST, moot.said, key, pred=[first]),
        put(moot.said, key, 1, first, kind=ValueKind.COUNTER),
    ):
        refused(moot, moot.make(ann, odd), "statement")


@pytest.mark.parametrize("kind", ["invite", "revoke", "removal", "role", "self"])
def test_statements_of_trust_are_said_once_and_never_replaced(
    moot: Community, ann: Machine, kind: str
) -> None:
    made = moot.say(ann, kind, "x")
    refused(moot, moot.make(ann, moot.saying(ann, kind, "x", {})), "again")
    refused(moot, moot.make(ann, moot.saying(ann, kind, "x", {}, made.operations[0].id)), "again")
    refused(moot, moot.make(ann, *[moot.saying(ann, kind, "y", {})] * 2), "again")
    moot.say(ann, kind, "y")


def test_a_kind_from_a_newer_moot_is_as_good_as_any(moot: Community, ann: Machine) -> None:
    moot.write(ann, put(moot.said, f"{ann.text}/yet-to-come/me", "not even JSON"))
