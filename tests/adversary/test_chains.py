"""Histories and signatures: continued, borrowed, bought, rolled back, forked."""

from __future__ import annotations

from pathlib import Path

import pytest

from moot_client.replica.commands import Say
from moot_client.replica.verify import verify
from moot_client.sync.joining import host
from moot_client.sync.once import sync_once
from moot_shared.trust.seal import Sealed, join_message, seal_message
from tests.adversary.stage import Stage, plays
from tests.helpers.attacker import Attacker
from tests.helpers.community import Community, person
from tests.helpers.relay_process import RelayProcess


@plays("M4")
def test_anothers_history_is_not_continued(stage: Stage) -> None:
    ted = stage.attacker()
    ted.pull()
    last = ted.moot.history.last(stage.joon.actor)
    assert last
    forged = ted.vote(stage.issue, 0, by=ted.as_if(stage.joon))
    assert (forged.actor, forged.seq) == (stage.joon.actor, last.seq + 1)
    true_seal = ted.seals[ted.moot.by(stage.joon.identity.public_key)[-1].hash]
    stage.refused(ted, Sealed(forged.raw, None), code="unsealed")
    stage.refused(ted, ted.sealed(forged), code="seal")
    stage.refused(ted, Sealed(forged.raw, true_seal), code="seal")
    stage.refused(ted, Sealed(forged.raw, bytes(64)), code="seal")


@plays("M4")
def test_anothers_change_that_was_not_sealed_yet_is_not_slipped_in_before_a_sealed_one(stage: Stage) -> None:
    """A seal vouches for a run since later changes are made on earlier ones: no forged one is among them."""
    ted, joon = stage.attacker(), stage.hand_of(stage.joon, nonce=21)
    ted.pull()
    base = [ted.moot.history.change(h) for h in ted.moot.history.heads()]
    forged = ted.vote(stage.issue, 0, by=ted.by(stage.joon, nonce=21), on=base)
    joon.moot.take(forged.raw) if forged.hash not in joon.moot.history else None
    true = joon.vote(stage.issue, 5, on=base, seq=2)
    assert set(ted.push(Sealed(forged.raw, None), joon.sealed(true))) == {"unsealed", "chain"}
    for codes in stage.past_the_relay(Sealed(forged.raw, None), joon.sealed(true)):
        assert set(codes) == {"unsealed", "chain"}


@plays("M4")
def test_a_seal_is_good_for_one_place_in_one_history_of_one_community(stage: Stage) -> None:
    ted = stage.attacker()
    ted.pull()
    vote = ted.vote(stage.issue, 4)
    right = (stage.community, vote.actor, vote.seq, vote.hash)
    other_vote = ted.vote(stage.issue, 3)
    for community, actor, seq, change_hash in (
        (bytes(32), *right[1:]),
        (right[0], ted.machine.again(5).actor, *right[2:]),
        (*right[:2], vote.seq + 1, vote.hash),
        (*right[:3], other_vote.hash),
    ):
        seal = ted.machine.identity.sign(seal_message(community, actor, seq, change_hash))
        stage.refused(ted, Sealed(vote.raw, seal), code="seal")
    joins = ted.machine.identity.sign(join_message(stage.community, ted.machine.key))
    stage.refused(ted, Sealed(vote.raw, joins), code="seal")


@plays("M4")
def test_a_members_changes_of_another_community_have_no_place_here(stage: Stage) -> None:
    """Joon is in two communities with one key: what he said there is true, sealed, and not said here."""
    ted = stage.attacker()
    there = Community(person(f"founder elsewhere {stage.seed}"))
    joon = there.member("joon elsewhere")
    said = there.say(joon, "vote", stage.issue, {"dots": 0})
    for change, code in ((said, "missing"), (there.genesis, "genesis")):
        carried = Sealed(change.raw, there.seal(change, joon))
        assert ted.push(carried)[0] in (code, "seal")
        stage.past_the_relay(carried)


@plays("M4", "R4")
def test_what_was_said_before_and_is_brought_again_is_nothing_new(stage: Stage) -> None:
    """Rolled back: Joon's first vote, sealed by Joon, comes once more after his second."""
    ted = stage.attacker()
    first = ted.pull().by(stage.joon.identity.public_key)
    stage.vote(stage.joon, 2)
    stage.meet()
    heads = ted.pull().history.heads()
    assert ted.push(*(ted.stolen(change) for change in first)) == []
    assert stage.past_the_relay(*(ted.stolen(change) for change in first)) == [[], [], []]
    assert ted.pull().history.heads() == heads


@plays("M4")
def test_anothers_words_are_not_said_again_as_ones_own_change(stage: Stage) -> None:
    """The same operations under Ted's name still speak for Joon."""
    ted = stage.attacker()
    (joons, *_) = [
        c for c in ted.pull().by(stage.joon.identity.public_key) if stage.issue in str(c.operations)
    ]
    stage.refused(ted, ted.sealed(ted.make(*joons.operations)), code="not yours")


