"""Sockets around the core: each connection reads and writes at its own pace, and one thread commits.

What arrives while a batch is being committed gathers into the next one, so many members cost
one sync of the disk. A connection is read again once its last frame was handled; what it is to
be sent waits in a queue of its own, and who does not take 4 MiB off it is dropped.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import ssl
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from moot_server.events import (
    Again,
    Close,
    Closed,
    Core,
    Due,
    Frame,
    Input,
    Late,
    Opened,
    Output,
    Quick,
    Ready,
    Send,
    Wait,
)
from moot_server.network.doorstep import Doorstep, Knocking
from moot_server.network.link import Link, came, went
from moot_server.network.plain import Plain, Readers
from moot_server.network.readiness import Readiness
from moot_server.watching.figures import Figures
from moot_shared.limits import DEFAULT, MIB, Limits
from moot_shared.wire.address import written

BATCH_FRAMES = 256
BATCH_BYTES = 8 * MIB
GOODBYE_S = 2.0
LINGER_S = 1.0  # a client that never reads takes no goodbye either

Handled = asyncio.Future[None] | Link | None
"""Who is told that an input was handled."""

log = logging.getLogger("moot.relay")


class Shell:
    """Feeds the core from sockets, and sockets from the core."""

    def __init__(
        self,
        core: Core,
        limits: Limits = DEFAULT,
        *,
        behind_proxy: bool = False,
        figures: Figures | None = None,
        probe: Callable[[], None] | None = None,
        gauges: Callable[[], Mapping[str, tuple[str, float]]] = dict,
        open_metrics: bool = False,
    ) -> None:
        """`behind_proxy`: whom a proxy in front names (X-Forwarded-For) is who has connected.

        `probe` raises StorageError where nothing can be stored; `gauges` are figures of the store's.
        """
        self._core = core
        self._behind_proxy = behind_proxy
        self.figures = figures or Figures()
        self._doorstep = Doorstep(limits, behind_proxy=behind_proxy)
        self._limits = limits
        self._links: dict[int, Link] = {}
        self._numbers = itertools.count(1)
        self._inputs: deque[tuple[Input, Handled]] = deque()
        self._arrived = asyncio.Event()
        self._stepping = 0
        self._quick = core.quick if isinstance(core, Quick) else None
        self._stopping = asyncio.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="moot-relay")
        self._worker: asyncio.Task[None] | None = None
        self._server: Server | None = None
        self._readiness = Readiness(self._thread, probe, self._stopping)
        readers: Readers = "all" if open_metrics else "nobody" if behind_proxy else "here"
        self._plain = Plain(self._readiness.trouble, lambda: self._exposed(gauges()), to=readers)

    async def start(
        self, host: str, port: int, tls: ssl.SSLContext | None = None
    ) -> Sequence[tuple[str, int]]:
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
            process_request=self._plain,
            ssl=tls,
            ssl_handshake_timeout=limits.open_timeout_s if tls else None,
            ssl_shutdown_timeout=GOODBYE_S if tls else None,
        )
        self._worker = asyncio.create_task(self._work())
        self._tidier = asyncio.create_task(self._tidy())
        return [socket.getsockname()[:2] for socket in self._server.sockets]

    async def stop(self) -> None:
        """Stop listening, say goodbye to everybody, and finish what has arrived."""
        self._stopping.set()
        if self._server is not None:
            self._server.close()
            try:
                async with asyncio.timeout(GOODBYE_S + LINGER_S):
                    await asyncio.shield(self._server.wait_closed())
            except TimeoutError:
                for connection in list(self._server.all_connections):
                    connection.transport.abort()
                await self._server.wait_closed()
        if self._worker is not None:
            self._tidier.cancel()
            self._worker.cancel()
            await asyncio.gather(self._worker, self._tidier, return_exceptions=True)
        self._thread.shutdown()

    def working(self) -> asyncio.Task[None]:
        """Ends while it is not stopped only by a defect, after which nothing is handled any more."""
        assert self._worker is not None, "start comes first"
        return self._worker

    async def renew(self, core: Callable[[], Core]) -> None:
        """Go on with another core, made between two batches; everybody connects again.

        Where it cannot be made (MootError), nothing has changed.
        """
        await asyncio.get_running_loop().run_in_executor(self._thread, self._exchange, core)
        for link in list(self._links.values()):
            link.code = "renewed"
            asyncio.create_task(self._part(link))  # noqa: RUF006  # the server knows the connection

    async def _part(self, link: Link) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S + LINGER_S):
                await link.socket.close(CloseCode.SERVICE_RESTART)
        link.socket.transport.abort()

    def _exchange(self, core: Callable[[], Core]) -> None:
        self._core = core()
        self._quick = self._core.quick if isinstance(self._core, Quick) else None

    def _exposed(self, gauges: Mapping[str, tuple[str, float]]) -> bytes:
        from moot_server.watching.exposition import exposed

        self.figures.turned_away = self._doorstep.turned_away
        unsent = float(sum(link.unsent for link in self._links.values()))
        own = {"unsent_bytes": ("Bytes that wait for slow readers.", unsent)}
        return exposed(self.figures, {**own, **gauges})

    # -- one connection ------------------------------------------------------------------------------

    async def _connection(self, socket: ServerConnection) -> None:
        if isinstance(socket, Knocking):
            self._doorstep.leave(socket)
        number, link = next(self._numbers), Link(socket, self._limits, self.figures)
        self._links[number] = link
        began = came(number, self.figures, len(self._links))
        path = socket.request.path if socket.request else ""
        self._put(Opened(number, self._from(socket), _end(socket.local_address), path))
        late = asyncio.get_running_loop().call_later(
            self._limits.authentication_timeout_s, self._put, Late(number)
        )
        writer = asyncio.create_task(self._write(number, link))
        if isinstance(socket, Knocking):
            socket.listen(lambda data: self._heard(number, link, data))
        try:
            async for frame in socket:
                if isinstance(frame, str):
                    frame = b""  # text is no message, and the core says so
                self.figures.frames_in += 1
                self.figures.bytes_in += len(frame)
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
            went(number, link, began, self.figures, len(self._links))

    def _heard(self, number: int, link: Link, data: bytes) -> None:
        """A frame that nobody waits for: it was handed over as it came off the socket."""
        self.figures.frames_in += 1
        self.figures.bytes_in += len(data)
        if self._quick is not None and not (self._inputs or self._stepping) and self._quick(number, data):
            return
        link.came(len(data))
        self._put(Frame(number, data), link)

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
            while (more := await link.send_next()) is not None:
                if more:
                    self._put(Ready(number))
            await link.socket.close()
        except ConnectionClosed:
            pass

    # -- the worker ----------------------------------------------------------------------------------

    def tell(self, each: Input) -> None:
        """Something that comes from no socket. To be called in the loop's thread."""
        self._put(each)

    def _put(self, each: Input, handled: Handled = None) -> None:
        self._inputs.append((each, handled))
        self._arrived.set()

    async def _handled(self, each: Input) -> None:
        handled = asyncio.get_running_loop().create_future()
        self._put(each, handled)
        await handled

    async def _work(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._inputs:
                batch = self._batch()
                inputs = [each for each, _ in batch]
                began = time.perf_counter()
                await self._stepped(inputs)
                for each, handled in batch:
                    if isinstance(handled, Link) and isinstance(each, Frame):
                        handled.handled(len(each.data))
                    elif isinstance(handled, asyncio.Future) and not handled.done():
                        handled.set_result(None)
                self.figures.batches += 1
                self.figures.batch_seconds.add(time.perf_counter() - began)

    async def _tidy(self) -> None:
        """A step without inputs now and then, so that what nobody has used for a while is let go."""
        while True:
            await asyncio.sleep(self._limits.community_idle_s / 4)
            await self._stepped([])

    async def _stepped(self, inputs: list[Input]) -> None:
        """One step of the core in its thread, and what it wants done."""
        self._stepping += 1
        try:
            outputs = await asyncio.get_running_loop().run_in_executor(self._thread, self._step, inputs)
        finally:
            self._stepping -= 1
        for output in outputs:
            self._deliver(output)

    def _batch(self) -> list[tuple[Input, Handled]]:
        batch: list[tuple[Input, Handled]] = []
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
            self.figures.defects += 1
            log.exception("a defect; whoever was being served is let go")
            return self._core.abandon(inputs)

    def _deliver(self, output: Output) -> None:
        link = self._links.get(output.peer)
        if link is None:
            if isinstance(output, Again):
                asyncio.get_running_loop().call_later(output.seconds, self._put, Due())
            return
        match output:
            case Send(_, frame, more):
                link.put(frame, more, output.rest, droppable=output.droppable)
            case Wait(_, seconds):
                link.wait = seconds
                if self._doorstep.direct:
                    link.rest(seconds)
            case Close(_, code):
                link.close(code)


def _end(address: object) -> str:
    """The relay's own end of a socket, as an address in its one form; '' for a socket without one."""
    if not isinstance(address, tuple):
        return ""
    return written(str(address[0]), int(address[1]))


def _forwarded(socket: ServerConnection) -> str | None:
    """Who the proxy in front says has connected: the last entry is its own, those before it are hearsay."""
    said = socket.request.headers.get_all("X-Forwarded-For") if socket.request else []
    return said[-1].rpartition(",")[2].strip() if said else None
