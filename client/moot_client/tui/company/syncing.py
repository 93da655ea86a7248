"""What the interface knows of the connection, and what starts and stops it.

The engine lives in `moot_client.sync` and knows no screen; here its events become one small value.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from typing_extensions import override

from moot_client.replica.replica import Replica
from moot_client.sync.engine import Engine
from moot_client.sync.events import (
    AlmostFull,
    Connecting,
    Elsewhere,
    Event,
    Held,
    NoRelay,
    Offline,
    Online,
    Present,
    Progress,
    Received,
    Synced,
)
from moot_client.tui.arriving.pace import tidied
from moot_client.tui.company.link import Link
from moot_shared.wire.presence import WRITING, Whereabouts

__all__ = ["EngineSyncing", "Link", "Syncing", "after", "syncing"]

AGAIN_S = 30.0
SOON_MS = 5_000  # a key is no reason to try more often than this, nor where a try is due anyway
FAULT = (
    "Keeping in touch with the relay has stopped by a fault of Moot's own. "
    "Your work is safe on this machine. Moot tries again in half a minute."
)
ELSEWHERE = "Another Moot on this machine has this community open, and keeps in touch with the relay."


class Syncing(Protocol):
    """Something that keeps a community and its relay together until it is told to stop."""

    async def run(self, tell: Callable[[Link], None]) -> None:
        """Sync until cancelled; `tell` may be called from any thread."""

    def nudge(self) -> None:
        """Something was written: send it soon. Any thread."""

    def check(self) -> None:
        """Somebody asks for it: connect now, or see whether the relay is still there."""

    def stir(self) -> None:
        """Somebody is at the keyboard: a reason to try soon."""

    def i_am(self, writing: str | None) -> None:
        """I am here, and write in a record ('' for none); None: nobody is to see me."""


def after(link: Link, event: Event, now: int) -> Link:
    """How it stands after an event; what has no bearing on the connection changes nothing."""
    match event:
        case Online(url):
            before = Link(trouble=link.trouble, trouble_at=link.trouble_at, progress=link.progress)
            return replace(before, connected=True, since=now, url=url)
        case Offline(reason, code, next_try):
            since = now if link.connected or not link.since else link.since
            ended = code == "removed" or (link.ended and code != "stranger")
            away = replace(link, connected=False, since=since, elsewhere=False, ended=ended)
            return replace(away, trouble=reason, trouble_at=now, next_try=next_try, progress=None, here=())
        case Connecting(url):
            return replace(link, url=url, elsewhere=False, next_try=0)
        case Progress(done, of):
            return replace(link, progress=event if done < of else None)
        case Synced():
            return replace(link, progress=None)
        case Present(others):
            return replace(link, here=others)
        case Held(_, text):
            return replace(link, note=text)
        case AlmostFull():
            return replace(link, note=event.sentence)
        case NoRelay():
            return Link()
        case Elsewhere():
            return Link(trouble=ELSEWHERE, elsewhere=True)
    return link


class EngineSyncing(Syncing):
    """The engine, for as long as the interface is open; a fault in it is said, and it begins again."""

    def __init__(self, replica: Replica, now: Callable[[], int]) -> None:
        self._now = now
        self._replica = replica
        self._link = Link()
        self._engine: Engine | None = None
        self._where: Whereabouts | None = None

    @override
    async def run(self, tell: Callable[[Link], None]) -> None:
        def report(event: Event) -> None:
            if isinstance(event, Received):
                tidied()
            link = after(self._link, event, self._now())
            if link != self._link:
                self._link = link
                tell(link)

        while True:
            self._engine = Engine(self._replica, report)
            self._engine.i_am(self._where)
            try:
                await self._engine.run()
            except Exception:
                logging.getLogger("moot.tui").exception("sync has stopped")
                if _told_to_end():  # a fault on the way out takes the place of being cancelled
                    return
                self._link = replace(self._link, connected=False, since=self._now(), trouble=FAULT)
                tell(self._link)
            await asyncio.sleep(AGAIN_S)

    @override
    def nudge(self) -> None:
        if self._engine is not None:
            self._engine.hurry()

    @override
    def check(self) -> None:
        if self._engine is not None:
            self._engine.check()

    @override
    def stir(self) -> None:
        now, link = self._now(), self._link
        waits = link.next_try - now > SOON_MS and now - link.trouble_at > SOON_MS
        if waits and not link.connected and self._engine is not None:
            self._engine.hurry()

    @override
    def i_am(self, writing: str | None) -> None:
        self._where = None if writing is None else Whereabouts(at=writing, doing=WRITING if writing else "")
        if self._engine is not None:
            self._engine.i_am(self._where)


def _told_to_end() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def syncing(replica: Replica, now: Callable[[], int]) -> Syncing | None:
    """What keeps this replica and its relay together."""
    return EngineSyncing(replica, now)
