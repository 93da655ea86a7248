"""The client's end of a WebSocket, as little of it as a load generator needs, which must cost little.

Frames are written at once and unmasked (a mask of zeros: the protocol asks for one, nothing behind a
loopback address does), and each frame that arrives is handed over at once. No queues, no tasks.
"""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from typing_extensions import override

BINARY, CLOSE, PING, PONG = 0x2, 0x8, 0x9, 0xA
FINAL, MASKED = 0x80, 0x80
NO_MASK = bytes(4)


class Socket(asyncio.Protocol):
    """One connection; `heard` gets each whole message, `ended` is called once."""

    def __init__(self, url: str, heard: Callable[[bytes], None], ended: Callable[[], None]) -> None:
        self._url = urlsplit(url)
        self._heard = heard
        self._ended = ended
        self._came = bytearray()
        self._parts: list[bytes] = []
        self._open = asyncio.get_running_loop().create_future()
        self._upgraded = False
        self._transport: Any = None
        self.up = self.down = 0
        """Bytes, without what TCP adds."""
        self.frames = 0

    @classmethod
    async def connect(
        cls, url: str, heard: Callable[[bytes], None], ended: Callable[[], None] = lambda: None
    ) -> Socket:
        """Connected, and upgraded."""
        self = cls(url, heard, ended)
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, self._url.hostname or "", self._url.port or 80)
        await self._open
        return self

    def send(self, message: bytes) -> None:
        """Send a message now."""
        self._send(BINARY, message)

    def read_on(self, yes: bool) -> None:
        """Whether what arrives is taken off the wire."""
        self._transport.resume_reading() if yes else self._transport.pause_reading()

    def close(self) -> None:
        """End it, without waiting for the other end."""
        if not self._transport.is_closing():
            self._send(CLOSE, b"\x03\xe8")
            self._transport.close()

    def _send(self, kind: int, message: bytes) -> None:
        size = len(message)
        if size < 126:
            head = bytes((FINAL | kind, MASKED | size)) + NO_MASK
        elif size < 1 << 16:
            head = bytes((FINAL | kind, MASKED | 126)) + size.to_bytes(2, "big") + NO_MASK
        else:
            head = bytes((FINAL | kind, MASKED | 127)) + size.to_bytes(8, "big") + NO_MASK
        self.up += len(head) + size
        self._transport.write(head + message)

    # -- what asyncio calls ------------------------------------------------------------------------------

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET {self._url.path or '/'} HTTP/1.1\r\nHost: {self._url.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    @override
    def data_received(self, data: bytes) -> None:
        self._came += data
        if not self._upgraded:
            head, found, rest = bytes(self._came).partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head.split(b"\r\n")[0]:
                self._open.set_exception(ConnectionError(head.decode(errors="replace")))
                return
            self._upgraded, self._came = True, bytearray(rest)
            self._open.set_result(None)
        self._frames()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if not self._open.done():
            self._open.set_exception(exc or ConnectionError("closed"))
        self._ended()

    def _frames(self) -> None:
        came, at = self._came, 0
        while len(came) - at >= 2:
            size, start = came[at + 1], at + 2
            if size == 126:
                size, start = int.from_bytes(came[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                size, start = int.from_bytes(came[at + 2 : at + 10], "big"), at + 10
            if len(came) < start + size:
                break
            kind, final = came[at] & 0xF, came[at] & FINAL
            self.down += start - at + size
            self._frame(kind, bool(final), bytes(came[start : start + size]))
            at = start + size
        if at:
            del came[:at]

    def _frame(self, kind: int, final: bool, data: bytes) -> None:
        if kind == PING:
            self._send(PONG, data)
        elif kind == CLOSE:
            self._transport.close()
        elif kind <= BINARY:
            self._parts.append(data)
            if final:
                whole, self._parts = b"".join(self._parts), []
                self.frames += 1
                self._heard(whole)
