"""In front of the relay's door: other people's names, recorded words, and crowds."""

from __future__ import annotations

import sqlite3

import pytest

from moot_client.sync.once import sync_once
from moot_shared.wire.messages import Challenge, Have, Join, Message, Page, Peer, Proof, Receipt, Refusal
from moot_shared.wire.signed import host_mac, read_hosting_key
from tests.adversary.stage import BODY, Stage, plays
from tests.helpers.attacker import Attacker, what_is_signed
from tests.helpers.community import Machine
from tests.helpers.relay_process import RelayProcess
from tests.helpers.wire import LetGo, Wire


def why(wire: Wire, message: Message | bytes) -> str:
    """Say something, and hear why that ends the conversation."""
    wire.say(message)
    return wire.end()


def proof_by(thief: Attacker, wire: Wire, claimed: Machine, role: str = "member") -> Proof:
    """A proof for this very connection, of a key that the thief does not have."""
    wire.say(Join("somebody"))
    challenge = wire.hear(Challenge)
    signed = what_is_signed(wire.url, challenge, thief.community, claimed.actor, role)
    return thief.proof(wire, claimed, role, thief.machine.identity.sign(signed))


@plays("O1")
def test_a_stranger_learns_nothing_not_even_whether_there_is_a_community(stage: Stage) -> None:
    stranger = stage.stranger()
    here = stranger.knock()
    elsewhere = Attacker(stage.url, stranger.machine, bytes(range(32))).knock()
    assert here == elsewhere == "stranger"
    for first in (Have({}), Page(b"", n=1), b"\xa0", b"", b"GET / HTTP/1.1"):
        with Wire(stage.url) as wire:
            assert why(wire, first) == "protocol"
            assert wire.said == []


@plays("O1")
def test_nobody_asks_before_they_have_proven_who_they_are(stage: Stage) -> None:
    for question in (Have({}), Page(b"", n=1), Receipt(bytes(40), (), 0, bytes(64))):
        with Wire(stage.url) as wire:
            wire.say(Join("somebody"))
            wire.hear(Challenge)
            assert why(wire, question) == "protocol"
            assert wire.said == []


@plays("O2")
def test_nobody_comes_in_with_anothers_key(stage: Stage) -> None:
    thief = stage.stranger()
    for claimed in (thief.as_if(stage.mara), thief.by(stage.mara, 5), thief.claiming(bytes(32))):
        with Wire(stage.url) as wire:
            assert why(wire, proof_by(thief, wire, claimed)) == "stranger"


@plays("O2")
def test_a_proof_that_was_overheard_is_worth_nothing_the_second_time(stage: Stage) -> None:
    """The very bytes that let Joon in, on a new connection and once more on the same one."""
    joon = stage.hand_of(stage.joon)
    with Wire(stage.url) as wire:
        wire.say(Join("somebody"))
        signed = what_is_signed(wire.url, wire.hear(Challenge), stage.community, joon.machine.actor, "member")
        overheard = joon.proof(wire, joon.machine, "member", joon.machine.identity.sign(signed))
        with Wire(stage.url) as other:
            other.say(Join("somebody"))
            other.hear(Challenge)
            assert why(other, overheard) == "stranger"
        wire.say(overheard)
        wire.hear(Peer)
        wire.say(overheard)
        joon.take_all(wire)  # passed over: nobody comes in twice by one door


@plays("O2", "M1")
def test_a_proof_is_good_for_one_community_one_actor_and_one_role(stage: Stage) -> None:
    joon = stage.hand_of(stage.joon)
    key = read_hosting_key(stage.relay.hosting_key)
    for community, actor, role in (
        (bytes(32), joon.machine.actor, "member"),
        (stage.community, joon.machine.again(3).actor, "member"),
        (stage.community, joon.machine.actor, "host"),
        (stage.community, joon.machine.actor, "invite"),
    ):
        with Wire(stage.url) as wire:
            wire.say(Join("somebody"))
            signed = what_is_signed(wire.url, wire.hear(Challenge), community, actor, role)
            proof = joon.proof(wire, joon.machine, "member", joon.machine.identity.sign(signed))
            assert why(wire, proof) == "stranger"
        with Wire(stage.url) as wire:
            wire.say(Join("somebody"))
            signed = what_is_signed(
                wire.url, wire.hear(Challenge), stage.community, joon.machine.actor, "member"
            )
            wrong = joon.proof(
                wire, joon.machine, "host", joon.machine.identity.sign(signed), mac=host_mac(key, signed)
            )
            assert why(wire, wrong) == "stranger"