@plays("M4")
def test_a_change_is_built_on_all_that_its_author_said_before(stage: Stage) -> None:
    ted = stage.attacker()
    base = [ted.moot.history.change(h) for h in ted.pull().history.heads()]
    vote = ted.vote(stage.issue, 4)
    assert ted.push(ted.sealed(vote)) == []
    stage.cast[ted.key, stage.issue] = 4
    stage.refused(ted, ted.sealed(ted.vote(stage.issue, 2, on=base)), code="fork")
    stage.refused(ted, ted.sealed(ted.vote(stage.issue, 2, on=base, seq=vote.seq + 1)), code="chain")
    stage.refused(ted, ted.sealed(ted.vote(stage.issue, 2, on=base, seq=vote.seq + 5)), code="chain")


@plays("M8", "H6")
@pytest.mark.parametrize("off", [-1, 1, 50, 1 << 30])
def test_operations_are_counted_on_from_what_a_change_is_built_on(stage: Stage, off: int) -> None:
    """A start far ahead makes everybody's next honest write impossible."""
    ted = stage.attacker()
    ted.pull()
    start = ted.make(ted.moot.saying(ted.machine, "note", "x", {})).start_op
    early = ted.make(ted.moot.saying(ted.machine, "note", "x", {}), start_op=start + off)
    stage.refused(ted, ted.sealed(early), code="counter")


@plays("M6", "H5")
def test_of_two_changes_at_one_place_the_one_that_the_relay_has_stands(stage: Stage) -> None:
    ted = stage.attacker()
    base = [ted.moot.history.change(h) for h in ted.pull().history.heads()]
    one, other = ted.vote(stage.issue, 5, on=base), ted.vote(stage.issue, 1, on=base)
    assert (one.actor, one.seq) == (other.actor, other.seq)
    assert ted.push(ted.sealed(one)) == []
    stage.cast[ted.key, stage.issue] = 5
    stage.refused(ted, ted.sealed(other), code="fork")


@plays("M6", "H5")
def test_two_changes_at_one_place_in_one_message_are_not_both_taken(stage: Stage) -> None:
    """In one message the binding would apply both, and its file would never load again."""
    ted = stage.attacker()
    base = [ted.moot.history.change(h) for h in ted.pull().history.heads()]
    pair = [ted.sealed(ted.vote(stage.issue, dots, on=base)) for dots in (5, 1)]
    assert ted.push(*pair) == ["fork"]
    assert stage.past_the_relay(*pair) == [["fork"]] * 3
    stage.settle_votes_of(ted)


@plays("M4", "M1", "R2", "R13")
@pytest.mark.parametrize(
    ("forged_first", "seal"),
    [
        (True, None),
        (True, bytes(64)),
        (False, None),
        (False, bytes(64)),
    ],
)
def test_a_true_seal_lets_in_no_forgery_that_stands_at_the_same_place(
    stage: Stage, forged_first: bool, seal: bytes | None
) -> None:
    """Whoever has a change of Joon's that is new to others brings a forged one of the same number with it."""
    ted, joon = stage.attacker(), stage.hand_of(stage.joon, nonce=21)
    stage.meet()
    base = [ted.moot.history.change(h) for h in ted.pull().history.heads()]
    before = next(o.id for c in ted.moot.changes() for o in c.operations if o.key == joons_vote(stage))
    forged = ted.make(
        ted.moot.saying(ted.by(stage.joon, nonce=21), "vote", stage.issue, {"dots": 1}, before),
        by=ted.by(stage.joon, nonce=21),
        on=base,
    )
    true = joon.sealed(joon.make(joon.moot.saying(joon.machine, "profile", "me", {"name": "Joon"}), on=base))
    batch = [Sealed(forged.raw, seal), true] if forged_first else [true, Sealed(forged.raw, seal)]
    ted.push(*batch)
    for replica in stage.honest:
        stage.handed(replica, *batch)
        assert stage.votes(replica)[stage.joon.me, stage.issue] == 5
        assert forged.hash not in replica._writer.history
        (framed,) = replica.reader().execute("SELECT count(*) FROM refused WHERE code = 'fork'").fetchone()
        assert not framed  # nobody is shown as having said two things who did not
    assert forged.hash not in ted.pull().history


def joons_vote(stage: Stage) -> str:
    """The place in which Joon's vote stands."""
    return f"{stage.joon.me}/vote/{stage.issue}"


