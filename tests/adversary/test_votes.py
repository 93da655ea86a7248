"""Words in somebody's name: forged, taken back, overwritten, shadowed, counted twice."""

from __future__ import annotations

import json

import pytest

from moot_client.views.agenda import agenda
from moot_client.views.budget import purse
from moot_client.views.people import members
from moot_shared.format.change import Action, ValueKind
from tests.adversary.stage import Stage, plays
from tests.helpers.attacker import Attacker
from tests.helpers.cohort import issue, votes_on
from tests.helpers.community import op, put


def joons_vote(stage: Stage, ted: Attacker) -> str:
    """The place in which Joon's vote stands."""
    return f"{stage.joon.me}/vote/{stage.issue}"


@plays("M1", "K2")
def test_a_vote_in_anothers_name_is_refused(stage: Stage) -> None:
    ted, mara = stage.attacker(), stage.hand_of(stage.mara)
    for forger in (ted, mara):  # a convenor can no more than anybody
        forged = forger.make(put(forger.moot.said, joons_vote(stage, ted), '{"dots":0}'))
        stage.refused(forger, forger.sealed(forged), code="not yours")


@plays("M1")
def test_a_vote_that_bears_anothers_name_and_the_forgers_seal_is_refused(stage: Stage) -> None:
    ted = stage.attacker()
    ted.pull()
    own_machine = ted.by(stage.joon, nonce=9)  # Joon's key, a machine that Joon does not have
    forged = ted.vote(stage.issue, 0, by=own_machine)
    stage.refused(ted, ted.sealed(forged), code="seal")


@plays("M1")
@pytest.mark.parametrize("other", ["padded", "loose bits", "upper case", "with a space", "standard alphabet"])
def test_the_same_key_written_another_way_is_nobodys_name(stage: Stage, other: str) -> None:
    """43 characters hold 258 bits, a key has 256: without one written form there were four names for it."""
    ted, text = stage.attacker(), stage.joon.me
    loose = chr(ord(text[-1]) + 1)
    name = {
        "padded": text + "=",
        "loose bits": text[:-1] + loose,
        "upper case": text.swapcase(),
        "with a space": text[:20] + " " + text[20:],
        "standard alphabet": text.replace("-", "+").replace("_", "/") + "=",
    }[other]
    ted.pull()
    forged = ted.make(put(ted.moot.said, f"{name}/vote/{stage.issue}", '{"dots":0}'))
    stage.refused(ted, ted.sealed(forged), code="not yours" if len(name) == len(text) else "statement")


@plays("M2")
def test_anothers_vote_is_not_deleted(stage: Stage) -> None:
    ted = stage.attacker()
    ted.pull()
    (last,) = [o for c in ted.moot.changes() for o in c.operations if o.key == joons_vote(stage, ted)]
    gone = ted.make(op(Action.DELETE, ted.moot.said, joons_vote(stage, ted), pred=[last.id]))
    stage.refused(ted, ted.sealed(gone), code="not yours")


@plays("M2")
def test_anothers_vote_is_not_replaced_from_a_place_of_ones_own(stage: Stage) -> None:
    """An operation takes out those that it names: one in another place would delete Joon's vote."""
    ted = stage.attacker()
    ted.pull()
    (last,) = [o for c in ted.moot.changes() for o in c.operations if o.key == joons_vote(stage, ted)]
    mine = ted.moot.saying(ted.machine, "vote", stage.issue, {"dots": 1}, last.id)
    stage.refused(ted, ted.sealed(ted.make(mine)), code="replaced")


@plays("M2")
@pytest.mark.parametrize("made", [Action.MAKE_MAP, Action.MAKE_LIST, Action.MAKE_TEXT])
def test_nothing_that_holds_things_is_put_where_a_vote_stands(stage: Stage, made: Action) -> None:
    ted = stage.attacker()
    ted.pull()
    own = ted.make(op(made, ted.moot.said, f"{ted.key}/vote/{stage.issue}"))
    others = ted.make(op(made, ted.moot.said, joons_vote(stage, ted)))
    stage.refused(ted, ted.sealed(own), code="statement")
    stage.refused(ted, ted.sealed(others), code="not yours")


