"""Frames of every bad kind end with a clear close or a refusal, and whoever means well is served on.

The relay is a real process; the same list goes to a relay of communities and to an open one. Each test
ends with somebody honest, and with a relay that has met no defect of its own.
"""

from __future__ import annotations

import asyncio
import random
from asyncio import to_thread
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import cbor2
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from moot_shared.limits import MIB
from moot_shared.wire.messages import Have, Join, Page, Proof, Receipt, Receipts, encode
from tests.helpers.patience import PATIENCE_S
from tests.helpers.target import KINDS, Target, ends, framed, shaken, target

pytestmark = pytest.mark.slow

A, H, K, S = b"a" * 40, b"h" * 32, b"k" * 32, b"s" * 64
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 2**63, 2**64 - 1, 1.5, float("nan"), "", "x" * 1000, b"", b"x" * 31, b"\xff" * 5000,
    [], [[]], [None] * 3, {}, {b"": {}}, {1: [2]}, cbor2.undefined, cbor2.CBORTag(24, b"x"),
)  # fmt: skip
MESSAGES = {
    "members": [
        Have({A: (3, H)}),
        Page(b"body", 1, more=True),
        Receipt(A, (H,), 1_760_000_000_000, S),
        Receipts(((A, (H,), 1_760_000_000_000, S),)),
    ],
    "at the door": [
        Join("4f1c"),
        Proof(H, A, "member", "relay.example", S),
        Proof(H, A, "invite", "relay.example", S, invite=K, invite_signature=S),
        Proof(H, A, "host", "relay.example", S, mac=b"m" * 32),
    ],
}
DOCUMENT = "4NMNnkMhL8jXrdJ9jamS58PAVdXu"
_TO = {"senderId": "a client", "targetId": "relay"}
STOCK: list[dict[str, Any]] = [
    {"type": "request", "documentId": DOCUMENT, "data": b"\x42\x00\x00\x00\x00", **_TO},
    {"type": "sync", "documentId": DOCUMENT, "data": b"\x42\x00\x00\x00\x00", **_TO},
    {"type": "doc-unavailable", "documentId": DOCUMENT, **_TO},
    {"type": "ephemeral", "documentId": DOCUMENT, "count": 1, "sessionId": "s", "data": b"\xa0", **_TO},
    {"type": "remote-subscription-change", "add": ["s"], "remove": ["t"], **_TO},
    {
        "type": "remote-heads-changed", "documentId": DOCUMENT,
        "newHeads": {"s": {"heads": ["h"], "timestamp": 1}}, **_TO,
    },
    {"type": "join", "senderId": "a", "peerMetadata": {}, "supportedProtocolVersions": ["1"]},
    {"type": "error", "message": "no", **_TO},
    {"type": "leave", "senderId": "a client"},
]  # fmt: skip