@plays("M6", "H5")
def test_who_says_different_things_to_different_people_is_found_out_and_the_homes_word_stands(
    stage: Stage,
) -> None:
    """Ted tells the relay one thing, and Ines another, who builds on it and then comes home."""
    ted = stage.attacker()
    stage.meet()
    base = [ted.moot.history.change(h) for h in ted.pull().history.heads()]
    to_the_relay, to_ines = ted.vote(stage.issue, 5, on=base), ted.vote(stage.issue, 1, on=base)
    assert stage.handed(stage.ines, ted.sealed(to_ines)) == []
    stage.ines.do(Say("comment", f"{stage.issue}/", {"text": "I agree with Ted."}))
    assert ted.push(ted.sealed(to_the_relay)) == []
    stage.cast[ted.key, stage.issue] = 5
    stage.meet()
    for replica in stage.honest:
        said = replica.reader().execute("SELECT value FROM statement WHERE kind = 'comment'").fetchall()
        assert any("I agree with Ted." in value for (value,) in said)


@plays("M6", "H5")
def test_who_says_different_things_at_two_relays_is_found_out_and_the_home_relays_branch_stands(
    stage: Stage, tmp_path: Path
) -> None:
    """Ines was at the other relay first, and built on what Ted has said there."""
    ted = stage.attacker()
    stage.meet()
    with RelayProcess(tmp_path / "other") as other:
        host(stage.mara, other.url, other.hosting_key)
        stage.mara.set_relay_url(stage.url)
        sync_once(stage.mara)
        base = [ted.moot.history.change(h) for h in ted.pull().history.heads()]
        here, there = ted.vote(stage.issue, 5, on=base), ted.vote(stage.issue, 1, on=base)
        assert ted.push(ted.sealed(here)) == []
        at_the_other = Attacker(other.url, ted.machine, stage.community)
        assert at_the_other.push(ted.sealed(there)) == []
        stage.ines.set_relay_url(other.url)
        sync_once(stage.ines)
        assert stage.votes(stage.ines)[ted.key, stage.issue] == 1
        stage.ines.do(Say("comment", f"{stage.issue}/", {"text": "I agree with Ted."}))
        stage.ines.set_relay_url(stage.url)
    stage.cast[ted.key, stage.issue] = 5
    stage.meet()
    said = stage.mara.reader().execute("SELECT value FROM statement WHERE kind = 'comment'").fetchall()
    assert any("I agree with Ted." in value for (value,) in said)
    (proof,) = stage.ines.reader().execute("SELECT count(*) FROM refused WHERE code = 'fork'").fetchone()
    assert proof


@plays("M4")
def test_a_seal_that_is_held_back_holds_back_what_it_would_vouch_for(stage: Stage) -> None:
    ted = stage.attacker()
    ted.pull()
    first, bare = ted.chain(2)
    assert ted.push(Sealed(first.raw, None), Sealed(bare.raw, None)) == ["unsealed"] * 2
    assert stage.past_the_relay(Sealed(first.raw, None), Sealed(bare.raw, None)) == [["unsealed"] * 2] * 3
    assert ted.push(ted.sealed(first), Sealed(bare.raw, None)) == ["unsealed"]
    assert ted.push(ted.sealed(bare)) == []


@plays("M2", "R2")
def test_a_change_altered_in_one_byte_is_another_one(stage: Stage) -> None:
    """Its name is its hash, its seal is over that, and later ones name it: nothing fits any more."""
    ted = stage.attacker()
    (joons, *_) = [c for c in ted.pull().by(stage.joon.identity.public_key) if b"dots" in c.raw]
    at = joons.raw.index(b'"dots":') + 7
    bent = joons.raw[:at] + b"0" + joons.raw[at + 1 :]
    assert ted.push(Sealed(bent, ted.seals.get(joons.hash))) == ["format"]
    assert stage.past_the_relay(Sealed(bent, ted.seals.get(joons.hash))) == [["format"]] * 3
    mended = ted.mended(bent)
    assert ted.push(Sealed(mended, ted.seals.get(joons.hash)))[0] in ("seal", "unsealed")
    for codes in stage.past_the_relay(Sealed(mended, ted.seals.get(joons.hash))):
        assert codes[0] in ("seal", "unsealed")


@plays("M4")
def test_a_store_proves_every_seal_to_whoever_asks(stage: Stage) -> None:
    """`moot verify`: a store in which somebody exchanged a signature by hand is found out."""
    (number, seal) = stage.ines.store.db.execute(
        "SELECT position, seal FROM change WHERE seal IS NOT NULL ORDER BY position DESC LIMIT 1"
    ).fetchone()
    with stage.ines.store.writing() as db:
        db.execute("UPDATE change SET seal = ? WHERE position = ?", (bytes(64), number))
    assert not verify(stage.ines.store, stage.community).good
    with stage.ines.store.writing() as db:
        db.execute("UPDATE change SET seal = ? WHERE position = ?", (seal, number))
    assert verify(stage.ines.store, stage.community).good
