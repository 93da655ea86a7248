"""Bytes that nobody can read ended the program (automerge-repo).

What happened there: a server sent a frame that was no CBOR, and the client's whole repository went down
with it (https://github.com/automerge/automerge-repo/pull/449); the other way round, a client's frame did
so to the server (https://github.com/automerge/automerge-repo/pull/392), and a sync message that could not
be read ended a server's process (https://github.com/automerge/automerge/issues/855).

What must hold here: it is said in a sentence, the connection ends, work goes on and is kept, nobody else
notices - and as soon as the other side makes sense again, all is exchanged.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest

from moot_client.replica.replica import Replica
from moot_client.sync.credentials import Credentials
from moot_client.sync.engine import Engine
from moot_client.sync.events import Event, Offline, Synced
from moot_client.sync.journey import Rhythm
from moot_client.sync.once import exchange_at
from moot_shared.wire.messages import Done, Message, Page, Peer, Stored, encode
from moot_shared.wire.signed import read_hosting_key
from tests.field.stage import all_the_same, changes, converse, meet
from tests.helpers.cohort import issue
from tests.helpers.crooked import Crooked, Said
from tests.helpers.network import NOW, Client, Relay
from tests.helpers.patience import PATIENCE_S, PATIENT
from tests.helpers.relay_process import RelayProcess

E = TypeVar("E", bound=Event)
NONSENSE: dict[str, bytes | str] = {
    "nothing": b"",
    "a byte": b"\xff",
    "cut off": encode(Done((), NOW))[:-3],
    "something behind it": encode(Done((), NOW)) + b"\0",
    "an endless map": b"\xbf" + b"\x61a\x01" * 50,
    "a length of 2**63": b"\x5b\x80\x00\x00\x00\x00\x00\x00\x00abc",
    "nested a thousand times": b"\x81" * 1_000 + b"\x01",
    "a tag": b"\xd8\x23\x61(",
    "a number": b"\x18\x2a",
    "a map without a type": b"\xa1\x61a\x61b",
    "a page whose body is none": encode(Page(b"not deflated", n=1)),
    "a page with half a change": encode(Page(zlib.compress(b"\x05\x85oJ"), n=1)),
    "text": "hello",
}
BINARY = {what: frame for what, frame in NONSENSE.items() if isinstance(frame, bytes)}
QUICK = Rhythm(inbox=0.01, writer=0.01, first_try=0.01, last_try=0.03, jitter=lambda: 0.0)


@pytest.mark.slow
@pytest.mark.parametrize("what", BINARY)
def test_a_client_that_is_sent_nonsense_hangs_up_says_so_and_has_all_it_had(
    cohort: list[Replica], relay: Relay, what: str
) -> None:
    """At every step of the conversation."""
    joon, frame = cohort[1], BINARY[what]
    issue(cohort[0], "For Joon")
    meet(relay, cohort[0])
    kept = issue(joon, "Said before")
    before = joon.version()
    for after in range(7):
        client = Client(joon, relay)
        for _ in range(after):
            client.send_one()
            client.receive_one()
        client.socket.inbox.clear()
        client.socket.inbox.append((frame, False))
        while client.receive_one():
            pass
        if client.trouble is not None:  # a welcome in between may be what it was waiting for
            assert "safe on this machine" in str(client.trouble)
        client.socket.close()
        assert before.items() <= {**joon.version(), **before}.items()
        assert joon.reader().execute("SELECT 1 FROM record WHERE key = ?", (kept,)).fetchone()
    meet(relay, joon)
    meet(relay, cohort[0])
    all_the_same(cohort[0], joon)


@pytest.mark.slow
@pytest.mark.parametrize("what", BINARY)
def test_a_relay_that_is_sent_nonsense_lets_go_of_one_and_serves_the_others(
    cohort: list[Replica], relay: Relay, what: str
) -> None:
    mara, joon, ines = cohort
    others = [Client(mara, relay), Client(ines, relay)]
    converse(*others)
    for after in range(5):
        client = Client(joon, relay)
        for _ in range(after):
            client.send_one()
            client.receive_one()
        client.socket.send(BINARY[what])
        while client.receive_one():
            pass
        issue(mara, f"Meanwhile {after}")
        converse(*others)
        assert all(other.trouble is None and other.settled() for other in others)
        client.socket.close()
    meet(relay, joon)
    all_the_same(mara, joon, ines)


def spoil(frame: Said, instead_of: type[Message]) -> Callable[[Message], Iterable[Said] | None]:
    """Send this instead of the relay's messages of one kind."""
    return lambda message: [frame] if isinstance(message, instead_of) else None


@pytest.mark.parametrize("what", ["a byte", "text", "an endless map", "a page whose body is none"])
async def test_the_engine_lives_through_it_and_syncs_when_the_relay_makes_sense_again(
    cohort: list[Replica], relay_process: RelayProcess, what: str
) -> None:
    """Real sockets, and the engine that the interface runs, while somebody types."""
    mara, joon, _ = cohort
    with Crooked(relay_process.url) as crooked:
        key = read_hosting_key(relay_process.hosting_key)
        await exchange_at(mara, crooked.url, Credentials("host", hosting_key=key), PATIENT)
        joon.set_relay_url(crooked.url)
        events: asyncio.Queue[Event] = asyncio.Queue()
        engine = Engine(joon, events.put_nowait, PATIENT, QUICK)
        crooked.down = spoil(NONSENSE[what], Peer)
        running = asyncio.create_task(engine.run())
        try:
            for spoilt in (Peer, Stored):
                await asyncio.to_thread(issue, joon, f"Typed while {spoilt.__name__} was spoilt")
                offline = await _next(events, Offline)
                assert "safe on this machine" in offline.reason
                crooked.honest()
                await _next(events, Synced)
                assert not running.done()
                crooked.down = spoil(NONSENSE[what], Stored)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    assert changes(joon.place.store).items() <= changes(relay_process.folder / "relay.db").items()


async def _next(events: asyncio.Queue[Event], kind: type[E]) -> E:
    async with asyncio.timeout(PATIENCE_S):
        while not isinstance(event := await events.get(), kind):
            pass
    return event
