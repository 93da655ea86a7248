"""A real relay that somebody mistreats, an honest client of it, and what the process has in hand meanwhile.

Both kinds of relay are targets: what is no message of theirs has to end in the same way.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket as sockets
import struct
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cbor2
from websockets.asyncio.client import ClientConnection, connect
from websockets.sync.client import connect as connect_now

from moot_client.home import Home
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.sync.joining import host
from moot_client.sync.once import sync_once
from moot_shared.wire.messages import Join, encode
from tests.helpers.by_settling import settle_by_hand
from tests.helpers.cohort import issue
from tests.helpers.patience import PATIENCE_S
from tests.helpers.relay_process import RelayProcess

KINDS = ("members", "open")
HASTY = (
    *("--limit", "open_timeout_s=1.5", "--limit", "authentication_timeout_s=2"),
    *("--limit", "ping_interval_s=2", "--limit", "ping_timeout_s=4", "--limit", "changes_burst=1000000"),
)
STOCK_JOIN = {
    "type": "join", "senderId": "a client", "peerMetadata": {}, "supportedProtocolVersions": ["1"],
}  # fmt: skip


@dataclass
class Target:
    """A relay, and somebody who means well."""

    kind: str
    relay: RelayProcess
    honest: Replica | None

    @property
    def port(self) -> int:
        return self.relay.port

    def serves(self) -> None:
        """An honest client does what it does every day; raises where it cannot."""
        if self.honest is not None:
            issue(self.honest)
            assert sync_once(self.honest).stored
            return
        with connect_now(self.relay.url, proxy=None, open_timeout=PATIENCE_S) as socket:
            socket.send(cbor2.dumps(STOCK_JOIN))
            assert cbor2.loads(_bytes(socket.recv(PATIENCE_S)))["type"] == "peer"

    async def enter(self) -> ClientConnection:
        """A connection of somebody who is let in, and then does as they like."""
        socket = await connect(self.relay.url, proxy=None, compression=None, open_timeout=PATIENCE_S)
        if self.honest is not None:
            await settle_by_hand(self.honest, socket, self.relay.url)
        else:
            await socket.send(cbor2.dumps(STOCK_JOIN))
            await socket.recv()
        return socket

    def hello(self) -> bytes:
        """The first frame of a client."""
        return encode(Join("4f1c")) if self.honest is not None else cbor2.dumps(STOCK_JOIN)

    # -- what it has in hand -------------------------------------------------------------------------

    def figure(self, name: str) -> float:
        """One of its figures."""
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        text = direct.open(f"http://127.0.0.1:{self.port}/metrics", timeout=PATIENCE_S).read().decode()
        found = re.search(rf"^moot_relay_{name} (\S+)$", text, re.MULTILINE)
        assert found, name
        return float(found[1])

    def handles(self) -> int:
        """File handles that the process holds."""
        return len(os.listdir(f"/proc/{self.relay.process.pid}/fd"))  # noqa: PTH208  # they come and go

    def memory(self) -> int:
        """Bytes of memory that the process takes."""
        status = Path(f"/proc/{self.relay.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1]) * 1024

    async def rests(self, handles: int) -> None:
        """Wait until it holds no more handles than so many."""
        async with asyncio.timeout(PATIENCE_S):
            while self.handles() > handles:  # noqa: ASYNC110  # another process's
                await asyncio.sleep(0.05)


@contextmanager
def target(folder: Path, kind: str) -> Iterator[Target]:
    """A relay of a kind, in place."""
    more = ("--open",) if kind == "open" else ()
    with RelayProcess(folder / "relay", options=(*HASTY, *more)) as relay:
        honest = None
        if kind == "members":
            honest = Replica.open(found_community(Home(folder / "honest"), "Northern cohort", "Mara"))
            host(honest, relay.url, relay.hosting_key)
        yield Target(kind, relay, honest)
        if honest is not None:
            honest.close()


HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def framed(data: bytes, opcode: int = 2, *, last: bool = True, declared: int | None = None) -> bytes:
    """A frame as a client sends it (masked with noughts); `declared` is a length that it only claims."""
    length = len(data) if declared is None else declared
    head = bytes([opcode | (0x80 if last else 0)])
    if length < 126:
        head += bytes([0x80 | length])
    elif length < 1 << 16:
        head += b"\xfe" + struct.pack(">H", length)
    else:
        head += b"\xff" + struct.pack(">Q", length)
    return head + bytes(4) + data


async def ends(reader: asyncio.StreamReader) -> bytes:
    """Read until the other side ends it: all that it said. TimeoutError where it does not."""
    said = b""
    async with asyncio.timeout(PATIENCE_S):
        try:
            while part := await reader.read(1 << 16):
                said = (said + part)[-(1 << 20) :]
        except ConnectionError:
            pass
    return said


async def raw(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A socket, and nothing said on it."""
    return await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)


async def shaken(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A socket after the handshake."""
    reader, writer = await raw(port)
    writer.write(HANDSHAKE)
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


def narrow(port: int) -> sockets.socket:
    """A socket whose owner takes little at a time."""
    found = sockets.socket(sockets.AF_INET, sockets.SOCK_STREAM)
    found.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    found.connect(("127.0.0.1", port))
    found.setblocking(False)
    return found


def _bytes(data: str | bytes) -> bytes:
    assert isinstance(data, bytes)
    return data
