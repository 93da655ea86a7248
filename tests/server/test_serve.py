"""A relay with real sockets: nobody waits for a slow reader, nobody stays who does not say who they are."""

from __future__ import annotations

import random
import socket as sockets
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, ConnectionClosedError

from moot_client.replica.replica import Replica
from moot_client.sync.credentials import Credentials
from moot_client.sync.once import exchange, exchange_at
from moot_server.events import Frame, Input, Late, Output
from moot_server.members.core import Core
from moot_shared.limits import AHEAD_BYTES, DEFAULT, KIB
from moot_shared.wire.messages import Challenge, Join, Refusal, decode, encode
from moot_shared.wire.signed import read_hosting_key
from tests.helpers.by_settling import settle_by_hand
from tests.helpers.cohort import Cohort, issue
from tests.helpers.patience import PATIENT
from tests.helpers.relay_here import RelayHere, relay_here

LIMITS = replace(DEFAULT, unsent_bytes=200 * KIB, changes_burst=10_000)


@pytest.fixture
def cohort(tmp_path: Path) -> Iterator[list[Replica]]:
    with Cohort(tmp_path / "members", size=2) as replicas:
        yield replicas


@pytest.fixture
async def relay(tmp_path: Path, cohort: list[Replica]) -> AsyncIterator[RelayHere]:
    async with relay_here(tmp_path / "relay", limits=LIMITS) as relay:
        key = read_hosting_key(relay.hosting_key)
        await exchange_at(cohort[0], relay.url, Credentials("host", hosting_key=key), PATIENT)
        for replica in cohort:
            replica.set_relay_url(relay.url)
        yield relay


async def read_to_the_end(socket: ClientConnection) -> None:
    while True:
        await socket.recv()


@pytest.mark.slow
async def test_a_slow_reader_is_dropped_while_others_go_on_and_catches_up_later(
    cohort: list[Replica], relay: RelayHere
) -> None:
    mara, joon = cohort
    narrow = sockets.create_connection(("127.0.0.1", relay.port))
    narrow.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4 * KIB)
    slow = await connect(relay.url, sock=narrow, compression=None, max_queue=1, proxy=None)
    await settle_by_hand(joon, slow, relay.url)
    for link in relay.shell._links.values():
        raw = link.socket.transport.get_extra_info("socket")
        raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, 4 * KIB)
    dice = random.Random(2)
    for number in range(120):
        issue(mara, f"Number {number}", body=dice.randbytes(9_000).hex())
    await exchange(mara, PATIENT)  # returns, though somebody does not read
    with pytest.raises(ConnectionClosed):
        await read_to_the_end(slow)
    await exchange(joon, PATIENT)
    assert mara.heads() == joon.heads()


async def test_what_a_client_has_yet_to_take_waits_here_and_not_in_front_of_the_next_sign_of_life(
    relay: RelayHere,
) -> None:
    async with connect(relay.url, proxy=None) as socket:
        await (await socket.ping())  # it has been let in
        (accepted,) = relay.shell._server.connections  # type: ignore[union-attr]
        held = accepted.transport.get_extra_info("socket")
        assert held.getsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF) <= 2 * AHEAD_BYTES


async def test_who_does_not_say_in_time_who_they_are_is_let_go(tmp_path: Path) -> None:
    hasty = replace(DEFAULT, authentication_timeout_s=0.05)
    async with relay_here(tmp_path, limits=hasty) as relay, connect(relay.url, proxy=None) as socket:
        heard = [decode(data) async for data in socket if isinstance(data, bytes)]
    assert [message.code for message in heard if isinstance(message, Refusal)] == ["late"]
    assert len(heard) == 1


