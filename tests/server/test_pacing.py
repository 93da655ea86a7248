"""Much at once is sent and read piece by piece, and what is not asked for is not answered."""

from __future__ import annotations

import zlib

import pytest

from moot_client.replica.replica import Replica
from moot_shared.format.change import Change
from moot_shared.limits import DEFAULT
from moot_shared.trust.seal import Sealed, seal_message
from moot_shared.wire import pages
from moot_shared.wire.messages import (
    Done,
    Have,
    Message,
    Page,
    Receipt,
)
from moot_shared.wire.pages import pack, unpack
from tests.helpers.by_hand import enter, kinds, page_of
from tests.helpers.cohort import issue
from tests.helpers.community import Community, Machine, person
from tests.helpers.network import Client, Relay, run


@pytest.fixture
def how_many() -> int:
    return 2


def test_of_a_run_that_came_at_once_the_last_seal_is_kept_and_pages_end_there(
    made: Community, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = person("ann")
    changes: list[tuple[Change, Machine | None]] = []
    for number in range(6):
        change = made.add(made.make(ann, made.saying(ann, "vote", str(number), {"dots": 1})))
        changes.append((change, ann if number % 2 else None))
    socket, _ = enter(relay, made.id, ann)
    socket.send(Have({}))
    socket.send(page_of(made.id, *changes[:4]))
    socket.send(page_of(made.id, *changes[4:]))
    socket.close()
    monkeypatch.setattr(pages, "CHANGES", 2)
    reader, _ = enter(relay, made.id, made.founder)
    known = made.history.version()
    first = made.history.at(ann.actor, 1)
    assert first
    known[ann.actor] = (1, first.hash)
    reader.send(Have(known))
    got = [message for message in reader.heard() if isinstance(message, Page)]
    assert [(len(unpack(page.body)), page.more) for page in got] == [(2, True), (2, False), (2, False)]


def test_a_newcomer_is_sent_a_long_backlog_page_by_page_as_the_socket_takes_it(
    made: Community, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "CHANGES", 1)
    reader, _ = enter(relay, made.id, made.founder)
    reader.send(Have({}))
    assert len(reader.inbox) == 1
    assert kinds(reader.heard()) == ["page", "page", "page", "done"]


def test_what_comes_while_somebody_catches_up_joins_their_backlog_once(
    made: Community, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "CHANGES", 1)
    ann = person("ann")
    reader, _ = enter(relay, made.id, made.founder)
    reader.send(Have({}))
    writer, _ = enter(relay, made.id, ann)
    writer.send(Have(made.history.version()))
    fresh = made.make(ann, made.saying(ann, "profile", "me", {"name": "Ann"}))
    writer.send(page_of(made.id, (fresh, ann)))
    heard = reader.heard()
    assert kinds(heard) == ["page", "page", "page", "page", "done"]
    chunks = [carry.chunk for page in heard if isinstance(page, Page) for carry in unpack(page.body)]
    assert chunks[-1] == fresh.raw
    assert len(set(chunks)) == 4
    done = heard[-1]
    assert isinstance(done, Done)
    assert done.heads == (fresh.hash,)


@pytest.mark.slow
def test_a_backlog_is_paced_and_never_refused(cohort: list[Replica], relay: Relay) -> None:
    client = Client(cohort[0], relay)
    run(client)
    for number in range(DEFAULT.changes_burst + 30):
        issue(cohort[0], f"Number {number}")
    run(client)
    assert client.settled()
    assert relay.waits
    assert max(relay.waits) <= 1.0


def test_who_says_again_and_again_what_they_have_and_reads_nothing_costs_one_page(
    made: Community, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "CHANGES", 1)
    socket, _ = enter(relay, made.id, made.founder)
    for _ in range(50):
        socket.send(Have({}))
    assert len(socket.inbox) == 1
    heard = socket.heard()
    assert kinds(heard) == ["page", "page", "page", "page", "done"]  # the first, and then all once more


@pytest.mark.slow
def test_a_flood_of_anything_is_read_later_and_later(made: Community, relay: Relay) -> None:
    """However many frames, and whatever they are: in the long run so many changes' worth a second."""
    from moot_shared.trust.seal import receipt_message
    from moot_shared.wire import cbor

    ann = person("ann")
    known = made.history.change(made.history.heads()[0])
    signed = ann.identity.sign(receipt_message(made.id, ann.actor, 1, ()))
    floods: dict[str, tuple[Message | bytes, float]] = {
        "have": (Have({}), 0.5),
        "receipts": (Receipt(ann.actor, (), 1, signed), 0.25),
        "unknown words": (cbor.encode({"type": "later"}), 0.05),
        "what is here already": (page_of(made.id, (known, ann)), 0.05),
        "batches without an end": (Page(zlib.compress(b""), n=1, more=True), 0.05),
    }
    for name, (message, seconds) in floods.items():
        relay.now += 1_000_000
        socket, _ = enter(relay, made.id, ann)
        relay.waits.clear()
        sent = 0
        while sum(relay.waits) < 1.0:
            socket.send(message)
            socket.heard()
            sent += 1
            assert sent < 500, name
        assert relay.waits[0] == pytest.approx(seconds, abs=0.5), name
        socket.close()


def test_a_receipt_without_news_is_neither_written_nor_passed_on(cohort: list[Replica], relay: Relay) -> None:
    clients = [Client(replica, relay) for replica in cohort]
    run(*clients, sign=True)
    commits: list[str] = []
    relay.store._db.set_trace_callback(lambda sql: commits.append(sql) if "receipt" in sql else None)
    again = Client(cohort[0], relay)
    clients[1].events.clear()
    run(again, clients[1], sign=True)
    assert [sql for sql in commits if sql.startswith("INSERT")] == []
    assert clients[1].events == []


@pytest.mark.slow
def test_a_traveller_with_five_thousand_changes_is_paced_and_never_refused(
    made: Community, relay: Relay
) -> None:
    """The clock moves as the relay says that it will read on: half a minute of that is enough."""
    ann = person("ann")
    carried: list[Sealed] = []
    for number in range(5_000):
        change = made.add(made.make(ann, made.saying(ann, "vote", str(number), {"dots": 1})))
        carried.append(
            Sealed(
                change.raw,
                ann.identity.sign(seal_message(made.id, change.actor, change.seq, change.hash))
                if number % 64 == 63 or number == 4_999
                else None,
            )
        )
    socket, welcome = enter(relay, made.id, ann)
    socket.send(Have(welcome.clock))
    socket.heard()
    started, steps = relay.now, 0
    for packed in pack(carried):
        steps += 1
        relay.waits.clear()
        socket.send(Page(packed.body, n=steps, more=packed.more))
        assert kinds(socket.heard()) == ["stored"]
        assert all(wait <= 1.0 for wait in relay.waits)
        relay.now += round(1000 * sum(relay.waits))
    assert steps <= 15
    assert relay.now - started <= 30_000
    last = made.history.last(ann.actor)
    assert last is not None
    assert relay.core._communities[made.id].history.version()[ann.actor] == (last.seq, last.hash)
