"""What an open relay does not take, and that nothing it meets makes it talk for ever or end."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from moot_shared.format.change import Action, Operation, OpId, ValueKind
from moot_shared.format.sync import decode_sync_message
from moot_shared.limits import OPEN
from moot_shared.wire.documents import document_text
from tests.helpers.binding import Replica
from tests.helpers.encoding import chunk, encode_change, uleb
from tests.helpers.stock import ONE, OpenRelay, Stock, message, settle

ACTOR, OTHER = b"\1" * 16, b"\2" * 16


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[OpenRelay]:
    relay = OpenRelay(tmp_path / "relay")
    yield relay
    relay.crash()


def made(value: int = 1, actor: bytes = ACTOR, **more: object) -> bytes:
    """A change that sets one number."""
    op = Operation(OpId(1, actor), None, "a", False, Action.PUT, ValueKind.INT, value, ())
    return encode_change([op], actor=actor, **more)  # type: ignore[arg-type]


def name(change: bytes) -> bytes:
    return hashlib.sha256(change[8:]).digest()


def here(relay: OpenRelay) -> list[bytes]:
    return [entry.hash for entry in relay.store.entries(ONE)]


def bring(client: Stock, *changes: bytes, heads: tuple[bytes, ...] = ()) -> None:
    data = message(heads=sorted(heads), chunks=changes)
    client.send(type="sync", documentId=document_text(ONE), data=data)


def answers(client: Stock) -> list[bytes]:
    """The sync messages that came since the last time."""
    client.heard.clear()
    client.listen()
    return [heard["data"] for heard in client.heard if heard["type"] == "sync"]


def test_of_two_things_that_an_actor_says_at_one_place_the_first_is_kept_whoever_brings_them(
    relay: OpenRelay,
) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    one, two = made(1), made(2)
    bring(mara, one, heads=(name(one),))
    bring(joon, two, heads=(name(two),))
    bring(joon, two, heads=(name(two),))
    assert here(relay) == [name(one)]
    on_top = made(3, OTHER, start_op=2, deps=(name(two),))
    bring(joon, on_top, heads=(name(on_top),))
    assert here(relay) == [name(one)]


def test_who_holds_what_is_refused_is_answered_once_and_never_asked_for_it_again(relay: OpenRelay) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    one, two = made(1), made(2)
    bring(mara, one, heads=(name(one),))
    bring(joon, two, heads=(name(two),))
    assert len(answers(joon)) == 1
    for _ in range(10):
        bring(joon, heads=(name(two),))
        assert answers(joon) == []


def test_a_stock_client_and_the_relay_that_refuses_its_change_fall_silent(relay: OpenRelay) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    actor = bytes(16)
    mara.documents[ONE], joon.documents[ONE] = Replica(actor=actor), Replica(actor=actor)
    mara.put("a", 1)
    settle(mara)
    joon.put("a", 2)
    for _ in range(20):
        before = len(joon.heard)
        with suppress(Exception):  # the binding says "duplicate seq", in no type of its own
            joon.listen()
        if not joon.speak() and len(joon.heard) == before:
            break
    else:
        raise AssertionError("They answer one another for ever.")
    assert here(relay) == list(mara[ONE].heads())
    mara.put("b", 3)
    settle(mara)
    assert mara[ONE].theirs == mara[ONE].heads()


@pytest.mark.parametrize(
    ("what", "more"),
    [
        ("a gap", {"seq": 3, "start_op": 2}),
        ("an operation before those that it is built on", {"seq": 2, "start_op": 1}),
        ("counters that run out", {"seq": 2, "start_op": (1 << 31) - 5}),
        ("a leap", {"seq": 2, "start_op": 1 << 21}),
    ],
)
def test_what_does_not_count_on_is_refused(relay: OpenRelay, what: str, more: dict[str, Any]) -> None:
    mara = Stock(relay, "mara")
    first = made(1)
    bring(mara, first, heads=(name(first),))
    bring(mara, made(2, deps=(name(first),), **more))
    assert here(relay) == [name(first)], what


def test_an_actors_next_change_is_built_on_its_last_one(relay: OpenRelay) -> None:
    mara = Stock(relay, "mara")
    first, beside = made(1), made(1, OTHER)
    second = made(2, seq=2, start_op=2, deps=(name(beside),))
    bring(mara, first, beside, second)
    assert sorted(here(relay)) == sorted([name(first), name(beside)])


def test_a_change_with_operations_further_on_is_taken_as_javascript_makes_them_in_the_past(
    relay: OpenRelay,
) -> None:
    mara = Stock(relay, "mara")
    first = made(1)
    back = made(2, OTHER, start_op=40, deps=(name(first),))
    bring(mara, first, back)
    assert here(relay) == [name(first), name(back)]


def test_changes_that_come_before_those_they_are_built_on_wait_and_what_they_miss_is_asked_for_once(
    relay: OpenRelay,
) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    first = made(1)
    second = made(2, seq=2, start_op=2, deps=(name(first),))
    bring(mara, second, heads=(name(second),))
    (answer,) = answers(mara)
    assert (
        set(decode_sync_message(answer).need) == {name(first), name(second)} - {name(second)} | {name(second)}
        or name(first) in decode_sync_message(answer).need
    )
    bring(mara, second, heads=(name(second),))
    assert answers(mara) == []
    bring(joon, first, heads=(name(first),))
    assert here(relay) == [name(first), name(second)]


def test_only_so_many_changes_wait(tmp_path: Path) -> None:
    relay = OpenRelay(tmp_path / "relay", limits=replace(OPEN, orphans_per_peer=5))
    mara = Stock(relay, "mara")
    for number in range(20):
        bring(mara, made(number, seq=2, start_op=2, deps=(bytes([number]) * 32,)))
    (talk,) = relay.open_core._documents[ONE].talks.values()
    assert len(talk.orphans) == 5
    relay.crash()


def test_a_whole_document_is_not_taken_and_nobody_is_told_that_it_would_be(relay: OpenRelay) -> None:
    mara = Stock(relay, "mara")
    mara.put("a", 1)
    mara.listen()
    for heard in mara.heard:
        if heard["type"] == "sync":
            assert decode_sync_message(heard["data"]).flags is None
    whole = b"\x43\0\0\0\1" + uleb(len(mara[ONE].save())) + mara[ONE].save()
    joon = Stock(relay, "joon")
    other = bytes(range(50, 66))
    joon.send(type="sync", documentId=document_text(other), data=whole)
    assert list(relay.store.entries(other)) == []
    assert not joon.socket.closing


def test_what_is_asked_for_ten_times_is_sent_once(relay: OpenRelay) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    first = made(1)
    bring(mara, first, heads=(name(first),))
    joon.send(
        type="sync", documentId=document_text(ONE),
        data=message(heads=[name(first)], need=[name(first)] * 10),
    )  # fmt: skip
    (answer,) = answers(joon)
    assert len(decode_sync_message(answer).chunks) == 1


@pytest.mark.parametrize(
    "bloom",
    [
        b"\x01\x00\x07\x00",  # no bits
        b"\xff\xff\xff\xff\x0f\x0a\x07\x00",  # more entries than bytes
        b"\x01\x0a\xff\xff\xff\xff\x0f\x00\x00",  # probes without end
        b"\x00",
    ],
)
def test_a_filter_that_cannot_be_ends_the_connection_and_nothing_else(relay: OpenRelay, bloom: bytes) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    first = made(1)
    bring(mara, first, heads=(name(first),))
    have = b"\1\0" + uleb(len(bloom)) + bloom
    joon.send(type="sync", documentId=document_text(ONE), data=message(heads=[bytes(32)], have=have))
    joon.listen()
    assert joon.turned_out
    assert not mara.socket.closing
    ines = Stock(relay, "ines")
    ines.speak()
    settle(ines)
    assert ines[ONE].get("a") == 1


@pytest.mark.parametrize("seed", range(4))
def test_garbage_ends_its_own_connection_only(relay: OpenRelay, seed: int) -> None:
    dice = random.Random(seed)
    mara = Stock(relay, "mara")
    mara.put("a", 1)
    settle(mara)
    data = mara[ONE].save()
    for _ in range(60):
        other = Stock(relay, "other")
        good = other.frame(type="sync", documentId=document_text(ONE), data=message(chunks=[made(7, OTHER)]))
        bad = bytearray(good)
        for _ in range(dice.randint(1, 4)):
            bad[dice.randrange(len(bad))] = dice.randrange(256)
        other.socket.send(bytes(bad[: dice.randint(1, len(bad))]))
        other.listen()
    mara.put("b", 2)
    settle(mara)
    assert mara[ONE].theirs == mara[ONE].heads()
    assert data != mara[ONE].save()


def test_only_so_many_documents_are_open_on_one_connection(tmp_path: Path) -> None:
    relay = OpenRelay(tmp_path / "relay", limits=replace(OPEN, documents_per_peer=3))
    mara = Stock(relay, "mara")
    for number in range(4):
        mara.speak(bytes([number]) * 16)
    mara.listen()
    assert "3 documents" in mara.turned_out
    assert mara.socket.closing
    relay.crash()


def test_a_damaged_change_takes_nothing_else_with_it(relay: OpenRelay) -> None:
    mara = Stock(relay, "mara")
    first, third = made(1), made(3, OTHER)
    damaged = chunk(first[11:-1] + b"\xff")
    bring(mara, first, damaged, third)
    assert sorted(here(relay)) == sorted([name(first), name(third)])
