"""One socket: what it has yet to send, when it may be read again, and why it ended."""

from __future__ import annotations

import asyncio
import time
from collections import deque

from websockets.asyncio.server import ServerConnection
from websockets.frames import CloseCode

from moot_server.watching.figures import Figures
from moot_server.watching.journal import note
from moot_shared.limits import Limits

LEFT = "left"
_CLOSED: dict[int, str] = {
    CloseCode.MESSAGE_TOO_BIG: "too large",
    CloseCode.PROTOCOL_ERROR: "garbage",
    CloseCode.INVALID_DATA: "garbage",
    CloseCode.INTERNAL_ERROR: "silent",
    CloseCode.GOING_AWAY: "stopped",
}
"""What the library closes with, as the relay's words. (It says 1011 where signs of life fail to come.)"""


class Link:
    """One socket: what it has yet to send, and when it may be read again."""

    def __init__(self, socket: ServerConnection, limits: Limits) -> None:
        self.socket = socket
        self.unsent = 0
        self.wait = 0.0
        self.code = LEFT
        """Why it ends, in the relay's word."""
        self._most = limits.unsent_bytes
        self._queue: deque[tuple[bytes, bool]] = deque()
        self._filled = asyncio.Event()
        self._closing = False

    def put(self, frame: bytes, more: bool) -> None:
        """Queue a frame; where too much waits, the connection ends.

        A page of a backlog (`more`) was asked for, one at a time, so it is never the one too many.
        """
        if self._closing:
            return
        self.unsent += len(frame)
        self._queue.append((frame, more))
        self._filled.set()
        if self.unsent > self._most and not more:
            self.code = "slow"
            self._closing = True
            self.socket.transport.abort()

    def close(self, code: str = "") -> None:
        """End once what is queued has left."""
        self.code = code or self.code
        self._closing = True
        self._filled.set()

    async def next(self) -> tuple[bytes, bool] | None:
        """The next frame to send, and whether it asks for another; None when it is time to close."""
        while not self._queue:
            if self._closing:
                return None
            self._filled.clear()
            await self._filled.wait()
        frame, more = self._queue.popleft()
        return frame, more

    def sent(self, frame: bytes) -> None:
        """A frame has left this process."""
        self.unsent -= len(frame)


def came(number: int, figures: Figures, connections: int) -> float:
    """Count a connection; when it began."""
    figures.opened += 1
    figures.connections_now = connections
    note("connection opened", connection=number, connections=connections)
    return time.monotonic()


def went(number: int, link: Link, began: float, figures: Figures, connections: int) -> None:
    """Count its end."""
    sent = link.socket.protocol.close_sent
    code = _CLOSED.get(sent.code, LEFT) if sent and link.code == LEFT else link.code
    figures.connections_now = connections
    figures.closed[code] += 1
    figures.slow_readers += code == "slow"
    seconds = round(time.monotonic() - began, 3)
    note("connection closed", connection=number, code=code, seconds=seconds, unsent=link.unsent)
