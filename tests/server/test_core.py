"""Batches in, one commit, and only then a word: what the relay says is on its disk."""

from __future__ import annotations

import itertools
import random
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from moot_client.replica.replica import Replica
from moot_client.sync.events import Received
from moot_client.sync.session import Credentials
from moot_server.peers import Frame, Input
from moot_shared.errors import StorageError
from moot_shared.format.change import Change
from moot_shared.limits import DEFAULT
from moot_shared.trust.seal import Sealed, seal_message
from moot_shared.wire import pages
from moot_shared.wire.messages import (
    Challenge,
    Done,
    Error,
    Have,
    Join,
    Message,
    Page,
    Peer,
    Proof,
    Receipt,
    Refusal,
    Stored,
    encode,
)
from moot_shared.wire.pages import pack, unpack
from moot_shared.wire.signed import host_mac, proof_message
from tests.helpers.cohort import Cohort, issue, rows
from tests.helpers.community import Community, Machine, person, put
from tests.helpers.network import ADDRESS, HOSTING_KEY, NOW, Client, Relay, Socket, hosted, run


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Relay]:
    relay = Relay(tmp_path / "relay")
    yield relay
    relay.crash()


@pytest.fixture
def cohort(tmp_path: Path, relay: Relay) -> Iterator[list[Replica]]:
    with Cohort(tmp_path / "members", size=2) as replicas:
        hosted(relay, replicas[0])
        yield replicas


def enter(relay: Relay, community: bytes, who: Machine, role: str = "member") -> tuple[Socket, Peer]:
    """A member's connection, past the door, by hand."""
    socket = relay.open()
    socket.send(Join("somebody"))
    (challenge,) = socket.heard()
    assert isinstance(challenge, Challenge)
    message = proof_message(challenge.relay, challenge.nonce, community, who.actor, role, ADDRESS)
    mac = host_mac(HOSTING_KEY, message) if role == "host" else None
    socket.send(Proof(community, who.actor, role, ADDRESS, who.identity.sign(message), mac=mac))
    (welcome,) = socket.heard()
    assert isinstance(welcome, Peer), welcome
    return socket, welcome


def carried(community: bytes, changes: list[tuple[Change, Machine | None]]) -> list[Sealed]:
    """Changes with the seals of whoever is named."""
    return [
        Sealed(c.raw, by.identity.sign(seal_message(community, c.actor, c.seq, c.hash)) if by else None)
        for c, by in changes
    ]


def page_of(community: bytes, *changes: tuple[Change, Machine | None], n: int = 1) -> Page:
    (packed,) = pack(carried(community, list(changes)))
    return Page(packed.body, n=n)


def together(clients: list[Client], frames: list[bytes]) -> list[Input]:
    """A frame of each client, in one batch."""
    return [Frame(client.socket.number, frame) for client, frame in zip(clients, frames, strict=True)]


def kinds(messages: list[Message]) -> list[str]:
    return [message.type for message in messages]


@pytest.fixture
def made(relay: Relay) -> Community:
    """A community of changes made by hand, with Ann in it, and stored on the relay."""
    made = Community()
    ann = made.member("ann")
    socket, _ = enter(relay, made.id, made.founder, "host")
    owners = {made.founder.actor: made.founder, ann.actor: ann}
    changes = [made.history.change(e.hash) for e in made.history.missing_from({})]
    socket.send(Have({}))
    socket.send(page_of(made.id, *((c, owners[c.actor]) for c in changes)))
    assert kinds(socket.heard()) == ["done", "stored", "done"]
    socket.close()
    return made


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


def test_a_backlog_is_paced_and_never_refused(cohort: list[Replica], relay: Relay) -> None:
    client = Client(cohort[0], relay)
    run(client)
    for number in range(DEFAULT.changes_burst + 30):
        issue(cohort[0], f"Number {number}")
    run(client)
    assert client.settled()
    assert relay.waits
    assert max(relay.waits) <= 1.0


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
    again = Client(cohort[0], relay, Credentials())
    issue(cohort[0])
    run(again, other)
    assert again.settled()
    assert cohort[0].heads() == cohort[1].heads()


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


def test_frames_of_one_connection_in_one_batch_are_handled_in_order(relay: Relay, made: Community) -> None:
    socket = relay.open()
    relay.step(Frame(socket.number, encode(Join("a"))), Frame(socket.number, encode(Have({}))))
    assert kinds(socket.heard()) == ["challenge", "refusal"]


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


# -- what is not asked for is not answered, and what costs much is read later -------------------------------


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
