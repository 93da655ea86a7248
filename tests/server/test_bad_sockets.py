"""Sockets of every bad kind: who is slow, who says nothing, who does not read, who speaks something else.

The relay is a real process, of communities and open. While each of them is at it, somebody honest is
served; afterwards file handles and memory are as they were.
"""

from __future__ import annotations

import asyncio
import random
import socket as sockets
from asyncio import to_thread
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import cbor2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidMessage

from moot_shared.errors import ConnectionTrouble
from moot_shared.limits import MIB
from moot_shared.wire.messages import Have, encode
from tests.helpers.patience import PATIENCE_S
from tests.helpers.target import (
    HANDSHAKE,
    KINDS,
    Target,
    ends,
    framed,
    narrow,
    raw,
    shaken,
    target,
)

pytestmark = pytest.mark.slow

SLACK = 30 * MIB  # of memory that an allocator keeps for next time


@pytest.fixture(scope="module", params=KINDS)
def aim(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with target(tmp_path_factory.mktemp("target"), request.param) as found:
        for _ in range(3):
            found.serves()  # what is loaded by the first of all is no leak
        found.figure("defects_total")
        yield found


@pytest.fixture
async def aimed(aim: Target) -> AsyncIterator[Target]:
    handles, memory = aim.handles(), aim.memory()
    yield aim
    await comes_in(aim)
    await aim.rests(handles + 1)
    assert aim.memory() - memory < SLACK
    assert await to_thread(aim.figure, "defects_total") == 0


async def test_a_thousand_sockets_that_say_nothing_are_let_go_and_others_come_in_meanwhile(
    aimed: Target,
) -> None:
    silent = []
    for _ in range(20):  # as many at a time as the system queues: what overflows it never hears of its end
        opened = await asyncio.gather(*(raw(aimed.port) for _ in range(50)), return_exceptions=True)
        silent += [each for each in opened if not isinstance(each, BaseException)]
    await comes_in(aimed)  # from the same address; somebody else's would not have to wait
    await asyncio.gather(*(ends(reader) for reader, _ in silent))
    for _, writer in silent:
        writer.close()


async def test_a_thousand_handshakes_after_which_nothing_comes_are_let_go(aimed: Target) -> None:
    async def knock() -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await shaken(aimed.port)
            await ends(reader)
            writer.close()

    knocking = [asyncio.create_task(knock()) for _ in range(1000)]
    await asyncio.sleep(0)
    await asyncio.gather(*knocking)


async def test_a_handshake_byte_by_byte_is_not_waited_for(aimed: Target) -> None:
    reader, writer = await raw(aimed.port)
    with suppress(ConnectionError):
        for byte in HANDSHAKE[:-2]:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)
        await comes_in(aimed)
    await ends(reader)
    writer.close()


async def test_a_frame_byte_by_byte_is_not_waited_for(aimed: Target) -> None:
    reader, writer = await shaken(aimed.port)
    with suppress(ConnectionError):
        for byte in framed(aimed.hello() + bytes(200)):
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)
    await ends(reader)
    writer.close()


async def test_what_is_no_handshake_is_answered_or_ended(aimed: Target) -> None:
    dice = random.Random(7)
    for data in (
        b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n" + bytes(1000),
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"z" * 100_000 + b"\r\n\r\n",
        HANDSHAKE.replace(b"Version: 13", b"Version: 8"),
        HANDSHAKE.replace(b"Sec-WebSocket-Key", b"Sec-WebSocket-Lock"),
        HANDSHAKE.replace(b"GET", b"\xff\xfe"),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + dice.randbytes(500),  # TLS, where none is spoken
        b"SSH-2.0-OpenSSH_9.6\r\n",
        dice.randbytes(10_000),
        bytes(100_000),
    ):
        reader, writer = await raw(aimed.port)
        with suppress(ConnectionError):
            writer.write(data)
            await writer.drain()
        await ends(reader)
        writer.close()


async def test_who_closes_one_half_is_let_go(aimed: Target) -> None:
    for said in (b"", HANDSHAKE[:40], HANDSHAKE, HANDSHAKE + framed(b"half")[:5]):
        reader, writer = await raw(aimed.port)
        writer.write(said)
        writer.write_eof()
        await ends(reader)
        writer.close()


async def test_who_is_gone_without_a_word_is_let_go(aimed: Target) -> None:
    for _ in range(50):
        _, writer = await shaken(aimed.port)
        writer.write(framed(aimed.hello()))
        writer.transport.abort()


async def test_who_asks_and_asks_and_never_reads_is_dropped_and_slows_nobody(aimed: Target) -> None:
    asked = encode(Have({})) if aimed.honest else cbor2.dumps({"type": "join", "senderId": "a client"})
    found = narrow(aimed.port)
    socket = await connect(
        aimed.relay.url, sock=found, proxy=None, compression=None, max_queue=1, open_timeout=PATIENCE_S
    )
    socket.transport.pause_reading()
    with suppress(ConnectionClosed, TimeoutError):
        async with asyncio.timeout(3):
            for _ in range(20_000):
                await socket.send(asked)
    await comes_in(aimed)
    socket.transport.abort()


async def test_pings_without_end_cost_nobody_else_anything(aimed: Target) -> None:
    _, writer = await shaken(aimed.port)
    with suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(2):
            while True:
                writer.write(framed(b"x" * 100, 9) * 100)
                await writer.drain()
    await comes_in(aimed)
    writer.transport.abort()


async def test_a_port_scanner_finds_nothing_that_stays(aimed: Target) -> None:
    for _ in range(300):
        with suppress(OSError):
            sockets.create_connection(("127.0.0.1", aimed.port)).close()
    await comes_in(aimed)


async def comes_in(aimed: Target) -> None:
    """Somebody honest, once there is room again before the door; it is hasty with them, too."""
    async with asyncio.timeout(PATIENCE_S):
        while not await to_thread(_in_again, aimed):  # noqa: ASYNC110  # another process's doorstep
            await asyncio.sleep(0.05)


def _in_again(aimed: Target) -> bool:
    try:
        aimed.serves()
    except (OSError, EOFError, InvalidMessage, ConnectionClosed, ConnectionTrouble):
        return False
    return True
