"""A running engine, and what it reports: awaited, never slept for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from moot_client.replica.replica import Replica
from moot_client.sync.conversation import Means
from moot_client.sync.engine import Engine
from moot_client.sync.events import Event
from moot_client.sync.journey import Rhythm
from moot_client.sync.surroundings import Surroundings
from tests.helpers.patience import PATIENCE_S, PATIENT

NEVER = 3600.0
ONLY_WHEN_TOLD = Rhythm(inbox=0.005, look=0.005, first_try=NEVER, last_try=NEVER, jitter=lambda: 1.0)
MEANS = replace(PATIENT, patience=replace(PATIENT.patience, alive=0.2))
"""Soon tired of a relay that gives no sign of life when somebody asks: nobody asks one here that could."""


class Watched:
    """One engine, and what it has reported. As it comes, it tries again only when it is told to."""

    def __init__(
        self,
        replica: Replica,
        surroundings: Surroundings | None = None,
        means: Means = MEANS,
        rhythm: Rhythm = ONLY_WHEN_TOLD,
        within: float = PATIENCE_S,
    ) -> None:
        self.events: list[Event] = []
        self._within = within
        self._arrived: asyncio.Queue[Event] = asyncio.Queue()
        self.engine = Engine(replica, self._report, means, rhythm, surroundings or Surroundings(lambda: ()))

    def _report(self, event: Event) -> None:
        self.events.append(event)
        self._arrived.put_nowait(event)

    async def until(self, kind: type[Any], fits: Callable[[Any], bool] = lambda _: True) -> Any:
        """The next event of a kind."""
        async with asyncio.timeout(self._within):
            while True:
                event = await self._arrived.get()
                if isinstance(event, kind) and fits(event):
                    return event


@asynccontextmanager
async def running(replica: Replica, *how: Any, **more: Any) -> AsyncIterator[Watched]:
    """An engine for the length of a block, made as `Watched` is."""
    watched = Watched(replica, *how, **more)
    task = asyncio.create_task(watched.engine.run())
    try:
        yield watched
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
