"""An open relay among stock clients: what one writes all others have, whatever comes between."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from moot_server.events import Frame, Input
from moot_shared.format.bloom import BloomFilter
from moot_shared.limits import OPEN
from moot_shared.wire.documents import document_text
from tests.helpers.stock import ONE, TWO, OpenRelay, Stock, message, settle


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[OpenRelay]:
    relay = OpenRelay(tmp_path / "relay")
    yield relay
    relay.crash()


def equal(*clients: Stock, document: bytes = ONE) -> bool:
    return len({frozenset(client[document].heads()) for client in clients}) == 1


def test_what_one_creates_another_finds(relay: OpenRelay) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    mara.put("a", 1)
    settle(mara)
    joon.speak()
    settle(mara, joon)
    assert joon[ONE].get("a") == 1
    assert "doc-unavailable" not in joon.types()


def test_the_handshake_names_what_the_relay_keeps_documents_in_and_a_restart_changes_no_name(
    relay: OpenRelay,
) -> None:
    mara = Stock(relay, "mara")
    mara.listen()
    relay.crash()
    relay.start()
    mara.connect()
    mara.listen()
    before, after = mara.heard
    assert before == after
    assert before["type"] == "peer"
    assert before["targetId"] == "mara"
    assert before["selectedProtocolVersion"] == "1"
    assert before["peerMetadata"] == {"storageId": relay.open_core.storage, "isEphemeral": False}


def test_who_speaks_another_version_is_told_so(relay: OpenRelay) -> None:
    mara = Stock(relay, "mara")
    mara.socket = relay.open()
    mara.send(type="join", supportedProtocolVersions=["2"])
    mara.listen()
    assert mara.turned_out == "unsupported protocol version"
    assert mara.socket.closing


def test_who_does_not_say_who_comes_is_let_go(relay: OpenRelay) -> None:
    mara = Stock(relay, "mara")
    mara.socket = relay.open()
    mara.put("a", 1)
    mara.listen()
    assert mara.turned_out


def test_who_connects_again_under_the_same_name_ends_the_connection_before(relay: OpenRelay) -> None:
    mara = Stock(relay, "mara")
    before = mara.socket
    mara.connect()
    mara.put("a", 1)
    settle(mara)
    assert before.closing
    assert mara[ONE].theirs == mara[ONE].heads()


@pytest.mark.parametrize("seed", range(6))
def test_concurrent_edits_by_several_converge(relay: OpenRelay, seed: int) -> None:
    dice = random.Random(seed)
    clients = [Stock(relay, f"c{n}") for n in range(4)]
    clients[0].put("first", 0)
    settle(*clients)
    for client in clients:
        client.speak()
    for step in range(60):
        client = dice.choice(clients)
        match dice.randrange(4):
            case 0 | 1:
                client.put(dice.choice("abc"), step)
            case 2:
                client.listen()
                client.speak()
            case 3:
                relay.later()
    settle(*clients)
    assert equal(*clients)
    assert len(relay.open_core._documents[ONE].ancestry.entries) == len(clients[0][ONE].since(set()))


@pytest.mark.parametrize("seed", range(6))
def test_lost_connections_and_restarts_lose_nothing(relay: OpenRelay, seed: int) -> None:
    dice = random.Random(100 + seed)
    clients = [Stock(relay, f"c{n}") for n in range(3)]
    clients[0].put("first", 0)
    settle(*clients)
    for client in clients:
        client.speak()
    for step in range(60):
        client = dice.choice(clients)
        match dice.randrange(8):
            case 0 | 1 | 2:
                client.put(dice.choice("abc"), step)
            case 3 | 4:
                client.listen()
                client.speak()
            case 5:
                client.socket.close()
                client.connect()
            case 6:
                client[ONE].put("away", step)
            case 7:
                relay.crash()
                relay.start()
                for each in clients:
                    each.connect()
    settle(*clients)
    assert equal(*clients)


def test_an_unavailable_document_is_said_to_be_so_and_comes_when_somebody_brings_it(
    relay: OpenRelay,
) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    joon.speak()
    joon.listen()
    assert joon.types() == ["doc-unavailable"]
    mara.put("late", 1)
    settle(mara, joon)
    assert joon[ONE].get("late") == 1


def test_a_name_that_cannot_be_a_documents_is_unavailable_and_ends_nothing(relay: OpenRelay) -> None:
    mara = Stock(relay, "mara")
    mara.send(type="request", documentId="not one", data=message())
    mara.put("a", 1)
    settle(mara)
    assert mara.types()[0] == "doc-unavailable"
    assert mara.heard[1]["documentId"] == "not one"
    assert not mara.turned_out


def test_documents_are_apart(relay: OpenRelay) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    mara.put("a", 1, ONE)
    mara.put("b", 2, TWO)
    joon.speak(TWO)
    settle(mara, joon)
    assert joon[TWO].get("b") == 2
    assert all(heard.get("documentId") != document_text(ONE) for heard in joon.heard)


def test_who_lost_everything_gets_everything_again(relay: OpenRelay) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    for number in range(5):
        mara.put("a", number)
    settle(mara, joon)
    joon.speak()
    settle(mara, joon)
    joon.send(type="sync", documentId=document_text(ONE), data=message(have=b"\1\0\0"))
    del joon.documents[ONE]
    joon[ONE]
    settle(mara, joon)
    assert equal(mara, joon)


def test_an_empty_relay_is_filled_again_by_whoever_comes(relay: OpenRelay, tmp_path: Path) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    mara.put("a", 1)
    joon.speak()
    settle(mara, joon)
    relay.crash()
    relay.folder = tmp_path / "new"
    relay.start()
    mara.connect()
    settle(mara)
    joon.connect()
    settle(mara, joon)
    assert equal(mara, joon)
    assert mara[ONE].get("a") == joon[ONE].get("a") == 1


@pytest.mark.slow
def test_both_sides_went_on_and_little_is_sent_twice(relay: OpenRelay) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    for number in range(300):
        mara[ONE].put(f"base{number % 10}", number)
    mara.speak()
    joon.speak()
    settle(mara, joon)
    base = joon[ONE].heads()
    for number in range(200):
        joon[ONE].put(f"away{number % 10}", number)
        mara.put(f"here{number % 10}", number)
    settle(mara)
    raw = sum(map(len, joon[ONE].since(base))) + sum(map(len, mara[ONE].since(base)))
    joon.heard.clear()
    sent: list[int] = []
    step = relay.step

    def counted(*inputs: Input) -> None:
        sent.extend(
            len(each.data) for each in inputs if isinstance(each, Frame) and each.peer == number_of_joon
        )
        step(*inputs)

    number_of_joon = joon.socket.number + 1
    relay.step = counted  # type: ignore[method-assign]
    joon.connect()
    settle(mara, joon)
    assert joon.socket.number == number_of_joon
    assert equal(mara, joon)
    down = sum(len(heard.get("data", b"")) for heard in joon.heard)
    assert sum(sent) + down < 1.1 * raw
    assert len(joon.heard) < 8


def test_what_is_large_is_sent_in_parts_and_the_next_when_the_last_has_left(tmp_path: Path) -> None:
    relay = OpenRelay(tmp_path / "relay", limits=replace(OPEN, reply_bytes=2_000))
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    for number in range(200):
        mara[ONE].put("a", number)
    mara.speak()
    settle(mara)
    joon.speak()
    _, more = joon.socket.inbox[-1]
    assert more
    settle(mara, joon)
    assert equal(mara, joon)
    sizes = [len(heard["data"]) for heard in joon.heard if heard["type"] == "sync"]
    assert len(sizes) > 5
    assert max(sizes) < 3_000
    relay.crash()


def test_a_flood_is_passed_on_in_few_messages_and_each_edit_of_a_calm_writer_at_once(
    relay: OpenRelay,
) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    mara.put("a", 0)
    joon.speak()
    settle(mara, joon)
    for number in range(20):
        before = len(joon.heard)
        mara.put("calm", number)
        assert len(joon.heard) == before
        joon.listen()
        assert joon[ONE].get("calm") == number
        mara.listen()
        settle(mara, joon)
        relay.now += 1
    joon.heard.clear()
    for number in range(200):
        mara.put("flood", number)
        relay.now += 1
    settle(mara, joon)
    assert joon[ONE].get("flood") == 199
    assert len(joon.heard) < 20


def test_what_a_filter_hides_is_sent_when_it_is_missed_and_nothing_else_again(
    relay: OpenRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara, joon = Stock(relay, "mara"), Stock(relay, "joon")
    for number in range(30):
        mara[ONE].put("base", number)
    mara.speak()
    joon.speak()
    settle(mara, joon)
    base = mara[ONE].heads()
    joon[ONE].put("away", 1)
    for number in range(10):
        mara.put("here", number)
    settle(mara)
    first = next(entry.hash for entry in relay.store.entries(ONE) if set(entry.deps) == base)
    honest = BloomFilter.__contains__
    monkeypatch.setattr(BloomFilter, "__contains__", lambda self, name: name == first or honest(self, name))
    joon.heard.clear()
    joon.connect()
    settle(mara, joon)
    assert equal(mara, joon)
    sizes = [len(heard["data"]) for heard in joon.heard if heard["type"] == "sync"]
    assert sum(sizes) < 2_500
