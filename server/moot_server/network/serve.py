"""Sockets around the core: each connection reads and writes at its own pace.

A connection is read again once its last frame was handled (`working`); what it is to be sent waits in a
queue of its own, and who does not take 4 MiB off it is dropped.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from moot_server.events import (
    Call,
    Called,
    Close,
    Closed,
    Core,
    Frame,
    Input,
    Late,
    Opened,
    Output,
    Ready,
    Send,
    Wait,
)
from moot_server.network.doorstep import Doorstep, Knocking
from moot_server.network.link import Link, came, went
from moot_server.network.plain import Plain, Readers
from moot_server.network.readiness import Readiness
from moot_server.network.working import Worker
from moot_server.watching.figures import Figures
from moot_shared.limits import AHEAD_BYTES, DEFAULT, Limits
from moot_shared.wire.address import written

GOODBYE_S = 2.0
LINGER_S = 1.0  # a client that never reads takes no goodbye either

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
        self._behind_proxy = behind_proxy
        self.figures = figures or Figures()
        self._worker = Worker(core, self._deliver, self.figures)
        self._doorstep = Doorstep(limits, behind_proxy=behind_proxy)
        self._limits = limits
        self._links: dict[int, Link] = {}
        self._numbers = itertools.count(1)
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._server: Server | None = None
        self._readiness = Readiness(self._worker.thread, probe, self._stopping)
        readers: Readers = "all" if open_metrics else "nobody" if behind_proxy else "here"
        self.call: Callable[[Call], None] = _to_nobody
        """What is for the other processes of the same relay."""
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
        for listening in self._server.sockets:  # whoever is let in has it from there
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, AHEAD_BYTES)
        tidying = self._worker.tidy(limits.community_idle_s / 4)
        self._tasks = [asyncio.create_task(self._worker.run()), asyncio.create_task(tidying)]
        return [listening.getsockname()[:2] for listening in self._server.sockets]

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
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._worker.thread.shutdown()

    def working(self) -> asyncio.Task[None]:
        """Ends while it is not stopped only by a defect, after which nothing is handled any more."""
        assert self._tasks, "start comes first"
        return self._tasks[0]

    async def renew(self, core: Callable[[], Core]) -> None:
        """Go on with another core, made between two batches; everybody connects again.

        Where it cannot be made (MootError), nothing has changed.
        """
        await self._worker.exchange(core)
        for link in list(self._links.values()):
            link.code = "renewed"
            asyncio.create_task(self._part(link))  # noqa: RUF006  # the server knows the connection

    async def _part(self, link: Link) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S + LINGER_S):
                await link.socket.close(CloseCode.SERVICE_RESTART)
        link.socket.transport.abort()

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
        self._worker.put(Opened(number, self._from(socket), _end(socket.local_address), path))
        late = asyncio.get_running_loop().call_later(
            self._limits.authentication_timeout_s, self._worker.put, Late(number)
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
                await self._worker.handled(Frame(number, frame))
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
            self._worker.put(Closed(number))
            went(number, link, began, self.figures, len(self._links))

    def _heard(self, number: int, link: Link, data: bytes) -> None:
        """A frame that nobody waits for: it was handed over as it came off the socket."""
        self.figures.frames_in += 1
        self.figures.bytes_in += len(data)
        if not self._worker.quickly(number, data):
            link.came(len(data))
            self._worker.put(Frame(number, data), link)

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
                    self._worker.put(Ready(number))
            await link.socket.close()
        except ConnectionClosed:
            pass

    # -- the worker's side ---------------------------------------------------------------------------

    def tell(self, each: Input) -> None:
        """Something that comes from no socket. To be called in the loop's thread."""
        self._worker.put(each)

    async def hear(self, called: Called) -> None:
        """What other processes have called; returns when it was handled."""
        await self._worker.handled(called)

    def _deliver(self, output: Output) -> None:
        if isinstance(output, Call):
            self.call(output)
            return
        link = self._links.get(output.peer)
        if link is None:
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


def _to_nobody(_: Call) -> None:
    """Where there is one process."""


def _end(address: object) -> str:
    """The relay's own end of a socket, as an address in its one form; '' for a socket without one."""
    if not isinstance(address, tuple):
        return ""
    return written(str(address[0]), int(address[1]))


def _forwarded(socket: ServerConnection) -> str | None:
    """Who the proxy in front says has connected: the last entry is its own, those before it are hearsay."""
    said = socket.request.headers.get_all("X-Forwarded-For") if socket.request else []
    return said[-1].rpartition(",")[2].strip() if said else None
