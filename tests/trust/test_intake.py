"""Batches: runs that end with a seal, what waits for others, and what is taken out again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moot_shared.format.change import Change
from moot_shared.limits import DEFAULT
from moot_shared.trust import intake
from moot_shared.trust.history import History
from moot_shared.trust.intake import Verdict
from moot_shared.trust.seal import Sealed, check_seal
from moot_shared.trust.waiting import Waiting
from tests.helpers.community import Community, Machine, person


class Taker:
    """Somebody who has all that `moot` had, and takes in batches."""

    def __init__(self, moot: Community, orphans: int = 100, own: bytes | None = None) -> None:
        self.moot = moot
        self.chunks = dict(moot.chunks)
        self.history = History(self.chunks.__getitem__)
        for entry in moot.history.missing_from({}):
            self.history.add(moot.history.change(entry.hash))
        self.waiting = Waiting(replace(DEFAULT, orphans_per_peer=orphans))
        self.own = own

    def take(self, *changes: Change, sealed: tuple[Change, ...] = (), by: Machine | None = None) -> Verdict:
        """Take in changes; each of `sealed` bears its author's seal (or that of `by`)."""
        people = {person(name).key: person(name) for name in ("founder", "ann", "bob", "eve")}
        batch = [
            Sealed(c.raw, self.moot.seal(c, by or people[c.author]) if c in sealed else None) for c in changes
        ]
        verdict = intake.take_in(batch, self.history, self.moot.id, self.waiting, own_actor=self.own)
        self.chunks |= {item.change.hash: item.change.raw for item in verdict.admitted}
        return verdict

    def has(self, *changes: Change) -> bool:
        return all(change.hash in self.history for change in changes)


@pytest.fixture
def taker(moot: Community, ann: Machine, bob: Machine) -> Taker:
    """Made before anything else was said."""
    return Taker(moot)


def codes(verdict: Verdict) -> list[str]:
    return [no.code for no in verdict.refused.values()]


def test_one_seal_at_the_end_vouches_for_a_run(
    moot: Community, ann: Machine, bob: Machine, taker: Taker
) -> None:
    run = [moot.say(who, "vote", str(n)) for n, who in enumerate((ann, bob, ann, bob, ann))]
    verdict = taker.take(*run, sealed=(run[3], run[4]))
    assert [item.change for item in verdict.admitted] == run
    assert [item.seal is not None for item in verdict.admitted] == [False, False, False, True, True]
    assert verdict.through == {ann.actor: run[4].seq, bob.actor: run[3].seq}


