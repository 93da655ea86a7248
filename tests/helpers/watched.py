"""A running engine, and what it reports: awaited, never slept for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from moot_client.replica.replica import Replica
from moot_client.sync.conversation import Means, Patience
from moot_client.sync.engine import Engine
from moot_client.sync.events import Event
from moot_client.sync.journey import Rhythm
from moot_client.sync.surroundings import Surroundings

NEVER = 3600.0
PATIENT = Rhythm(inbox=0.005, look=0.005, first_try=NEVER, last_try=NEVER, jitter=lambda: 1.0)
MEANS = Means(patience=Patience(welcome=5.0, answer=10.0, quiet=0.0, alive=0.2))


class Watched:
    """One engine. It tries again when it is told to, and at no other time."""

    def __init__(
        self, replica: Replica, surroundings: Surroundings | None = None, means: Means = MEANS
    ) -> None:
        self._arrived: asyncio.Queue[Event] = asyncio.Queue()
        self.engine = Engine(
            replica, self._arrived.put_nowait, means, PATIENT, surroundings or Surroundings(lambda: ())
        )

    async def until(self, kind: type[Any], fits: Callable[[Any], bool] = lambda _: True) -> Any:
        """The next event of a kind."""
        async with asyncio.timeout(20):
            while True:
                event = await self._arrived.get()
                if isinstance(event, kind) and fits(event):
                    return event


@asynccontextmanager
async def running(
    replica: Replica, surroundings: Surroundings | None = None, means: Means = MEANS
) -> AsyncIterator[Watched]:
    """An engine for the length of a block."""
    watched = Watched(replica, surroundings, means)
    task = asyncio.create_task(watched.engine.run())
    try:
        yield watched
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
