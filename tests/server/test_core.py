"""Batches in, one commit, and only then a word: what the relay says is on its disk."""

from __future__ import annotations

import itertools
import sqlite3
from typing import Any

import pytest

from moot_client.replica.replica import Replica
from moot_client.sync.credentials import Credentials
from moot_client.sync.events import Received
from moot_server.events import Frame, Input
from moot_shared.errors import StorageError
from moot_shared.wire.messages import (
    Receipt,
)
from tests.helpers.cohort import issue, rows
from tests.helpers.network import NOW, Client, Relay, run


@pytest.fixture
def how_many() -> int:
    return 2


def together(clients: list[Client], frames: list[bytes]) -> list[Input]:
    """A frame of each client, in one batch."""
    return [Frame(client.socket.number, frame) for client, frame in zip(clients, frames, strict=True)]


def test_nothing_is_stored_or_forwarded_before_the_commit(cohort: list[Replica], relay: Relay) -> None:
    mara, joon = cohort
    writer, reader = Client(mara, relay), Client(joon, relay)
    run(writer, reader)
    issue(mara)
    frame = writer.session.next_frame()
    assert frame is not None
    beside = sqlite3.connect(relay.folder / "relay.db")
    count = "SELECT count(*) FROM change"
    (before,) = beside.execute(count).fetchone()
    outputs = relay.core.step([Frame(writer.socket.number, frame)], NOW)
    assert beside.execute(count).fetchone() == (before + 1,)
    assert {output.peer for output in outputs} == {writer.socket.number, reader.socket.number}
    beside.close()


def test_what_arrives_together_is_committed_together(cohort: list[Replica], relay: Relay) -> None:
    clients = [Client(replica, relay) for replica in cohort]
    run(*clients)
    commits: list[str] = []
    relay.store._db.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    for replica in cohort:
        issue(replica)
    frames = [client.session.next_frame() or b"" for client in clients]
    for output in relay.core.step(together(clients, frames), NOW):
        relay.deliver(output)
    assert commits == ["COMMIT"]
    run(*clients)
    assert rows(cohort[0]) == rows(cohort[1])


def test_a_full_disk_is_said_and_costs_nothing_else(cohort: list[Replica], relay: Relay) -> None:
    mara, joon = cohort
    writer, reader = Client(mara, relay), Client(joon, relay)
    run(writer, reader)
    (pages_now,) = relay.store._db.execute("PRAGMA page_count").fetchone()
    relay.store._db.execute(f"PRAGMA max_page_count = {pages_now}")
    for number in range(40):
        issue(mara, f"Number {number}", body="word " * 200)
    run(writer, reader)
    assert writer.code == "storage"
    assert "disk is full" in str(writer.trouble)
    assert "safe on your machine" in str(writer.trouble)
    assert reader.said(Received) == []
    assert not writer.settled()

    # Reading goes on, for who is connected and for who comes now.
    late = Client(joon, relay)
    run(late)
    assert late.trouble is None
    assert late.session.online

    relay.store._db.execute("PRAGMA max_page_count = 1000000")
    again = Client(mara, relay)
    run(again, late)
    assert again.trouble is None
    assert again.settled()
    assert mara.heads() == joon.heads()


def test_a_disk_that_refuses_one_write_takes_back_the_whole_batch(
    cohort: list[Replica], relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [Client(replica, relay) for replica in cohort]
    run(*clients)
    for replica in cohort:
        issue(replica)
    frames = [client.session.next_frame() or b"" for client in clients]
    before = list(relay.store.entries(cohort[0].community))
    write, written = relay.store.add_change, itertools.count()

    def failing(*arguments: Any) -> None:
        if next(written):
            raise sqlite3.OperationalError("disk I/O error")
        write(*arguments)

    monkeypatch.setattr(relay.store, "add_change", failing)
    for output in relay.core.step(together(clients, frames), NOW):
        relay.deliver(output)
    monkeypatch.undo()
    run(*clients)
    assert [client.code for client in clients] == ["storage", "storage"]
    assert list(relay.store.entries(cohort[0].community)) == before
    again = [Client(replica, relay) for replica in cohort]
    run(*again)
    assert [client.trouble for client in again] == [None, None]
    assert cohort[0].heads() == cohort[1].heads()


def test_a_receipt_counts_only_with_its_senders_own_signature(cohort: list[Replica], relay: Relay) -> None:
    mara, joon = cohort
    honest = joon.receipt(NOW)
    client = Client(mara, relay)
    run(client)
    client.socket.send(Receipt(*honest))
    run(client)
    assert client.code == "bad receipt"
    assert list(relay.store.receipts(mara.community)) == []


def test_a_defect_lets_go_of_who_was_served_and_the_relay_goes_on(
    cohort: list[Replica], relay: Relay
) -> None:
    client, other = Client(cohort[0], relay), Client(cohort[1], relay)
    run(client, other)
    for output in relay.core.abandon([Frame(client.socket.number, b"")]):
        relay.deliver(output)
    run(client)
    assert client.code == "defect"
    again, other = (Client(each, relay, Credentials()) for each in cohort)
    issue(cohort[0])
    run(again, other)
    assert again.settled()
    assert cohort[0].heads() == cohort[1].heads()


def test_who_was_not_told_of_a_change_for_a_defect_after_the_commit_gets_it_when_they_are_back(
    cohort: list[Replica], relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara, joon = cohort
    writer, other = Client(mara, relay), Client(joon, relay)
    run(writer, other)

    def defect(*_: object) -> None:
        raise ZeroDivisionError

    issue(mara)
    frame = Frame(writer.socket.number, writer.session.next_frame() or b"")
    with monkeypatch.context() as patch:
        patch.setattr("moot_server.members.core.Fanout.outputs", defect)
        with pytest.raises(ZeroDivisionError):
            relay.core.step([frame], relay.now)
    for output in relay.core.abandon([frame]):
        relay.deliver(output)
    run(writer, other)
    assert (writer.code, other.code) == ("defect", "defect")
    run(Client(joon, relay))
    assert joon.heads() == mara.heads()


def test_a_store_that_cannot_be_read_is_said(cohort: list[Replica], relay: Relay) -> None:
    class Broken:
        def __getattr__(self, name: str) -> object:
            if name == "relay_id":
                return lambda: bytes(16)
            if name == "restored":
                return frozenset
            raise StorageError("The relay's disk cannot be used (I/O error).")

    relay.wrap = lambda store: Broken()  # type: ignore[assignment,return-value]
    relay.crash()
    relay.start()
    client = Client(cohort[0], relay)
    run(client)
    assert client.code == "storage"