@plays("O2")
def test_a_hosting_key_opens_no_community_that_is_there_already(stage: Stage) -> None:
    """It puts communities on the relay. Who has it and is no member reads nothing and writes nothing."""
    key = read_hosting_key(stage.relay.hosting_key)
    stranger = stage.stranger()
    with stranger.enter("host", hosting_key=key) as wire:
        wire.say(Have({}))
        stranger.take_all(wire)
        assert not stranger.moot.chunks
    mara = stage.hand_of(stage.mara)
    stranger.moot = mara.moot
    with stranger.enter("host", hosting_key=key) as wire:
        wire.page([stranger.sealed(stranger.vote(stage.issue, 5))])
        assert [refusal.code for refusal in wire.refused] == ["stranger"]
    wrong = Attacker(stage.url, stranger.machine, stage.community)
    with pytest.raises(LetGo, match="bad hosting key"):
        wrong.enter("host", hosting_key=bytes(20))


@plays("M13")
def test_nobody_signs_for_what_another_has(stage: Stage) -> None:
    ted = stage.attacker()
    for claimed in (stage.joon.actor, stage.mara.identity.public_key + b"machine2"):
        with ted.enter() as wire:
            wire.say(Have({}))
            assert why(wire, Receipt(claimed, stage.mara.heads(), 5, bytes(64))) == "bad receipt"
    with ted.enter() as wire:
        body = stage.mara.receipt(5)
        assert why(wire, Receipt(*body)) == "bad receipt"  # true, but not Ted's to bring
    assert not stage.joon.note_receipts([(stage.mara.actor, stage.mara.heads(), 5, bytes(64))])


@plays("O5")
def test_who_opens_sockets_and_says_nothing_is_let_go_and_the_others_wait_that_long_at_most(
    stage: Stage,
) -> None:
    silent = [Wire(stage.url) for _ in range(8)]
    ends = [wire.end() for wire in silent]
    assert sorted(set(ends)) == ["busy", "late"]
    assert sync_once(stage.joon).stored


@plays("O6")
def test_without_tls_whoever_is_in_between_reads_along_and_so_does_the_relay(stage: Stage) -> None:
    """Not promised: what members write is not encrypted for each other, and the relay's file holds it."""
    words = BODY.split("\n\n")[0].encode()
    assert words in stage.relay_file()


@plays("R1", "R12")
def test_the_relay_reads_everything_and_knows_who_wrote_when_and_how_much(stage: Stage) -> None:
    """Not promised. Its file says as much as any member's: whose change, how many bytes, in which order."""
    stage.meet()
    with sqlite3.connect(f"file:{stage.relay.folder / 'relay.db'}?mode=ro", uri=True) as db:
        found = db.execute(
            "SELECT actor, sum(length(bytes)) FROM change WHERE community = ? GROUP BY actor",
            (stage.community,),
        ).fetchall()
    assert {actor: size > 0 for actor, size in found} == {replica.actor: True for replica in stage.honest}
    assert BODY.split("\n\n")[1].encode() in stage.relay_file()


@plays("O5")
def test_a_relay_that_is_restarted_in_between_goes_on_as_before(stage: Stage) -> None:
    """`kill -9` in the middle of everything: what it called stored is stored, and nobody need do anything."""
    ted = stage.attacker()
    wire = ted.enter()
    stage.meet()
    relay: RelayProcess = stage.relay
    relay.kill()
    relay.start()
    stage.process = relay.process.pid
    with pytest.raises(LetGo):
        wire.hear(Refusal)