@plays("M2", "M3")
def test_nothing_happens_at_the_root(stage: Stage) -> None:
    """Another `said` or `records` would hide every word in the first."""
    ted = stage.attacker()
    ted.pull()
    genesis = ted.moot.changes()[0]
    for number, name in enumerate(("moot", "records", "said")):
        replaced = [genesis.operations[number].id]
        for attempt in (
            op(Action.MAKE_MAP, None, name, pred=replaced),
            op(Action.MAKE_MAP, None, name),
            op(Action.DELETE, None, name, pred=replaced),
            put(None, name, "gone", *replaced),
        ):
            stage.refused(ted, ted.sealed(ted.make(attempt)), code="root")


@plays("M1", "M4")
def test_a_true_vote_of_ones_own_carries_no_forged_one_with_it(stage: Stage) -> None:
    ted = stage.attacker()
    ted.pull()
    both = ted.make(
        ted.moot.saying(ted.machine, "vote", stage.issue, {"dots": 2}),
        put(ted.moot.said, joons_vote(stage, ted), '{"dots":0}'),
    )
    stage.refused(ted, ted.sealed(both), code="not yours")


@plays("M5")
def test_dots_beyond_the_budget_do_not_count_and_are_named(stage: Stage) -> None:
    ted = stage.attacker()
    keys = [issue(stage.mara, f"Issue {number}") for number in range(8)]
    stage.meet()
    ted.pull()
    greedy = ted.make(*(ted.moot.saying(ted.machine, "vote", key, {"dots": 5}) for key in keys))
    assert ted.push(ted.sealed(greedy)) == []
    stage.cast |= {(ted.key, key): 5 for key in keys}
    stage.meet()
    for replica in stage.honest:
        mine = purse(replica.reader(), ted.key)
        assert (mine.left, mine.not_counted) == (0, 40 - mine.budget)


@plays("M5", "M8")
@pytest.mark.parametrize(
    "payload",
    ['{"dots":1000000000}', '{"dots":-7}', '{"dots":1e308}', '{"dots":NaN}', '{"dots":"5"}', '{"dots":[5]}',
     '{"dots":true}', '{"dots":' + "9" * 400 + "}", '{"dots":5,"dots":50}', "[" * 999, '{"dots":5', "", "\0"],
    ids=lambda payload: payload[:12].replace("\0", "nul"),
)  # fmt: skip
def test_a_vote_that_is_no_number_of_dots_is_worth_what_a_vote_can_be(stage: Stage, payload: str) -> None:
    """What a statement says is looked at on the way out, not on the way in: so versions live together."""
    ted = stage.attacker()
    ted.pull()
    odd = ted.make(put(ted.moot.said, f"{ted.key}/vote/{stage.issue}", payload))
    assert ted.push(ted.sealed(odd)) == []
    stage.meet()
    shown = []
    for replica in stage.honest:
        votes = votes_on(replica.reader(), stage.issue)
        shown.append(votes.pop(ted.key, 0))
        assert {(voter, stage.issue): dots for voter, dots in votes.items()} == stage.cast
        assert agenda(replica.reader(), replica.me).rows
    assert len(set(shown)) == 1
    assert 0 <= shown[0] <= 5
    ted.pull()
    taken_back = ted.make(
        ted.moot.saying(ted.machine, "vote", stage.issue, {"dots": 0}, odd.operations[0].id)
    )
    assert ted.push(ted.sealed(taken_back)) == []


