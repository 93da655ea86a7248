"""Newcomers to an open relay get a document in one piece, as soon as there is one, and what came after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from moot_server.stock.core import OpenCore
from moot_server.stock.snapshots import LEAST, Snapshots
from moot_server.storage.store import Snapshot
from moot_shared.format.sync import Version, decode_sync_message
from tests.helpers.relay_process import environment
from tests.helpers.stock import ONE, OpenRelay, Stock, settle

PATIENCE = 60.0


@pytest.fixture
def relay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenRelay]:
    monkeypatch.setenv("PYTHONPATH", environment()["PYTHONPATH"])
    relay = OpenRelay(tmp_path / "relay")
    yield relay
    relay.crash()


def written(relay: OpenRelay, changes: int = LEAST) -> Stock:
    """A client whose changes the relay has."""
    writer = Stock(relay, "writer")
    for number in range(changes):
        writer.put("words", number)
    settle(writer)
    return writer


def versions(client: Stock) -> list[Version]:
    """Of the sync messages that came with changes."""
    messages = [decode_sync_message(m["data"]) for m in client.heard if m["type"] == "sync"]
    return [message.version for message in messages if message.chunks]


def newcomer(relay: OpenRelay, name: str = "newcomer") -> Stock:
    """Somebody who has nothing yet, once they have all."""
    client = Stock(relay, name)
    client.speak(ONE)
    settle(client)
    return client


def test_a_newcomer_is_sent_one_piece_and_what_came_after_it(relay: OpenRelay) -> None:
    with closing(Snapshots(relay.store, quiet=0)) as snapshots:
        relay.core = OpenCore(relay.store, grown=snapshots.grown)  # type: ignore[assignment]
        writer = written(relay)
        assert snapshots.settled(PATIENCE)
        assert relay.store.snapshot(ONE) is not None
        writer.put("after", 1)
        settle(writer)
        found = newcomer(relay)
        assert found[ONE].heads() == writer[ONE].heads()
        assert versions(found) == [Version.TWO, Version.ONE]
        relay.crash()
        relay.start()
        again = newcomer(relay, "after the restart")
        assert again[ONE].heads() == writer[ONE].heads()
        assert versions(again)[0] is Version.TWO


def test_a_document_without_a_snapshot_gets_one_when_somebody_asks_for_it(relay: OpenRelay) -> None:
    writer = written(relay)
    relay.crash()
    relay.start()
    with closing(Snapshots(relay.store, quiet=0)) as snapshots:
        relay.core = OpenCore(relay.store, grown=snapshots.grown)  # type: ignore[assignment]
        assert Version.TWO not in versions(newcomer(relay))
        assert snapshots.settled(PATIENCE)
        second = newcomer(relay, "second")
        assert versions(second) == [Version.TWO]
        assert second[ONE].heads() == writer[ONE].heads()


def test_a_snapshot_that_another_relay_made_of_more_than_is_here_waits(relay: OpenRelay) -> None:
    writer = written(relay, 5)
    with relay.store.transaction():
        relay.store.set_snapshot(ONE, Snapshot((b"h" * 32,), b"of more than is here", 9))
    found = newcomer(relay)
    assert found[ONE].heads() == writer[ONE].heads()
    assert versions(found) == [Version.ONE]
    assert not found.turned_out


def test_who_takes_no_documents_is_sent_changes(relay: OpenRelay) -> None:
    writer = written(relay, 5)
    chunk = writer[ONE].save()
    with relay.store.transaction():
        relay.store.set_snapshot(ONE, Snapshot(tuple(writer[ONE].heads()), chunk, 5))
    old = Stock(relay, "older")
    data = old[ONE].say()
    assert data is not None
    old.send(**old.about(ONE, data.removesuffix(b"\x02\x01\x02")))  # without the flags of newer writers
    old.listen()
    assert versions(old) == [Version.ONE]


def apart(relay: OpenRelay, base: int, each: int) -> tuple[Stock, Stock]:
    """One who was away with changes of its own, and the writer who went on; there is a snapshot meanwhile."""
    writer = written(relay, base)
    away = newcomer(relay, "away")
    away.socket.close()
    for number in range(each):
        writer.put("here", number)
        away[ONE].put("away", number)
    settle(writer)
    with relay.store.transaction():
        snapshot = Snapshot(tuple(writer[ONE].heads()), writer[ONE].save(), base + each)
        relay.store.set_snapshot(ONE, snapshot)
    away.heard.clear()
    away.connect()
    settle(away, writer)
    return away, writer


def test_who_was_away_for_long_is_sent_one_piece_where_that_is_less(relay: OpenRelay) -> None:
    away, writer = apart(relay, base=200, each=60)
    assert away[ONE].heads() == writer[ONE].heads()
    assert len(away[ONE].since(set())) == 200 + 60 + 60
    assert versions(away) == [Version.TWO]
    changes = sum(map(len, away[ONE].since(set())))
    assert sum(len(m["data"]) for m in away.heard if m["type"] == "sync") < changes / 8


def test_who_was_away_for_a_moment_is_sent_changes(relay: OpenRelay) -> None:
    away, writer = apart(relay, base=200, each=5)
    assert away[ONE].heads() == writer[ONE].heads()
    assert Version.TWO not in versions(away)
