"""What the relay makes of changes that are not as they should be, and of frames that are none."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_server.events import Frame
from moot_shared.trust.seal import Sealed
from moot_shared.wire import pages
from moot_shared.wire.messages import (
    Challenge,
    Done,
    Error,
    Have,
    Join,
    Page,
    Proof,
    Receipt,
    Refusal,
    Stored,
    encode,
)
from tests.helpers.by_hand import enter, kinds, page_of
from tests.helpers.community import Community, person, put
from tests.helpers.network import ADDRESS, Relay


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Relay]:
    relay = Relay(tmp_path / "relay")
    yield relay
    relay.crash()


def test_a_forged_change_is_refused_by_hash_and_the_rest_of_the_page_is_stored(
    made: Community, relay: Relay
) -> None:
    ann, eve = person("ann"), person("eve")
    honest = made.make(made.founder, made.saying(made.founder, "profile", "me", {"name": "Mara"}))
    in_anns_name = made.make(ann, made.saying(ann, "vote", "x", {"dots": 5}))
    by_a_stranger = made.make(eve, made.saying(eve, "vote", "x", {"dots": 5}))
    socket, _ = enter(relay, made.id, made.founder)
    socket.send(Have(made.history.version()))
    socket.heard()
    socket.send(page_of(made.id, (in_anns_name, made.founder), (honest, made.founder), (by_a_stranger, eve)))
    *refusals, stored = socket.heard()
    assert isinstance(stored, Stored)
    assert stored.through == {made.founder.actor: honest.seq}
    told = {r.hash: (r.code, r.text) for r in refusals if isinstance(r, Refusal)}
    assert set(told) == {in_anns_name.hash, by_a_stranger.hash}
    assert told[in_anns_name.hash][0] == "seal"
    assert all(text for _, text in told.values())
    hashes = {entry.hash for entry in relay.store.entries(made.id)}
    assert honest.hash in hashes
    assert not hashes & set(told)


def test_what_is_built_on_a_refused_change_is_refused_as_such(made: Community, relay: Relay) -> None:
    ann = person("ann")
    bad = made.make(ann, put(None, "root", "mine"))
    made.chunks[bad.hash] = bad.raw
    made.history.add(bad)  # as a replica without rules would
    good = made.make(ann, made.saying(ann, "profile", "me", {"name": "Ann"}))
    socket, welcome = enter(relay, made.id, ann)
    socket.send(Have(welcome.clock))
    socket.heard()
    socket.send(page_of(made.id, (bad, ann), (good, ann)))
    first, second, stored = socket.heard()
    assert isinstance(first, Refusal)
    assert isinstance(second, Refusal)
    assert (first.hash, second.hash) == (bad.hash, good.hash)
    assert second.code == "built on refused"
    assert isinstance(stored, Stored)
    assert stored.through == {}


def test_a_page_that_cannot_be_read_ends_the_connection(made: Community, relay: Relay) -> None:
    socket, _ = enter(relay, made.id, made.founder)
    socket.send(Page(b"no page", n=1))
    (refusal,) = socket.heard()
    assert isinstance(refusal, Refusal)
    assert refusal.code == "protocol"


def test_a_message_of_a_later_version_is_passed_over(made: Community, relay: Relay) -> None:
    from moot_shared.wire import cbor

    socket, _ = enter(relay, made.id, made.founder)
    socket.send(cbor.encode({"type": "later"}))
    assert socket.heard() == []
    assert socket.open


def test_a_change_without_a_seal_is_refused_also_where_the_one_that_vouches_for_it_is(
    made: Community, relay: Relay
) -> None:
    """The first would be admitted; its seal is on the second, which is not. Nobody could take it from us."""
    ann = person("ann")
    first = made.make(ann, made.saying(ann, "profile", "me", {"name": "Ann"}))
    apart = Community(founder=made.founder)
    for entry in made.history.missing_from(apart.history.version()):
        apart.add(made.history.change(entry.hash))
    apart.add(first)
    second = apart.make(ann, put(None, "root", "mine"))
    socket, _ = enter(relay, made.id, ann)
    socket.send(Have(made.history.version()))
    socket.heard()
    socket.send(page_of(made.id, (first, None), (second, ann)))
    *refusals, stored = socket.heard()
    assert {r.hash for r in refusals if isinstance(r, Refusal)} == {first.hash, second.hash}
    assert isinstance(stored, Stored)
    assert stored.through == {}
    assert first.hash not in {entry.hash for entry in relay.store.entries(made.id)}

    socket.send(page_of(made.id, (first, ann), n=2))
    (stored,) = socket.heard()
    assert isinstance(stored, Stored)
    assert stored.through == {ann.actor: first.seq}


def test_frames_of_one_connection_in_one_batch_are_handled_in_order(relay: Relay, made: Community) -> None:
    socket = relay.open()
    relay.step(Frame(socket.number, encode(Join("a"))), Frame(socket.number, encode(Have({}))))
    assert kinds(socket.heard()) == ["challenge", "refusal"]


@pytest.mark.slow
def test_hostile_frames_at_any_stage_are_answered_and_never_a_defect(made: Community, relay: Relay) -> None:
    """Every message, damaged at random, to a relay at every stage; then it still serves its members."""
    dice = random.Random(11)
    ann = person("ann")
    honest = made.make(ann, made.saying(ann, "profile", "me", {"name": "Ann"}))
    page = page_of(made.id, (honest, ann))
    proof = Proof(
        made.id, ann.actor, "invite", ADDRESS, bytes(64), invite=bytes(32), invite_signature=bytes(64)
    )
    messages = [Join("a"), proof, Have(made.history.version()), page, Receipt(ann.actor, (), 0, bytes(64))]
    frames = [encode(message) for message in messages]
    for round_ in range(600):
        socket = enter(relay, made.id, ann)[0] if round_ % 3 else relay.open()
        if round_ % 3 == 0 and dice.random() < 0.5:
            socket.send(Join("a"))
        if round_ % 2:
            noise = bytearray(honest.raw)
            noise[dice.randrange(len(noise))] ^= 1 << dice.randrange(8)
            seal = dice.choice((None, bytes(64)))
            body = zlib.compress(pages._item(Sealed(bytes(noise[: dice.choice((5, 60, 10_000))]), seal)))
            socket.send(Page(body, n=1))
        frame = bytearray(dice.choice(frames))
        for _ in range(dice.randrange(1, 4)):
            frame[dice.randrange(len(frame))] = dice.randrange(256)
        socket.send(bytes(frame))
        assert all(isinstance(m, Refusal | Stored | Done | Page | Challenge | Error) for m in socket.heard())
        socket.close()
    socket, _ = enter(relay, made.id, ann)
    socket.send(page)
    (stored,) = socket.heard()
    assert isinstance(stored, Stored)


def test_a_removal_that_does_not_count_shuts_nobody_out(made: Community, relay: Relay) -> None:
    """Ann is no convenor. Were it logged, a relay that is put back would not let its founder in."""
    ann = person("ann")
    removal = made.make(ann, made.saying(ann, "removal", made.founder.text, {"why": ""}))
    socket, _ = enter(relay, made.id, ann)
    socket.send(Have(made.history.version()))
    socket.heard()
    socket.send(page_of(made.id, (removal, ann)))
    assert "stored" in kinds(socket.heard())
    assert list(relay.closed.closings()) == []
