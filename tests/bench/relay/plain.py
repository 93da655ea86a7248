"""The floor: a server that passes frames on and does nothing else, and its clients."""

from __future__ import annotations

import asyncio
import os
import sys

from typing_extensions import override
from websockets.asyncio.server import ServerConnection, broadcast, serve

from tests.bench.relay.peer import Peer

SIZE = 350
"""Bytes of a frame: about what an edit and its envelope come to."""


class Plain(Peer):
    """Sends numbered frames, and counts those of others."""

    def __init__(self, url: str, document: str) -> None:
        super().__init__(url, document)
        self._filling = os.urandom(SIZE - 8)
        self.made = self.got = 0

    @override
    async def connect(self) -> None:
        await self.open(f"/{self.document}")

    @override
    def edit(self, key: str, value: int) -> None:
        self.made += 1
        self.socket.send(self.made.to_bytes(8, "big") + self._filling)

    @override
    def hear(self, frame: bytes) -> None:
        self.got += 1

    @override
    def known(self) -> int:
        return self.made + self.got


async def run() -> None:
    """Serve until killed."""
    rooms: dict[str, set[ServerConnection]] = {}

    async def connected(socket: ServerConnection) -> None:
        room = rooms.setdefault(socket.request.path if socket.request else "", set())
        room.add(socket)
        try:
            async for frame in socket:
                broadcast(room - {socket}, frame)
        finally:
            room.discard(socket)

    async with serve(connected, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        (socket,) = server.sockets
        print(f"Address: ws://127.0.0.1:{socket.getsockname()[1]}", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    sys.exit(asyncio.run(run()))
