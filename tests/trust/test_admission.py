"""A change's place: the first one, what it is built on, who made it, its seal, its size."""

from __future__ import annotations

import pytest

from moot_shared.errors import AdmissionError
from moot_shared.format.change import Action, Operation, ValueKind, decode_change
from moot_shared.trust.admission import MissingDeps, admit
from moot_shared.trust.history import History
from tests.helpers.community import Community, Machine, genesis, op, person, put, refused
from tests.helpers.encoding import encode_change

NUMBER = put(None, "moot", 1, kind=ValueKind.UINT)
RECORDS, SAID = op(Action.MAKE_MAP, None, "records"), op(Action.MAKE_MAP, None, "said")


def nothing() -> History:
    """A history without changes."""
    chunks: dict[bytes, bytes] = {}
    return History(chunks.__getitem__)


def test_a_community_begins_with_exactly_the_genesis_change() -> None:
    founder = person("founder")
    made = genesis(founder)
    admit(made, nothing(), seal=None, seal_needed=False)
    assert made.hash == Community(founder).id


@pytest.mark.parametrize(
    "operations",
    [
        [],
        [NUMBER],
        [put(None, "moot", 2, kind=ValueKind.UINT), RECORDS, SAID],
        [put(None, "moot", 1), RECORDS, SAID],
        [RECORDS, SAID, NUMBER],
        [NUMBER, RECORDS, op(Action.MAKE_LIST, None, "said")],
        [NUMBER, RECORDS, SAID, put(None, "x", 1)],
    ],
)
def test_no_other_change_begins_one(operations: list[Operation]) -> None:
    made = decode_change(encode_change(operations, actor=person("founder").actor))
    with pytest.raises(AdmissionError):
        admit(made, nothing(), seal=None, seal_needed=False)


def test_a_second_beginning_is_refused(moot: Community) -> None:
    refused(moot, genesis(person("other founder")), "genesis")
    moot.admit(moot.genesis)


def test_an_actor_is_a_members_key_and_a_nonce(moot: Community, ann: Machine) -> None:
    for actor in (ann.key, ann.actor + b"x", bytes(40), b"\1" + bytes(39)):
        made = decode_change(
            encode_change(
                [moot.saying(ann, "vote", "x", {})],
                actor=actor,
                start_op=9,
                deps=moot.history.heads(),
            )
        )
        refused(moot, made, "actor")


def test_a_change_that_comes_early_names_what_it_waits_for(moot: Community, ann: Machine) -> None:
    other = Community()
    other.member("ann")
    early = other.say(ann, "profile", "me")
    late = other.say(ann, "vote", "x")
    with pytest.raises(MissingDeps) as waiting:
        moot.admit(late)
    assert waiting.value.missing == (early.hash,)
    assert waiting.value.retry
    moot.add(early)
    moot.add(late)
    moot.admit(late)


def test_what_was_made_at_the_same_time_enters_in_any_order(
    moot: Community, ann: Machine, bob: Machine
) -> None:
    base = [moot.history.change(h) for h in moot.history.heads()]
    here_and_there = [moot.make(who, moot.saying(who, "vote", "x", {}), on=base) for who in (ann, bob)]
    for change in here_and_there:
        moot.admit(change)
    for change in reversed(here_and_there):
        moot.add(change)
    assert len(moot.history.heads()) == 2
    moot.say(bob, "vote", "y")
    assert len(moot.history.heads()) == 1


@pytest.mark.parametrize("off", [-1, 1, 1000])
def test_operations_are_counted_on_from_the_ancestors(moot: Community, ann: Machine, off: int) -> None:
    right = moot.make(ann, moot.saying(ann, "vote", "x", {}))
    wrong = moot.make(ann, moot.saying(ann, "vote", "x", {}), start_op=right.start_op + off)
    moot.admit(right)
    refused(moot, wrong, "counter")


@pytest.mark.parametrize("seq", [1, 3, 40])
def test_a_seq_that_does_not_follow_the_authors_last_is_refused(
    moot: Community, ann: Machine, seq: int
) -> None:
    moot.admit(moot.make(ann, moot.saying(ann, "vote", "x", {}), seq=2))
    refused(moot, moot.make(ann, moot.saying(ann, "vote", "x", {}), seq=seq), "chain")


def test_a_change_is_built_on_its_authors_last(moot: Community, ann: Machine, bob: Machine) -> None:
    before = [moot.history.change(h) for h in moot.history.heads()]
    moot.say(ann, "vote", "x")
    aside = moot.say(bob, "vote", "x", on=before)
    refused(moot, moot.make(ann, moot.saying(ann, "vote", "y", {}), on=[aside], seq=3), "chain")


def test_of_two_changes_at_one_place_the_first_stays(moot: Community, ann: Machine) -> None:
    before = [moot.history.change(h) for h in moot.history.heads()]
    moot.say(ann, "vote", "x")
    refused(moot, moot.make(ann, moot.saying(ann, "vote", "y", {}), on=before), "fork")


def test_a_seal_is_asked_for_and_verified(moot: Community, ann: Machine, bob: Machine) -> None:
    change = moot.make(ann, moot.saying(ann, "vote", "x", {}))
    moot.admit(change, ann)
    for seal, code in ((None, "unsealed"), (moot.seal(change, bob), "seal"), (b"", "seal")):
        with pytest.raises(AdmissionError) as refusal:
            admit(change, moot.history, seal=seal, seal_needed=True)
        assert refusal.value.code == code


def test_a_change_larger_than_a_change_may_be_is_refused(moot: Community, ann: Machine) -> None:
    moot.admit(moot.make(ann, moot.saying(ann, "note", "x", "a" * 200_000)))
    refused(moot, moot.make(ann, moot.saying(ann, "note", "x", "a" * 300_000)), "size")


def test_a_change_that_does_nothing_is_refused(moot: Community, ann: Machine) -> None:
    refused(moot, moot.make(ann), "empty")


def test_a_change_is_refused_whole_for_its_last_operation(moot: Community, ann: Machine) -> None:
    fine = [moot.saying(ann, "vote", str(n), {}) for n in range(20)]
    moot.admit(moot.make(ann, *fine))
    refused(moot, moot.make(ann, *fine, put(None, "x", 1)), "root")


def test_admission_changes_nothing(moot: Community, ann: Machine) -> None:
    heads, version = moot.history.heads(), moot.history.version()
    moot.admit(moot.make(ann, moot.saying(ann, "vote", "x", {})))
    refused(moot, moot.make(ann, put(None, "x", 1)), "root")
    assert (moot.history.heads(), moot.history.version()) == (heads, version)
