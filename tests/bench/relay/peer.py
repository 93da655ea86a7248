"""What all load-generating peers share: a socket, and waiting for something without looking twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.bench.relay.socket import Socket

PATIENCE_S = 60.0


class Gone(Exception):
    """The server has closed a peer's connection."""


class Peer:
    """One client. `edit` writes a value, and `known` grows with it, here and wherever it arrives."""

    def __init__(self, url: str, document: str) -> None:
        self.url = url
        self.document = document
        self.socket: Socket
        self.closed = False
        self._waiting: tuple[Callable[[], bool], asyncio.Future[None]] | None = None

    async def connect(self) -> None:
        """Connected, and has asked for the document."""
        raise NotImplementedError

    def prepare(self, edits: int) -> None:
        """Do now what of so many edits can be done before the clock starts."""

    def edit(self, key: str, value: int) -> None:
        """Write, and send it at once."""
        raise NotImplementedError

    def known(self) -> int:
        """How many edits of the document are here, whosever they are."""
        raise NotImplementedError

    def state(self) -> object:
        """What is here: equal at two peers who have the same."""
        return self.known()

    def unacknowledged(self) -> int:
        """How many of its edits the server has not said to have."""
        return 0

    async def until(self, holds: Callable[[], bool], patience: float = PATIENCE_S) -> None:
        """Wait; it is asked anew with each frame. TimeoutError, or Gone."""
        if holds():
            return
        if self.closed:
            raise Gone(self.url)
        future = asyncio.get_running_loop().create_future()
        self._waiting = holds, future
        try:
            async with asyncio.timeout(patience):
                await future
        finally:
            self._waiting = None

    async def open(self, path: str = "") -> None:
        """Connect the socket."""
        self.socket = await Socket.connect(self.url + path, self._heard, self.ended)

    def close(self) -> None:
        """Leave."""
        self.closed = True
        self.socket.close()

    def hear(self, frame: bytes) -> None:
        """Take in a frame."""
        raise NotImplementedError

    def _heard(self, frame: bytes) -> None:
        self.hear(frame)
        if self._waiting is not None:
            holds, future = self._waiting
            if not future.done() and holds():
                future.set_result(None)

    def ended(self) -> None:
        """The socket is no more."""
        self.closed = True
        if self._waiting is not None and not self._waiting[1].done():
            self._waiting[1].set_exception(Gone(self.url))