@plays("M5")
def test_two_machines_of_one_member_have_one_vote(stage: Stage) -> None:
    ted = stage.attacker()
    ted.pull()
    here, there = ted.vote(stage.issue, 5), ted.vote(stage.issue, 4, by=ted.machine.again(8))
    assert ted.push(ted.sealed(here), ted.sealed(there)) == []
    stage.meet()
    dots = {votes_on(r.reader(), stage.issue)[ted.key] for r in stage.honest}
    assert len(dots) == 1
    stage.cast[ted.key, stage.issue] = dots.pop()


@plays("M7")
def test_a_vote_that_says_it_was_cast_long_ago_comes_no_earlier(stage: Stage) -> None:
    """Clocks are shown and decide nothing: a later word on top of an earlier one is the one that stands."""
    ted = stage.attacker()
    ted.pull()
    first = ted.make(ted.moot.saying(ted.machine, "vote", stage.issue, {"dots": 2, "at": 2**53}))
    ted.moot.take(first.raw)
    second = ted.make(
        ted.moot.saying(ted.machine, "vote", stage.issue, {"dots": 4, "at": 1}, first.operations[0].id)
    )
    assert ted.push(ted.sealed(first), ted.sealed(second)) == []
    stage.cast[ted.key, stage.issue] = 4


@plays("M14")
def test_another_with_the_same_name_is_told_apart(stage: Stage) -> None:
    ted = stage.attacker()
    ted.pull()
    profile = ted.make(ted.moot.saying(ted.machine, "profile", "me", {"name": "Jo\u200bon"}))
    assert ted.push(ted.sealed(profile)) == []
    stage.meet()
    for replica in stage.honest:
        labels = {member.key: member.label for member in members(replica.reader(), replica.me)}
        assert labels[ted.key] != labels[stage.joon.me]
        assert "\u200b" not in labels[ted.key]
        assert labels[stage.joon.me] != "Joon"  # both carry something of their key


@plays("M12")
def test_who_brings_in_a_second_self_is_named_as_who_brought_it(stage: Stage) -> None:
    """A promise that is not made: whoever may invite can come twice. Everybody sees by whose invite."""
    ted = stage.attacker()
    invite = stage.second_key(ted)
    said = ted.make(ted.moot.saying(ted.machine, "invite", invite.key_text, {"role": "member", "uses": 1}))
    assert ted.push(ted.sealed(said)) == []
    twin = stage.come(stage.stranger("twin"), invite, ted.key)
    vote = twin.vote(stage.issue, 5)
    assert twin.push(twin.sealed(vote)) == []
    stage.cast[twin.key, stage.issue] = 5
    stage.meet()
    for replica in stage.honest:
        (found,) = [m for m in members(replica.reader(), replica.me) if m.key == twin.key]
        assert found.invited_by == ted.key


@plays("M2")
def test_a_vote_is_no_record_and_a_record_no_vote(stage: Stage) -> None:
    """The two maps hold different things; what stands in one cannot be shadowed from the other."""
    ted = stage.attacker()
    ted.pull()
    for attempt, code in (
        (op(Action.MAKE_MAP, ted.moot.records, f"{ted.key}/vote/{stage.issue}"), "record"),
        (put(ted.moot.records, f"{ted.key}/vote/{stage.issue}", "{}"), "record"),
        (put(ted.moot.said, stage.issue, json.dumps({"dots": 0})), "statement"),
        (put(ted.moot.said, f"{ted.key}/vote/{stage.issue}", 5), "statement"),
        (put(ted.moot.said, f"{ted.key}/vote/{stage.issue}", b"{}", kind=ValueKind.BYTES), "statement"),
        (put(ted.moot.said, f"{ted.key}/VOTE/{stage.issue}", "{}"), "statement"),
        (put(ted.moot.said, f"{ted.key}/vote/", "{}"), "statement"),
        (put(ted.moot.said, f"{ted.key}/vote/" + "x" * 2_000, "{}"), "key"),
    ):
        stage.refused(ted, ted.sealed(ted.make(attempt)), code=code)