def test_of_several_seals_in_a_run_one_is_verified_and_kept(
    moot: Community, ann: Machine, taker: Taker, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = [moot.say(ann, "vote", str(n)) for n in range(9)]
    looked: list[int] = []

    def look(change: Change, seal: bytes | None, community: bytes) -> None:
        looked.append(change.seq)
        check_seal(change, seal, community)

    monkeypatch.setattr(intake, "check_seal", look)
    verdict = taker.take(*run, sealed=tuple(run))
    assert looked == [run[-1].seq]
    assert [item.seal is not None for item in verdict.admitted] == [False] * 8 + [True]


def test_what_follows_the_last_seal_does_not_enter(moot: Community, ann: Machine, taker: Taker) -> None:
    run = [moot.say(ann, "vote", str(n)) for n in range(4)]
    verdict = taker.take(*run, sealed=(run[1],))
    assert taker.has(*run[:2])
    assert codes(verdict) == ["unsealed", "unsealed"]
    assert taker.history.heads() == (run[1].hash,)


def test_a_run_may_build_on_itself_by_way_of_others(
    moot: Community, ann: Machine, bob: Machine, taker: Taker
) -> None:
    first = moot.say(ann, "vote", "x")
    between = moot.say(bob, "vote", "x", on=[first])
    last = moot.say(ann, "vote", "y", on=[between])
    assert not taker.take(first, between, last, sealed=(between, last)).refused
    assert taker.has(first, between, last)


def test_a_true_sealed_change_does_not_carry_in_a_forged_one(
    moot: Community, ann: Machine, bob: Machine, taker: Taker
) -> None:
    """The forged one bears the right seq, and no seal of its own; the true one was made on another."""
    base = [moot.history.change(h) for h in moot.history.heads()]
    forged = moot.make(ann, moot.saying(ann, "vote", "x", {"dots": 9}), on=base)
    first = moot.say(ann, "vote", "x", {"dots": 1}, on=base)
    true = moot.say(ann, "vote", "y", on=[first])
    reply = moot.say(bob, "comment", "x", on=[true])
    heads = taker.history.heads()
    taker.take(forged, true, reply, sealed=(true, reply))
    assert taker.history.heads() == heads
    assert not taker.has(forged)
    verdict = taker.take(forged, first, true, reply, sealed=(true, reply))
    assert not taker.has(forged), verdict
    assert taker.has(first, true, reply)


@pytest.mark.parametrize("first", [True, False])
def test_a_seal_vouches_for_no_other_change_at_the_same_place(
    moot: Community, ann: Machine, taker: Taker, first: bool
) -> None:
    base = [moot.history.change(h) for h in moot.history.heads()]
    forged = moot.make(ann, moot.saying(ann, "vote", "x", {"dots": 9}), on=base)
    true = moot.say(ann, "vote", "x", {"dots": 1}, on=base)
    verdict = taker.take(*((forged, true) if first else (true, forged)), sealed=(true,))
    assert taker.has(true), verdict
    assert not taker.has(forged)
    assert codes(verdict) == ["unsealed"]


def test_what_somebody_slips_into_a_run_does_not_keep_the_run_out(
    moot: Community, ann: Machine, taker: Taker
) -> None:
    base = [moot.history.change(h) for h in moot.history.heads()]
    forged = moot.make(ann, moot.saying(ann, "vote", "x", {"dots": 9}), on=base)
    run = [moot.say(ann, "vote", str(n), on=base if not n else None) for n in range(3)]
    verdict = taker.take(forged, *run, sealed=(run[2],))
    assert [item.change for item in verdict.admitted] == run
    assert codes(verdict) == ["unsealed"]


def test_a_run_of_which_a_later_change_breaks_a_rule_stands_up_to_the_seal_before_it(
    moot: Community, ann: Machine, bob: Machine, taker: Taker
) -> None:
    good = [moot.say(ann, "vote", str(n)) for n in range(3)]
    on_them = moot.say(bob, "comment", "so")
    wrong = moot.make(ann, moot.saying(bob, "vote", "x", {}), on=[good[2]])
    verdict = taker.take(*good, on_them, wrong, sealed=(good[1], on_them, wrong))
    assert taker.has(*good[:2])
    assert not taker.has(good[2])
    assert not taker.has(on_them), "it is built on what has no seal"
    assert sorted(codes(verdict)) == ["not yours", "unsealed", "unsealed"]
    again = taker.take(good[2], on_them, sealed=(good[2], on_them))
    assert not again.refused


def test_a_change_waits_for_what_it_is_built_on(
    moot: Community, ann: Machine, bob: Machine, taker: Taker
) -> None:
    first = moot.say(ann, "vote", "x")
    second = moot.say(bob, "vote", "x", on=[first])
    third = moot.say(bob, "vote", "y", on=[second])
    verdict = taker.take(second, third, sealed=(third,))
    assert (verdict.admitted, verdict.refused, len(taker.waiting)) == ([], {}, 2)
    verdict = taker.take(first, sealed=(first,))
    assert [item.change for item in verdict.admitted] == [first, second, third]
    assert verdict.through == {ann.actor: first.seq, bob.actor: third.seq}
    assert len(taker.waiting) == 0


def test_what_is_vouched_for_by_a_change_that_waits_waits_with_it(
    moot: Community, ann: Machine, bob: Machine, taker: Taker
) -> None:
    early = moot.say(bob, "vote", "x")
    missing = moot.say(ann, "vote", "x")
    late = moot.say(bob, "vote", "y", on=[early, missing])
    taker.take(early, late, sealed=(late,))
    assert not taker.has(early), "nothing stands here without a seal"
    assert len(taker.waiting) == 2
    taker.take(missing, sealed=(missing,))
    assert taker.has(early, missing, late)


def test_what_waits_beyond_a_gap_says_nothing_against_what_came_before_the_gap(
    moot: Community, ann: Machine, bob: Machine, taker: Taker
) -> None:
    """Pages that come out of order: ann's first comes while her third waits for her second."""
    first, second, third = (moot.say(ann, "vote", str(n)) for n in range(3))
    reply = moot.say(bob, "comment", "so", on=[first])
    taker.take(third, sealed=(third,))
    taker.take(reply, sealed=(reply,))
    verdict = taker.take(first, sealed=(first,))
    assert not verdict.refused
    assert taker.has(first, reply)
    assert not taker.take(second, sealed=(second,)).refused
    assert taker.has(second, third)


def test_seals_on_both_sides_of_a_gap_vouch_for_their_own_side(
    moot: Community, ann: Machine, bob: Machine, taker: Taker
) -> None:
    run = [moot.say(ann, "vote", str(n)) for n in range(5)]
    verdict = taker.take(*run[:2], *run[3:], sealed=(run[1], run[4]))
    assert not verdict.refused
    assert [item.seal is not None for item in verdict.admitted] == [False, True]
    assert not taker.take(run[2], sealed=(run[2],)).refused
    assert taker.has(*run)


def test_those_that_wait_are_few(moot: Community, ann: Machine, bob: Machine) -> None:
    taker = Taker(moot, orphans=3)
    missing = moot.say(ann, "vote", "x")
    run = [moot.say(bob, "vote", str(n), on=[missing]) for n in range(1)]
    for number in range(1, 6):
        run.append(moot.say(bob, "vote", str(number), on=[run[-1]]))
    verdict = taker.take(*run, sealed=(run[-1],))
    assert codes(verdict) == ["missing"] * 3
    assert len(taker.waiting) == 3
    taker.take(*run, sealed=(run[-1],))
    assert len(taker.waiting) == 3, "who comes again waits once"


def test_nobody_writes_under_this_machines_name(moot: Community, ann: Machine) -> None:
    taker = Taker(moot, own=ann.actor)
    change = moot.say(ann, "vote", "x")
    assert codes(taker.take(change, sealed=(change,))) == ["not mine"]


def test_a_seal_by_somebody_else_admits_nothing(
    moot: Community, ann: Machine, bob: Machine, taker: Taker
) -> None:
    run = [moot.say(ann, "vote", str(n)) for n in range(2)]
    assert codes(taker.take(*run, sealed=(run[1],), by=bob)) == ["seal", "seal"]
    assert not taker.take(*run, sealed=(run[1],)).refused


def test_an_unreadable_change_is_refused_by_the_name_its_sender_knows(
    moot: Community, ann: Machine, taker: Taker
) -> None:
    change = moot.say(ann, "vote", "x")
    torn = Sealed(change.raw[:-1] + b"\7", None)
    verdict = intake.take_in([torn], taker.history, moot.id, taker.waiting)
    assert [no.author for no in verdict.refused.values()] == [None]


def test_what_was_taken_out_again_leaves_no_trace(
    moot: Community, ann: Machine, bob: Machine, taker: Taker
) -> None:
    heads, version = taker.history.heads(), taker.history.version()
    wrong = moot.make(ann, moot.saying(bob, "vote", "x", {}))
    removal = moot.make(moot.founder, moot.saying(moot.founder, "removal", bob.text, {}))
    moot.add(removal)
    unsealed = moot.say(moot.founder, "vote", "y")
    refused = moot.make(moot.founder, moot.saying(ann, "vote", "y", {}), on=[unsealed])
    taker.take(wrong, removal, unsealed, refused, sealed=(wrong, refused))
    assert (taker.history.heads(), taker.history.version()) == (heads, version)
    assert not taker.history.facts_about("removal", bob.text)
    taker.take(removal, unsealed, sealed=(removal, unsealed))
    assert taker.history.facts_about("removal", bob.text)