async def test_who_said_hello_and_does_not_prove_it_in_time_is_let_go_too(relay: RelayHere) -> None:
    """Told by hand that the time is over: by a clock, a busy machine could let it end before the hello."""
    async with connect(relay.url, proxy=None) as socket:
        await socket.send(encode(Join("somebody")))
        data = await socket.recv()
        assert isinstance(data, bytes)
        assert isinstance(decode(data), Challenge)
        (number,) = relay.shell._links
        relay.shell.tell(Late(number))
        heard = [decode(data) async for data in socket if isinstance(data, bytes)]
    assert [message.code for message in heard if isinstance(message, Refusal)] == ["late"]
    assert len(heard) == 1


async def test_text_is_no_message(relay: RelayHere) -> None:
    async with connect(relay.url, proxy=None) as socket:
        await socket.send("hello")
        data = await socket.recv()
    assert isinstance(data, bytes)
    refusal = decode(data)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "protocol"


async def test_a_frame_beyond_the_limit_ends_the_connection(relay: RelayHere) -> None:
    async with connect(relay.url, proxy=None) as socket:
        await socket.send(bytes(DEFAULT.frame_bytes + 1))
        with pytest.raises(ConnectionClosedError):
            await socket.recv()


async def test_a_defect_ends_one_connection_and_not_the_relay(
    cohort: list[Replica], relay: RelayHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, failed = Core.step, list[object]()

    def broken(self: Core, inputs: list[Input], now: int) -> list[Output]:
        if not failed and any(isinstance(each, Frame) and b"somebody" in each.data for each in inputs):
            failed.append(inputs)
            raise ZeroDivisionError
        return step(self, inputs, now)

    async with connect(relay.url, proxy=None) as socket:
        monkeypatch.setattr(Core, "step", broken)
        await socket.send(encode(Join("somebody")))
        data = await socket.recv()
    assert isinstance(data, bytes)
    refusal = decode(data)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "defect"
    await exchange(cohort[1], PATIENT)


async def test_what_arrives_while_one_batch_is_committed_is_the_next_batch(
    cohort: list[Replica], relay: RelayHere
) -> None:
    """Twenty frames that wait at the door together are handled in a few steps, not in twenty."""
    steps: list[int] = []
    worker = relay.shell._worker
    step = worker._step

    def counting(inputs: list[object]) -> list[object]:
        steps.append(len(inputs))
        return step(inputs)  # type: ignore[arg-type,return-value]

    worker._step = counting  # type: ignore[method-assign,assignment]
    several = [connect(relay.url, proxy=None) for _ in range(4)]
    open_ones = [await each for each in several]
    steps.clear()
    for each in open_ones:
        await each.send(encode(Join("somebody")))
    for each in open_ones:
        await each.recv()
        await each.close()
    assert sum(steps) >= 4


async def test_stopping_says_goodbye_to_everybody(cohort: list[Replica], tmp_path: Path) -> None:
    async with relay_here(tmp_path / "other") as other:
        socket = await connect(other.url, proxy=None)
        await other.shell.stop()
        with pytest.raises(ConnectionClosed) as caught:
            await socket.recv()
        assert caught.value.rcvd is not None
        assert caught.value.rcvd.code == 1001


async def test_behind_a_proxy_it_counts_whom_the_proxy_names_and_believes_no_more_than_that(
    tmp_path: Path,
) -> None:
    """What stands before the proxy's own entry was written by whoever came."""
    limits = replace(DEFAULT, strangers_per_address=1)
    async with relay_here(tmp_path, limits=limits, behind_proxy=True) as relay:
        codes = []
        sockets_ = []
        for said in ("203.0.113.1", "203.0.113.2", "203.0.113.9, 203.0.113.1"):
            headers = {"X-Forwarded-For": said}
            socket = await connect(relay.url, proxy=None, additional_headers=headers)
            sockets_.append(socket)
            await socket.send(encode(Join("somebody")))
            data = await socket.recv()
            assert isinstance(data, bytes)
            codes.append(getattr(decode(data), "code", ""))
        for socket in sockets_:
            await socket.close()
    assert codes == ["", "", "busy"]
