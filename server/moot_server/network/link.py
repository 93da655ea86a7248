"""One socket: what it has yet to send, when it may be read again, and why it ended."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator

from websockets.asyncio.server import ServerConnection, broadcast
from websockets.frames import CloseCode

from moot_server.watching.figures import Figures
from moot_server.watching.journal import note
from moot_shared.limits import KIB, Limits

AT_ONCE_BYTES = 64 * KIB  # of a socket's buffer; beyond that frames wait here and are counted
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

    def __init__(self, socket: ServerConnection, limits: Limits, figures: Figures) -> None:
        self.socket = socket
        self.queued = 0
        """Bytes that wait here. Others wait in the socket's own buffer."""
        self.wait = 0.0
        self.code = LEFT
        """Why it ends, in the relay's word."""
        self._limits = limits
        self._figures = figures
        self._sending = False
        self._unhandled = 0  # frames that came and were not handled yet, and their bytes
        self._unhandled_bytes = 0
        self._queue: deque[tuple[bytes, bool, bytes]] = deque()
        self._filled = asyncio.Event()
        self._closing = False
        self._rest: asyncio.TimerHandle | None = None

    def put(self, frame: bytes, more: bool, rest: bytes = b"", *, droppable: bool = False) -> None:
        """Send a frame, at once where nothing else waits; where too much does, the connection ends.

        A page of a backlog (`more`) was asked for, one at a time, so it is never the one too many. What is
        `droppable` does not wait. `rest` belongs to the frame and is not copied.
        """
        if self._closing:
            return
        free = not (self._queue or self._sending) and self._buffered() <= AT_ONCE_BYTES
        if free and not (more or rest):
            broadcast((self.socket,), frame)
            self._count(len(frame))
            return
        if droppable:
            return
        self.queued += len(frame) + len(rest)
        self._queue.append((frame, more, rest))
        self._filled.set()
        if not more and self.unsent > self._limits.unsent_bytes:
            self.code = "slow"
            self._closing = True
            self.socket.transport.abort()

    def close(self, code: str = "") -> None:
        """End once what is queued has left."""
        self.code = code or self.code
        self._closing = True
        self._filled.set()

    async def send_next(self) -> bool | None:
        """Send the next frame; whether it asks for another; None when it is time to close."""
        while not self._queue:
            if self._closing:
                return None
            self._filled.clear()
            await self._filled.wait()
        frame, more, rest = self._queue.popleft()
        self._sending = True
        await self.socket.send(_parts(frame, rest) if rest else frame)
        self._sending = False
        self.queued -= len(frame) + len(rest)
        self._count(len(frame) + len(rest))
        return more

    @property
    def unsent(self) -> int:
        """Bytes that were not taken yet."""
        return self.queued + self._buffered()

    def _buffered(self) -> int:
        return self.socket.transport.get_write_buffer_size()

    def _count(self, size: int) -> None:
        self._figures.frames_out += 1
        self._figures.bytes_out += size

    # -- reading, where frames are handed over as they come ------------------------------------------

    def came(self, size: int) -> None:
        """A frame was handed over; where many are not handled yet, no more is read."""
        self._unhandled += 1
        self._unhandled_bytes += size
        if self._flooded():
            self.socket.transport.pause_reading()

    def handled(self, size: int) -> None:
        """One of those is done with."""
        flooded = self._flooded()
        self._unhandled -= 1
        self._unhandled_bytes -= size
        if flooded and not self._flooded() and self._rest is None:
            self.socket.transport.resume_reading()

    def rest(self, seconds: float) -> None:
        """Read no more for so long from now on; with 0 at once again."""
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
        if seconds:
            self.socket.transport.pause_reading()
            self._rest = asyncio.get_running_loop().call_later(seconds, self.rest, 0.0)
        elif not self._flooded() and not self.socket.transport.is_closing():
            self.socket.transport.resume_reading()

    def _flooded(self) -> bool:
        most = self._limits
        return self._unhandled >= most.frames_at_once or self._unhandled_bytes >= most.frames_at_once_bytes


def _parts(frame: bytes, rest: bytes) -> Iterator[bytes | memoryview]:
    """A large frame in fragments: each is copied into the socket's buffer only once the last one has left."""
    yield frame
    whole = memoryview(rest)
    for at in range(0, len(rest), AT_ONCE_BYTES):
        yield whole[at : at + AT_ONCE_BYTES]


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
