"""What strangers may cost an open relay, and that honest writers stay beyond their reach."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from moot_server.events import Again, Due, Frame, Send
from moot_server.stock import turns
from moot_server.stock.extent import LEAP, LEAPS
from moot_server.stock.remote import Remote
from moot_server.stock.talk import Talk
from moot_server.storage.store import Snapshot
from moot_shared.errors import StorageError
from moot_shared.format.bloom import BloomFilter, filter_of
from moot_shared.format.sync import Have, SyncMessage, decode_sync_message, encode_sync_message
from moot_shared.limits import OPEN
from moot_shared.trust.ancestry import Ancestry, Entry
from moot_shared.wire.documents import document_text
from moot_shared.wire.stock import RemoteHeads, Subscribe
from tests.format.test_outline import hostile
from tests.helpers.stock import ONE, TWO, OpenRelay, Stock, message
from tests.stock.test_refusals import ACTOR, OTHER, answers, bring, here, made, name


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[OpenRelay]:
    relay = OpenRelay(tmp_path / "relay")
    yield relay
    relay.crash()


def fills_up(relay: OpenRelay, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the disk takes nothing."""
    real = relay.store.transaction

    @contextmanager
    def full(communities: object = ()) -> Iterator[None]:
        with real(communities):  # type: ignore[arg-type]
            yield
            raise StorageError("The disk is full.")

    monkeypatch.setattr(relay.store, "transaction", full)


def carried(client: Stock, *changes: bytes) -> Frame:
    """A frame that brings these, not sent."""
    data = message(heads=sorted(map(name, changes)), chunks=changes)
    return Frame(client.socket.number, client.frame(type="sync", documentId=document_text(ONE), data=data))


def test_half_a_million_operations_in_sixty_bytes_hold_nobody_up(relay: OpenRelay) -> None:
    mara = Stock(relay, "mara")
    began = time.process_time()
    bring(mara, hostile())
    bring(mara, hostile(500_000, 1))
    assert time.process_time() - began < 0.5
    assert len(here(relay)) == 1


def test_a_change_with_another_checksum_does_not_bar_the_honest_one(relay: OpenRelay) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    honest = made(1)
    bring(mara, honest[:4] + bytes(4) + honest[8:])
    assert here(relay) == []
    bring(joon, honest)
    assert here(relay) == [name(honest)]


