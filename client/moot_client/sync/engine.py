"""Sync for as long as somebody has the community open: it ends when its task is cancelled.

    elsewhere --this process may write--> waiting, or without a relay
    waiting --dial--> connecting --let in--> online --trouble--> offline --back-off--> connecting

Offline it tries again after a pause that doubles, with jitter, so that a whole cohort does not come
back at the same instant. Beside it, whatever other processes put into the inbox is carried out.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from moot_client.replica.replica import Replica
from moot_client.sync.conversation import Conversation, Means
from moot_client.sync.events import AlmostFull, Connecting, Elsewhere, Event, NoRelay, Offline, Received
from moot_client.sync.once import no_relay
from moot_client.sync.serving import Inbox
from moot_client.sync.session import Session
from moot_client.sync.trouble import RelayRefused, code_of
from moot_client.sync.ways import arrived, credentials, said_farewell, ways
from moot_shared.errors import ConnectionTrouble, MootError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often the engine looks and tries, in seconds."""

    inbox: float = 0.15
    writer: float = 1.0
    """How often it asks whether another process has let go of the community."""
    first_try: float = 1.0
    last_try: float = 60.0
    """Tries come at most so far apart; ten times as far where the relay has said no for good."""
    jitter: Callable[[], float] = field(default=random.random)

    def pause(self, failures: int, *, hopeless: bool) -> float:
        """How long to wait after so many failures in a row."""
        longest = self.last_try * (10 if hopeless else 1)
        steady = longest if hopeless else min(longest, self.first_try * 2.0 ** min(failures - 1, 16))
        return steady * (0.5 + 0.5 * self.jitter())


class Engine:
    """Keeps one replica and its relay together. `report` is called in the event loop's thread."""

    def __init__(
        self,
        replica: Replica,
        report: Callable[[Event], None],
        means: Means | None = None,
        rhythm: Rhythm | None = None,
    ) -> None:
        self._replica = replica
        self._tell = report
        self._means = means or Means()
        self._rhythm = rhythm or Rhythm()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hurry = asyncio.Event()
        self._written = asyncio.Event()
        self._conversation: Conversation | None = None
        self._received = 0
        self._was_settled = False
        self._note = ""

    async def run(self) -> None:
        """Until cancelled."""
        self._loop = asyncio.get_running_loop()
        stop = self._replica.listen(self.nudge)
        with (
            ThreadPoolExecutor(max_workers=1, thread_name_prefix="moot-sync") as syncing,
            ThreadPoolExecutor(max_workers=1, thread_name_prefix="moot-inbox") as serving,
        ):
            try:
                await self._become_writer(serving)
                inbox = Inbox(self._replica, serving)
                looking = inbox.serve(
                    self._rhythm.inbox, lambda: self._received, self._ask_again, self._try_now
                )
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(looking)
                    tasks.create_task(self._sync(syncing, inbox))
            finally:
                stop()

    def nudge(self) -> None:
        """Something was written here: send it, if there is a connection. Any thread."""
        self._soon(self._look)

    def hurry(self) -> None:
        """Somebody asks for it: do not wait for the next try. Any thread."""
        self._soon(self._try_now)

    def _soon(self, what: Callable[[], None]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what)

    def _look(self) -> None:
        self._written.set()
        if self._conversation is not None:
            self._conversation.wake()

    def _try_now(self) -> None:
        self._hurry.set()
        self._look()

    async def _ask_again(self) -> None:
        if self._conversation is not None:
            await self._conversation.refresh()

    async def _become_writer(self, thread: Executor) -> None:
        told = False
        while not await _in(thread, self._replica.become_writer):
            if not told:
                self._tell(Elsewhere())
            told = True
            await asyncio.sleep(self._rhythm.writer)

    # -- the relay -------------------------------------------------------------------------------------

    async def _sync(self, thread: Executor, inbox: Inbox) -> None:
        failures = 0
        while True:
            self._hurry.clear()
            self._written.clear()
            self._was_settled = False
            try:
                failures = await self._once_through(failures, thread, inbox)
            except MootError as error:
                failures = 1 if self._was_settled else failures + 1
                await inbox.answer(error)
                await self._rest(error, failures)

    async def _once_through(self, failures: int, thread: Executor, inbox: Inbox) -> int:
        """One connection where one is due, to its end; how many failures in a row there are now."""
        way = await _in(thread, lambda: ways(self._replica))
        if not way.all:
            self._tell(NoRelay())
            await inbox.answer(no_relay())
            await self._written.wait()
        elif way.farewells:
            url = way.farewells[0]
            try:
                await self._converse(url, way.home, 0.0, thread, inbox)
            except ConnectionTrouble:
                await _in(thread, lambda: said_farewell(self._replica, url))
        else:
            url = way.all[failures % len(way.all)]
            stay = None if url == way.home else self._rhythm.last_try
            await self._converse(url, way.home, stay, thread, inbox)
        return 0

    async def _converse(
        self, url: str, home: str, stay: float | None, thread: Executor, inbox: Inbox
    ) -> None:
        """One connection, until trouble comes or the community turns out to have moved.

        Away from home one stays for so many seconds only, and at least until all is exchanged.
        """
        self._tell(Connecting(url))
        as_what = await _in(thread, lambda: credentials(self._replica))
        conversation = Conversation(
            self._replica, url, as_what, thread=thread, report=self._report, means=self._means
        )
        ended = asyncio.Event()
        timer = self._loop.call_later(stay, self._end, ended) if self._loop and stay is not None else None

        async def settled(session: Session) -> bool:
            if session.held is not None:
                await inbox.answer(RelayRefused(session.held))
                return ended.is_set()
            if not self._was_settled:
                self._was_settled = True
                await _in(thread, lambda: arrived(self._replica, url))
            await inbox.answer(self._received, self._note)
            return ended.is_set() or await _in(thread, self._replica.relay_url) != home

        self._conversation = conversation
        try:
            await conversation.run(settled)
        finally:
            self._conversation = None
            if timer is not None:
                timer.cancel()

    def _end(self, ended: asyncio.Event) -> None:
        ended.set()
        self._look()

    def _report(self, event: Event) -> None:
        if isinstance(event, Received):
            self._received += event.changes
        elif isinstance(event, AlmostFull):
            self._note = event.sentence
        self._tell(event)

    async def _rest(self, error: MootError, failures: int) -> None:
        """Say why there is no connection, and wait for the next try or for somebody in a hurry."""
        pause = self._rhythm.pause(failures, hopeless=not error.retry)
        code = code_of(error) if isinstance(error, ConnectionTrouble) else "storage"
        self._tell(Offline(str(error), code, self._replica.outside.now() + round(pause * 1000)))
        try:
            async with asyncio.timeout(pause):
                await self._hurry.wait()
        except TimeoutError:
            pass


async def _in(thread: Executor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(thread, work)
