"""Sync for as long as somebody has the community open: it ends when its task is cancelled.

    elsewhere --this process may write--> waiting, or without a relay
    waiting --dial--> connecting --let in--> online --trouble--> offline --back-off--> connecting

Offline it tries again after a pause that doubles, with jitter, so that a whole cohort does not come
back at the same instant; at once where the network has come back, this machine has slept, or somebody
asks. Beside it, whatever other processes put into the inbox is carried out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

from moot_client.replica.replica import Replica
from moot_client.sync.company import Company
from moot_client.sync.conversation import Conversation, Means
from moot_client.sync.events import AlmostFull, Connecting, Elsewhere, Event, NoRelay, Offline, Received
from moot_client.sync.journey import Journey, Rhythm, Visit
from moot_client.sync.once import no_relay
from moot_client.sync.serving import Inbox
from moot_client.sync.session import Session
from moot_client.sync.surroundings import Surroundings
from moot_client.sync.trouble import RelayRefused, code_of
from moot_client.sync.ways import credentials
from moot_shared.errors import ConnectionTrouble, MootError
from moot_shared.wire.presence import Whereabouts

T = TypeVar("T")


class Engine:
    """Keeps one replica and its relay together. `report` is called in the event loop's thread."""

    def __init__(
        self,
        replica: Replica,
        report: Callable[[Event], None],
        means: Means | None = None,
        rhythm: Rhythm | None = None,
        surroundings: Surroundings | None = None,
    ) -> None:
        self._replica = replica
        self._surroundings = surroundings or Surroundings()
        self._tell = report
        self._means = means or Means()
        self._rhythm = rhythm or Rhythm()
        self._journey = Journey(replica, self._rhythm)
        self._company = Company(replica, self._means.clock, self._means.random)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hurry = asyncio.Event()
        self._written = asyncio.Event()
        self._conversation: Conversation | None = None
        self._checking: asyncio.Task[None] | None = None
        self._received = 0
        self._note = ""

    async def run(self) -> None:
        """Until cancelled."""
        self._loop = asyncio.get_running_loop()
        stop = self._replica.listen(self.nudge)
        async with _thread("moot-sync") as syncing, _thread("moot-inbox") as serving:
            try:
                await self._become_writer(serving)
                inbox = Inbox(self._replica, serving)
                looking = inbox.serve(
                    self._rhythm.inbox, lambda: self._received, self._ask_again, self._try_now
                )
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(looking)
                    tasks.create_task(self._watch())
                    tasks.create_task(self._sync(syncing, inbox))
            finally:
                stop()

    def nudge(self) -> None:
        """Something was written here: send it, if there is a connection. Any thread."""
        self._soon(self._look)

    def hurry(self) -> None:
        """Somebody asks for it: do not wait for the next try. Any thread."""
        self._soon(self._try_now)

    def check(self) -> None:
        """Somebody asks how it stands now: connect at once, or see whether the relay is there. Any thread."""
        self._soon(self._check)

    def i_am(self, where: Whereabouts | None) -> None:
        """Where this machine's member is, for the others to see; None: they are not to see it. Any thread."""
        self._company.i_am(where)
        self._soon(self._wake)

    def _soon(self, what: Callable[[], None]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what)

    def _look(self) -> None:
        self._written.set()
        self._wake()

    def _wake(self) -> None:
        if self._conversation is not None:
            self._conversation.wake()

    def _try_now(self) -> None:
        self._hurry.set()
        self._look()

    def _check(self) -> None:
        self._journey.begin_again()
        self._try_now()
        if self._conversation is not None and (self._checking is None or self._checking.done()):
            self._checking = asyncio.create_task(self._conversation.check())

    async def _watch(self) -> None:
        """Where the network may be back nobody waits for the next try, nor for a socket that sleep cut."""
        while True:
            await asyncio.sleep(self._rhythm.look)
            if self._surroundings.changed():
                self._check()

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
        journey = self._journey
        while True:
            self._hurry.clear()
            self._written.clear()
            visit = None
            try:
                visit = await _in(thread, journey.next)
                if visit is None:
                    self._tell(NoRelay())
                    await inbox.answer(no_relay())
                    await self._written.wait()
                else:
                    await self._converse(visit, thread, inbox)
                    await _in(thread, partial(journey.ended, visit))
            except MootError as error:
                pause = await _in(thread, partial(journey.failed, visit, error))
                if pause is not None:
                    trouble = journey.trouble(error)
                    await inbox.answer(trouble)
                    await self._rest(trouble, pause)

    async def _converse(self, visit: Visit, thread: Executor, inbox: Inbox) -> None:
        """One connection, until trouble comes or it is time to go on."""
        url, stay = visit.url, visit.stay
        self._tell(Connecting(url))
        as_what = await _in(thread, lambda: credentials(self._replica))
        conversation = Conversation(
            self._replica,
            url,
            as_what,
            thread=thread,
            report=self._report,
            means=self._means,
            farewell=visit.farewell,
            company=None if visit.farewell else self._company,
        )
        ended = asyncio.Event()
        timer = self._loop.call_later(stay, self._end, ended) if self._loop and stay is not None else None

        async def settled(session: Session) -> bool:
            if session.held is not None:
                if visit.farewell:  # there is no room for our farewell: it found nobody
                    raise RelayRefused(session.held)
                await inbox.answer(RelayRefused(session.held))
                return ended.is_set()
            moved = await _in(thread, partial(self._journey.settled, visit))
            if not visit.farewell:
                await inbox.answer(self._received, self._note)
            return ended.is_set() or moved

        self._conversation = conversation
        try:
            await conversation.run(settled)
        finally:
            self._conversation = None
            for alone in self._company.end():
                self._tell(alone)
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

    async def _rest(self, error: MootError, pause: float) -> None:
        """Say why there is no connection, and wait for the next try or for somebody in a hurry."""
        code = code_of(error) if isinstance(error, ConnectionTrouble) else "storage"
        self._tell(Offline(str(error), code, self._replica.outside.now() + round(pause * 1000)))
        try:
            async with asyncio.timeout(pause):
                await self._hurry.wait()
        except TimeoutError:
            pass


@asynccontextmanager
async def _thread(name: str) -> AsyncIterator[Executor]:
    """A thread for one thing after the other; while its last is waited for, everything else goes on."""
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
    try:
        yield executor
    finally:
        await asyncio.to_thread(executor.shutdown)


async def _in(thread: Executor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(thread, work)