def test_what_was_refused_beside_something_that_the_disk_did_not_take_may_come_again(
    relay: OpenRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    one, two = made(1), made(2)
    with monkeypatch.context() as patch:
        fills_up(relay, patch)
        relay.step(carried(mara, one), carried(joon, two))
    bring(Stock(relay, "joon"), two)
    assert here(relay) == [name(two)]


def test_what_waited_goes_on_waiting_where_the_disk_did_not_take_what_it_waited_for(
    relay: OpenRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    first = made(1)
    second = made(2, OTHER, start_op=2, deps=(name(first),))
    bring(joon, second)
    with monkeypatch.context() as patch:
        fills_up(relay, patch)
        bring(mara, first)
    assert here(relay) == []
    bring(Stock(relay, "mara"), first)
    assert here(relay) == [name(first), name(second)]


def test_after_a_failed_commit_nobody_may_leap_from_what_was_not_stored(
    relay: OpenRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara = Stock(relay, "mara")
    with monkeypatch.context() as patch:
        fills_up(relay, patch)
        bring(mara, made(1, start_op=LEAP))
    mara = Stock(relay, "mara")
    bring(mara, made(1, OTHER, start_op=LEAP + 100))
    assert here(relay) == []


@pytest.mark.slow
def test_leaps_leave_room_to_count_for_everybody_else(relay: OpenRelay) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    start, changes = 1, list[bytes]()
    deps: tuple[bytes, ...] = ()
    for seq in range(1, 2_100):
        start += LEAP
        if start >= (1 << 31) - 2:
            break
        changes.append(made(1, seq=seq, start_op=start, deps=deps))
        deps = (name(changes[-1]),)
    bring(mara, *changes)
    assert len(here(relay)) == LEAPS // LEAP
    relay.open_core._documents[ONE].forget()
    honest = made(3, OTHER, start_op=(LEAPS // LEAP) * LEAP + 2, deps=(here(relay)[-1],))
    bring(joon, honest)
    assert here(relay)[-1] == name(honest)


def test_a_full_document_says_so_once_and_goes_on_being_read(tmp_path: Path) -> None:
    relay = OpenRelay(tmp_path / "relay", limits=replace(OPEN, document_operations=3, document_actors=2))
    mara, ines = Stock(relay, "mara"), Stock(relay, "ines")
    bring(mara, made(1), made(2, OTHER))
    bring(ines, made(3, b"\3" * 16))
    bring(ines, made(4, b"\4" * 16))
    assert len(here(relay)) == 2
    ines.listen()
    assert ines.types().count("error") == 1
    assert "full" in ines.turned_out
    assert not ines.socket.closing
    relay.crash()


def test_changes_that_wait_are_counted_over_all_documents_of_a_connection(tmp_path: Path) -> None:
    relay = OpenRelay(tmp_path / "relay", limits=replace(OPEN, orphans_per_peer=3))
    mara = Stock(relay, "mara")
    for document in (ONE, TWO):
        for number in range(3):
            change = made(number, seq=2, start_op=2, deps=(bytes([number]) * 32,))
            mara.send(type="sync", documentId=document_text(document), data=message(chunks=[change]))
    documents = relay.open_core._documents.values()
    assert sum(len(talk.orphans) for document in documents for talk in document.talks.values()) == 3
    relay.crash()


def test_a_frame_with_a_lot_around_its_data_is_not_learnt(relay: OpenRelay) -> None:
    mara = Stock(relay, "mara")
    first = made(1)
    more = {"type": "sync", "documentId": document_text(ONE), "data": message(chunks=[first])}
    mara.send(**more, padding=bytes(10_000))
    assert here(relay) == [name(first)]
    peer = relay.open_core._peers[mara.socket.number]
    assert peer.frames._kept == []


def test_news_held_back_go_out_although_the_clock_was_set_back(relay: OpenRelay) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    joon.speak()
    changes, deps = list[bytes](), tuple[bytes, ...]()
    for seq in range(1, 7):
        changes.append(made(1, seq=seq, start_op=seq, deps=deps))
        deps = (name(changes[-1]),)
    relay.now += 1_000
    for pair in (changes[:2], changes[2:4]):
        relay.step(*(carried(mara, change) for change in pair))
        relay.now += 5
    held = relay.open_core._telling._held
    assert held
    relay.now -= 8
    outputs = relay.open_core.step([Due()], relay.now)
    assert not held or any(isinstance(output, Again) for output in outputs)


@pytest.mark.slow
def test_what_is_told_of_storages_is_bounded_and_goes_with_the_last_who_follows() -> None:
    remote = Remote()
    remote.subscribe(1, Subscribe(("far",), ()), [])
    odd = RemoteHeads(ONE, {"far": (("x" * 100_000,), 5)})
    assert remote.heard(odd) == {}
    for number in range(1_000):
        document = number.to_bytes(16, "big")
        assert remote.heard(RemoteHeads(document, {"far": (("a" * 50,) * 1_000, 5)}))
    assert remote._bytes <= 8 << 20
    remote.leave(1)
    assert (len(remote._known), remote._bytes) == (0, 0)


def test_thirty_newcomers_share_one_copy_of_a_large_document(relay: OpenRelay) -> None:
    mara = Stock(relay, "mara")
    first = made(1)
    bring(mara, first)
    with relay.store.transaction():
        relay.store.set_snapshot(ONE, Snapshot((name(first),), bytes(1 << 20), 1))
    frames = []
    asking = encode_sync_message(SyncMessage(flags=b"\1\2"))
    for number in range(30):
        client = Stock(relay, f"reader {number}")
        frame = client.frame(type="request", documentId=document_text(ONE), data=asking)
        frames.append(Frame(client.socket.number, frame))
    sent = relay.open_core.step(frames[:15], relay.now) + relay.open_core.step(frames[15:], relay.now)
    rests = {id(each.rest) for each in sent if isinstance(each, Send) and each.rest}
    assert sum(isinstance(each, Send) and each.more for each in sent) == 30
    assert len(rests) == 1


def chain(count: int, actor: bytes = ACTOR) -> list[bytes]:
    """So many changes, one on another."""
    changes, deps = list[bytes](), tuple[bytes, ...]()
    for seq in range(1, count + 1):
        changes.append(made(seq, actor, seq=seq, start_op=seq, deps=deps))
        deps = (name(changes[-1]),)
    return changes


@pytest.mark.slow
def test_a_large_first_message_is_taken_in_turns_and_others_are_served_between(relay: OpenRelay) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    many = chain(2_000)
    bring(mara, *many, heads=(name(many[-1]),))
    assert 0 < len(here(relay)) < 1_000
    own = made(1, OTHER)
    bring(joon, own)
    assert name(own) in here(relay)
    later = made(2_001, seq=2_001, start_op=2_001, deps=(name(many[-1]),))
    bring(mara, later, heads=(name(later),))
    assert name(later) not in here(relay)
    for _ in range(6):
        relay.later()
    assert len(here(relay)) == 2_002
    assert [each for each in here(relay) if each != name(own)] == [name(each) for each in [*many, later]]
    asked = [decode_sync_message(data).need for data in answers(mara)]
    assert asked
    assert not any(asked)


@pytest.mark.slow
def test_who_leaves_before_all_was_heard_keeps_nobody_busy(relay: OpenRelay) -> None:
    mara = Stock(relay, "mara")
    bring(mara, *chain(2_000))
    mara.socket.close()
    before = len(here(relay))
    assert relay.open_core.step([Due()], relay.now) == []
    assert len(here(relay)) == before


@pytest.mark.slow
def test_who_sends_on_meanwhile_is_read_no_further_until_they_were_heard(
    relay: OpenRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_HELD", 10_000)
    mara = Stock(relay, "mara")
    many = chain(4_000)
    bring(mara, *many[:2_000])
    for _ in range(3):
        bring(mara, *many[2_000:])
    assert relay.waits
    assert relay.waits[-1] > 0
    for _ in range(40):
        relay.later()
    assert relay.waits[-1] == 0
    assert len(here(relay)) == 4_000


@pytest.mark.slow
def test_a_filter_of_one_entry_is_not_held_against_a_hundred_thousand_changes() -> None:
    ancestry = Ancestry()
    deps: tuple[bytes, ...] = ()
    for number in range(1, 20_001):
        entry = Entry(
            hashlib.sha256(bytes(str(number), "ascii")).digest(), deps, ACTOR, number, number, number
        )
        ancestry.append(entry)
        deps = (entry.hash,)
    log = SimpleNamespace(ancestry=ancestry)
    talk = Talk(log, OPEN)
    everything = BloomFilter(1, 64, 32, b"\xff" * 8)
    talk.hear(SyncMessage(heads=(bytes(32),), have=(Have((), everything),)))
    assert talk._guess == 0
    honest = filter_of([entry.hash for entry in ancestry.entries[:5_000]])
    talk.hear(SyncMessage(heads=(bytes(32),), have=(Have((), honest),)))
    assert talk._guess.bit_count() >= 5_000
