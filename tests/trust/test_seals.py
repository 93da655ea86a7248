"""Seals over batches: one at the end of each actor's run, and the run built on itself."""

from __future__ import annotations

import pytest

from moot_shared.errors import AdmissionError
from moot_shared.format.change import Change
from moot_shared.trust.seal import bad_runs, check_seals, join_message, seal_message
from tests.helpers.community import Community, Machine


def tips(moot: Community) -> list[Change]:
    return [moot.history.change(h) for h in moot.history.heads()]


def test_a_seal_is_over_community_actor_seq_and_hash() -> None:
    message = seal_message(b"c" * 32, b"a" * 40, 258, b"h" * 32)
    assert message == b"moot seal 1\0" + b"c" * 32 + b"a" * 40 + bytes(6) + b"\1\2" + b"h" * 32
    assert join_message(b"c" * 32, b"k" * 32) == b"moot join 1\0" + b"c" * 32 + b"k" * 32


def test_one_seal_at_the_end_vouches_for_a_run(moot: Community, ann: Machine, bob: Machine) -> None:
    run = [moot.say(who, "vote", str(n)) for n, who in enumerate((ann, bob, ann, bob, ann))]
    seals = {run[3].hash: moot.seal(run[3], bob), run[4].hash: moot.seal(run[4], ann)}
    check_seals(run, seals, moot.id)
    assert bad_runs(run[:4], seals, moot.id).keys() == {ann.actor}
    assert bad_runs(run, {}, moot.id).keys() == {ann.actor, bob.actor}
    check_seals([], {}, moot.id)


def test_a_seal_of_somebody_else_or_for_something_else_is_none(
    moot: Community, ann: Machine, bob: Machine
) -> None:
    one, two = moot.say(ann, "vote", "x"), moot.say(ann, "vote", "y")
    good = moot.seal(two, ann)
    check_seals([one, two], {two.hash: good}, moot.id)
    for seal, community in (
        (moot.seal(two, bob), moot.id),
        (moot.seal(one, ann), moot.id),
        (good, bytes(32)),
        (good[:-1], moot.id),
    ):
        with pytest.raises(AdmissionError) as refusal:
            check_seals([one, two], {two.hash: seal}, community)
        assert refusal.value.code == "seal"


def test_a_run_may_build_on_itself_by_way_of_others(moot: Community, ann: Machine, bob: Machine) -> None:
    first = moot.say(ann, "vote", "x")
    between = moot.say(bob, "vote", "x", on=[first])
    last = moot.say(ann, "vote", "y", on=[between])
    assert first.hash not in last.deps
    seals = {c.hash: moot.seal(c, who) for c, who in ((between, bob), (last, ann))}
    check_seals([first, between, last], seals, moot.id)


def test_a_true_sealed_change_does_not_carry_in_a_forged_one(moot: Community, ann: Machine) -> None:
    """The forged one bears the right seq, and no seal of its own; the true one was made on another."""
    base = tips(moot)
    forged = moot.make(ann, moot.saying(ann, "vote", "x", {"dots": 9}), on=base)
    first = moot.say(ann, "vote", "x", {"dots": 1}, on=base)
    true = moot.say(ann, "vote", "y", on=[first])
    seals = {true.hash: moot.seal(true, ann)}
    check_seals([first, true], seals, moot.id)
    with pytest.raises(AdmissionError) as refusal:
        check_seals([forged, true], seals, moot.id)
    assert refusal.value.code == "chain"
    assert bad_runs([first, forged, true], seals, moot.id).keys() == {ann.actor}
