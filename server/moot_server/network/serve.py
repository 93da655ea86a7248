"""Sockets around the core: each connection reads and writes at its own pace, and one thread commits.

What arrives while a batch is being committed gathers into the next one, so many members cost
one sync of the disk. A connection is read again once its last frame was handled; what it is to
be sent waits in a queue of its own, and who does not take 4 MiB off it is dropped.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from moot_server.events import Close, Closed, Core, Frame, Input, Late, Opened, Output, Ready, Send, Wait
from moot_server.network.doorstep import Doorstep, Knocking
from moot_shared.limits import DEFAULT, MIB, Limits
from moot_shared.wire.address import written

BATCH_FRAMES = 64
BATCH_BYTES = 8 * MIB
GOODBYE_S = 2.0

log = logging.getLogger("moot.relay")


class Link:
    """One socket: what it has yet to send, and when it may be read again."""

    def __init__(self, socket: ServerConnection, limits: Limits) -> None:
        self.socket = socket
        self.unsent = 0
        self.wait = 0.0
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
            log.info("a slow reader was dropped")
            self._closing = True
            self.socket.transport.abort()

    def close(self) -> None:
        """End once what is queued has left."""
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


class Shell:
    """Feeds the core from sockets, and sockets from the core."""

    def __init__(self, core: Core, limits: Limits = DEFAULT, *, behind_proxy: bool = False) -> None:
        """`behind_proxy`: whom a proxy in front names (X-Forwarded-For) is who has connected."""
        self._core = core
        self._behind_proxy = behind_proxy
        self._doorstep = Doorstep(limits, behind_proxy=behind_proxy)
        self._limits = limits
        self._links: dict[int, Link] = {}
        self._numbers = itertools.count(1)
        self._inputs: deque[tuple[Input, asyncio.Future[None] | None]] = deque()
        self._arrived = asyncio.Event()
        self._stopping = asyncio.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="moot-relay")
        self._worker: asyncio.Task[None] | None = None
        self._server: Server | None = None

    async def start(self, host: str, port: int) -> Sequence[tuple[str, int]]:
        """Listen; the addresses that are bound. OSError where one cannot be."""
        limits = self._limits
        self._server = await serve(
            self._connection,
            host,
            port,
            compression=None,
            max_size=limits.frame_bytes,
            max_queue=limits.receive_queue_frames,
            open_timeout=limits.open_timeout_s,
            ping_interval=limits.ping_interval_s,
            ping_timeout=limits.ping_timeout_s,
            close_timeout=GOODBYE_S,
            logger=logging.getLogger("moot.relay.socket"),
            create_connection=self._doorstep,  # type: ignore[arg-type]  # called as the class would be
        )
        self._worker = asyncio.create_task(self._work())
        return [socket.getsockname()[:2] for socket in self._server.sockets]

    async def stop(self) -> None:
        """Stop listening, say goodbye to everybody, and finish what has arrived."""
        self._stopping.set()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
        self._thread.shutdown()

    # -- one connection ------------------------------------------------------------------------------

    async def _connection(self, socket: ServerConnection) -> None:
        if isinstance(socket, Knocking):
            self._doorstep.leave(socket)
        number, link = next(self._numbers), Link(socket, self._limits)
        self._links[number] = link
        self._put(Opened(number, self._from(socket), _end(socket.local_address)))
        late = asyncio.get_running_loop().call_later(
            self._limits.authentication_timeout_s, self._put, Late(number)
        )
        writer = asyncio.create_task(self._write(number, link))
        try:
            async for frame in socket:
                if isinstance(frame, str):
                    frame = b""  # text is no message, and the core says so
                await self._handled(Frame(number, frame))
                if link.wait:
                    pause, link.wait = link.wait, 0.0
                    await self._pause(pause)
                if self._stopping.is_set():  # what was not answered is sent again
                    break
        except ConnectionClosed:
            pass
        finally:
            late.cancel()
            writer.cancel()
            del self._links[number]
            self._put(Closed(number))

    async def _pause(self, seconds: float) -> None:
        """Read nothing more from somebody for a while, unless the relay is to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    def _from(self, socket: ServerConnection) -> str:
        """The address from which somebody comes."""
        address = socket.remote_address
        direct = str(address[0]) if isinstance(address, tuple) else str(address)
        return (_forwarded(socket) or direct) if self._behind_proxy else direct

    async def _write(self, number: int, link: Link) -> None:
        try:
            while (item := await link.next()) is not None:
                frame, more = item
                await link.socket.send(frame)
                link.sent(frame)
                if more:
                    self._put(Ready(number))
            await link.socket.close()
        except ConnectionClosed:
            pass

    # -- the worker ----------------------------------------------------------------------------------

    def _put(self, each: Input, handled: asyncio.Future[None] | None = None) -> None:
        self._inputs.append((each, handled))
        self._arrived.set()

    async def _handled(self, each: Input) -> None:
        handled = asyncio.get_running_loop().create_future()
        self._put(each, handled)
        await handled

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._inputs:
                batch = self._batch()
                inputs = [each for each, _ in batch]
                for output in await loop.run_in_executor(self._thread, self._step, inputs):
                    self._deliver(output)
                for _, handled in batch:
                    if handled is not None and not handled.done():
                        handled.set_result(None)

    def _batch(self) -> list[tuple[Input, asyncio.Future[None] | None]]:
        batch: list[tuple[Input, asyncio.Future[None] | None]] = []
        size = 0
        while self._inputs and len(batch) < BATCH_FRAMES and size < BATCH_BYTES:
            each, handled = self._inputs.popleft()
            size += len(each.data) if isinstance(each, Frame) else 0
            batch.append((each, handled))
        return batch

    def _step(self, inputs: list[Input]) -> list[Output]:
        try:
            return self._core.step(inputs, time.time_ns() // 1_000_000)
        except Exception:  # the worker's edge: one connection's defect must not end the relay for all
            log.exception("a defect; whoever was being served is let go")
            return self._core.abandon(inputs)

    def _deliver(self, output: Output) -> None:
        link = self._links.get(output.peer)
        if link is None:
            return
        match output:
            case Send(_, frame, more):
                link.put(frame, more)
            case Wait(_, seconds):
                link.wait = seconds
            case Close():
                link.close()


def _end(address: object) -> str:
    """The relay's own end of a socket, as an address in its one form; '' for a socket without one."""
    if not isinstance(address, tuple):
        return ""
    return written(str(address[0]), int(address[1]))


def _forwarded(socket: ServerConnection) -> str | None:
    """Who the proxy in front says has connected: the last entry is its own, those before it are hearsay."""
    said = socket.request.headers.get_all("X-Forwarded-For") if socket.request else []
    return said[-1].rpartition(",")[2].strip() if said else None