@pytest.fixture(scope="module", params=KINDS)
def aim(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with target(tmp_path_factory.mktemp("target"), request.param) as found:
        yield found
        assert found.figure("defects_total") == 0


@pytest.fixture
async def aimed(aim: Target) -> AsyncIterator[Target]:
    """The target; afterwards somebody honest is served, and it has let go of everything."""
    await to_thread(aim.serves)
    handles = aim.handles()
    yield aim
    await to_thread(aim.serves)
    assert aim.relay.process.poll() is None
    await aim.rests(handles + 1)  # the figures may be asked for at this moment
    assert aim.figure("defects_total") == 0


def garbage() -> Iterator[bytes]:
    """What is no message at all."""
    dice = random.Random(5)
    yield b""
    yield b"\x00"
    yield b"\xff" * 1000
    yield dice.randbytes(1000)
    yield dice.randbytes(100_000)
    yield b"\x81" * 100_000 + b"\x00"  # a list in a list in a list
    yield b"\xa1\x61a" * 50_000 + b"\x00"  # and so with maps
    yield b"\x9f" * 100_000  # lists without an end
    yield b"\x5b" + b"\xff" * 8  # bytes, as many as can be counted
    yield b"\x9b\x00\x00\x00\xff" + b"\xff" * 4
    yield b"\xbb" + b"\x7f" * 8
    yield b"\xd8\x18" * 10_000 + b"\x00"  # tags on tags
    yield b"\xa2\x64type\x64join\x64type\x64join"
    yield b"\xc2\x59\xff\xff" + b"\xff" * 65_535  # a number of half a million bits
    yield cbor2.dumps([1, 2, 3])
    yield cbor2.dumps("join")
    yield cbor2.dumps({"type": None})
    yield cbor2.dumps({"no": "type"})


async def let_go(socket: ClientConnection) -> None:
    """It ends within our patience."""
    with suppress(ConnectionClosed):
        while True:
            await _heard(socket)


async def _heard(socket: ClientConnection) -> object:
    async with asyncio.timeout(PATIENCE_S):  # `wait_for` may lose a cancellation
        return await socket.recv()


async def test_what_is_no_message_ends_a_strangers_connection(aimed: Target) -> None:
    for data in garbage():
        async with connect(aimed.relay.url, proxy=None, max_size=None) as socket:
            await socket.send(data)
            await let_go(socket)


async def test_what_is_no_message_ends_the_connection_of_who_is_in(aimed: Target) -> None:
    for data in garbage():
        socket = await aimed.enter()
        await socket.send(data)
        await let_go(socket)
        await socket.close()


async def test_text_ends_a_connection(aimed: Target) -> None:
    for text in ("", "hello", "x" * 100_000):
        async with connect(aimed.relay.url, proxy=None) as socket:
            await socket.send(text)
            await let_go(socket)


async def test_messages_that_are_cut_off_end_a_connection(aimed: Target) -> None:
    whole = [encode(message) for message in MESSAGES["at the door"]] if aimed.honest else [aimed.hello()]
    for data in whole:
        for length in {1, 2, len(data) // 2, len(data) - 1}:
            async with connect(aimed.relay.url, proxy=None) as socket:
                await socket.send(data[:length])
                await let_go(socket)


def bent(messages: list[dict[str, Any]]) -> Iterator[bytes]:
    """Each message with something odd in the place of each of its values, and without it."""
    for message in messages:
        for name in message:
            for odd in ODD:
                yield cbor2.dumps(message | {name: odd})
            yield cbor2.dumps({key: value for key, value in message.items() if key != name})
            if isinstance(message[name], list | tuple | dict):
                for odd in ODD:
                    yield cbor2.dumps(message | {name: [odd]})
        yield cbor2.dumps(message | {"more than it knows": ODD[16]})


async def sent(data: bytes, socket: ClientConnection) -> bool:
    """Send a frame; whether the connection still stands once it was handled, which takes no time."""
    reading = asyncio.create_task(let_go(socket))  # who does not take answers is read no further
    try:
        await socket.send(data)
        pong = await socket.ping()
        await asyncio.wait_for(pong, PATIENCE_S)
    except ConnectionClosed:
        return False
    finally:
        reading.cancel()
        await asyncio.wait((reading,))
    return True


async def test_a_kind_of_message_that_nobody_knows_is_passed_over_or_ends_the_connection(
    aimed: Target,
) -> None:
    """Whoever brings a newer version is not turned away for what it can say."""
    socket = await aimed.enter()
    await sent(cbor2.dumps({"type": "no such thing"}), socket)
    await socket.close()


async def test_wrong_types_in_every_field_of_every_message_hurt_nobody_but_the_sender(aimed: Target) -> None:
    known = [cbor2.loads(encode(message)) for message in MESSAGES["members"]] if aimed.honest else STOCK
    socket = await aimed.enter()
    for data in bent(known):
        if not await sent(data, socket):
            socket = await aimed.enter()
    await socket.close()


async def test_wrong_types_at_the_door_end_there(aimed: Target) -> None:
    known = (
        [cbor2.loads(encode(message)) for message in MESSAGES["at the door"]] if aimed.honest else STOCK[6:7]
    )
    for data in bent(known):
        async with connect(aimed.relay.url, proxy=None) as socket:
            if cbor2.loads(data).get("type") != "join" and aimed.honest:
                await socket.send(aimed.hello())
                await _heard(socket)
            await sent(data, socket)


@pytest.mark.parametrize("size", [100 * MIB, 2**62])
async def test_a_frame_of_a_hundred_megabytes_is_not_even_read(aimed: Target, size: int) -> None:
    before = aimed.memory()
    reader, writer = await shaken(aimed.port)
    writer.write(framed(b"", declared=size))
    said = await ends(reader)
    assert b"\x88" in said  # a close frame
    assert b"\x03\xf1" in said  # 1009
    writer.close()
    assert aimed.memory() - before < 20 * MIB


async def test_a_hundred_megabytes_that_really_come_are_not_kept(aimed: Target) -> None:
    before = aimed.memory()
    reader, writer = await shaken(aimed.port)
    writer.write(framed(b"", declared=100 * MIB))
    with suppress(ConnectionError):
        for _ in range(100):
            writer.write(bytes(MIB))
            await writer.drain()
    await ends(reader)
    writer.close()
    assert aimed.memory() - before < 40 * MIB


async def test_fragments_without_end_are_bounded(aimed: Target) -> None:
    before = aimed.memory()
    reader, writer = await shaken(aimed.port)
    with suppress(ConnectionError):
        writer.write(framed(bytes(1000), last=False))
        for _ in range(100):
            writer.write(framed(bytes(MIB // 2), 0, last=False))
            await writer.drain()
    await ends(reader)
    writer.close()
    assert aimed.memory() - before < 60 * MIB


async def test_frames_that_break_the_rules_of_websocket_end_a_connection(aimed: Target) -> None:
    for data in (
        b"\x82\x00",  # not masked
        framed(b"x", 3),  # an opcode of nobody's
        framed(b"x", 0),  # goes on where nothing began
        framed(b"x" * 200, 9),  # a ping that is too long
        framed(b"x", 9, last=False),  # and one in parts
        framed(b"\x00", 8),  # a close without a code
        b"\xf2" + framed(b"x")[1:],  # bits that nobody has agreed on
        random.Random(6).randbytes(5000),
    ):
        reader, writer = await shaken(aimed.port)
        writer.write(data)
        await ends(reader)
        writer.close()
