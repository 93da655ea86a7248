"""A session over a socket: reads and writes at once, and blocks on the disk in a thread of its own.

Two tasks share the session, which the single thread keeps apart. When nothing is left to send and
everything is settled, the machine signs for what it has, after a pause in which nothing more came.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from moot_client.replica.replica import Replica
from moot_client.sync import alive, trouble
from moot_client.sync.company import Company
from moot_client.sync.connection import GOODBYE_S, Dial, dial
from moot_client.sync.credentials import Credentials
from moot_client.sync.events import Event, Online
from moot_client.sync.session import Session
from moot_shared.limits import DEFAULT

T = TypeVar("T")
Over = Callable[[Session], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds."""

    welcome: float = 10.0
    """For each word of the relay until we are in: what answers may be no relay."""
    answer: float = 60.0
    """For the next frame while something is outstanding; a relay may read slowly on purpose."""
    quiet: float = 1.0
    """After the last frame, before signing for what came: others may be writing right now."""
    alive: float = 5.0
    """For a sign of life, where somebody asks whether the relay is still there."""
    ping: float = DEFAULT.ping_interval_s
    """Between asking for one where nobody does."""
    pong: float = DEFAULT.ping_timeout_s
    """For the answer to that."""


@dataclass(frozen=True, slots=True)
class Means:
    """What sync takes from the outside, so that a test can hand it something else."""

    dial: Dial = dial
    random: Callable[[int], bytes] = os.urandom
    patience: Patience = Patience()
    clock: Callable[[], float] = time.monotonic
    """Seconds, by a clock that nobody sets."""


class Conversation:
    """One connection to the relay, from the first word to the last."""

    def __init__(
        self,
        replica: Replica,
        url: str,
        credentials: Credentials,
        *,
        thread: Executor,
        report: Callable[[Event], None],
        means: Means,
        farewell: bool = False,
        company: Company | None = None,
    ) -> None:
        self._url = url
        self._thread = thread
        self._report = report
        self._means = means
        self._wake = asyncio.Event()
        self._socket: ClientConnection | None = None
        now, random = replica.outside.now, means.random
        self.session = Session(
            replica, url, credentials, now=now, random=random, farewell=farewell, company=company
        )

    def wake(self) -> None:
        """There may be something to send (called in the loop's own thread)."""
        self._wake.set()

    async def refresh(self) -> None:
        """Ask the relay anew whether it has more, so that being settled means as of now."""
        await self._call(self.session.refresh)
        self.wake()

    async def check(self) -> None:
        """Find out whether the relay is still there, and whether it has more; else end at once."""
        if self._socket is None:
            return
        if await alive.answers(self._socket, self._heard, self._means.patience.alive):
            await self.refresh()
        else:
            self._socket.transport.abort()

    async def run(self, over: Over) -> None:
        """Converse until `over`, which is asked whenever all is settled; or raise ConnectionTrouble."""
        socket = self._socket = await self._means.dial(self._url)
        reader = asyncio.create_task(self._read(socket))
        writer = asyncio.create_task(self._write(socket, over))
        patience = self._means.patience
        living = asyncio.create_task(alive.stay(socket, self._heard, patience.ping, patience.pong))
        try:
            await asyncio.wait((reader, writer), return_when=asyncio.FIRST_COMPLETED)
            if writer.done() and isinstance(writer.exception(), ConnectionClosed):
                await asyncio.wait((reader,))  # what the relay said last tells why
            task = reader if reader.done() else writer
            error = task.exception()
            if error is not None:
                raise trouble.of(error, self._url) if _foreign(error) else error
            if task is reader:
                raise trouble.Unreachable("closed", f"The relay {self._url} has ended the connection.")
        finally:
            for task in (reader, writer, living):
                task.cancel()
            await asyncio.gather(reader, writer, living, return_exceptions=True)
            await self._leave(socket)

    def _heard(self) -> int:
        return self.session.heard

    async def _leave(self, socket: ClientConnection) -> None:
        """End it; whoever saw me here hears that I go. Who reads nothing any more is not waited for."""
        word = self.session.goodbye()
        try:
            async with asyncio.timeout(GOODBYE_S):
                if word is not None:
                    await socket.send(word)
                await socket.close()
        except ConnectionClosed:
            pass
        except TimeoutError:
            socket.transport.abort()

    async def _read(self, socket: ClientConnection) -> None:
        async for frame in socket:
            if isinstance(frame, str):
                raise trouble.wrong_protocol(self._url)
            was_online, heard = self.session.online, self.session.heard
            for event in await self._call(partial(self.session.receive, frame)):
                self._report(event)
            if self.session.online and not was_online:
                self._report(Online(self._url))
            if self.session.heard != heard:
                self._wake.set()

    async def _write(self, socket: ClientConnection, over: Over) -> None:
        await self._call(self.session.start)
        while True:
            self._wake.clear()
            while (frame := await self._call(self.session.next_frame)) is not None:
                await socket.send(frame)
            for event in await self._call(self.session.milestone):
                self._report(event)
            if not self.session.online:
                await self._news(self._means.patience.welcome, trouble.silent(self._url))
            elif not await self._call(lambda: self.session.settled):
                await self._news(self._means.patience.answer, trouble.of(TimeoutError(), self._url))
            elif await over(self.session):
                return
            elif not await self._call(lambda: self.session.signed):
                if not await self._woken(self._means.patience.quiet):
                    await self._call(self.session.sign)
            else:
                await self._woken(await self._call(self.session.rest))

    async def _news(self, seconds: float, otherwise: Exception) -> None:
        """Wait for a reason to look again; raise where the relay has said nothing for so long."""
        heard = self.session.heard
        if not await self._woken(seconds) and heard == self.session.heard:
            raise otherwise

    async def _woken(self, seconds: float | None) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return self._wake.is_set()
        return True

    async def _call(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _foreign(error: BaseException) -> bool:
    """Whether an error is the network's, and not Moot's own (which says itself what it is)."""
    return isinstance(error, OSError | ConnectionClosed | EOFError)
