"""Waiting for something to be so, with an end to one's patience: nothing here waits by the clock alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PATIENCE_S = 60.0


class Failed(AssertionError):
    """Something that was promised does not hold; a sentence."""


class Watch:
    """Looks again whenever there is news. News may come from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self.trouble: BaseException | None = None
        """What ended something that should have gone on."""

    def news(self) -> None:
        """Something has happened (in the loop's own thread)."""
        self._news.set()

    def news_from_afar(self) -> None:
        """The same, from any thread."""
        self._loop.call_soon_threadsafe(self._news.set)

    def fail(self, task: asyncio.Task[None]) -> None:
        """A task has ended that never should; for `add_done_callback`."""
        if not task.cancelled() and task.exception() is not None:
            self.trouble = task.exception()
        self._news.set()

    async def until(self, so: Callable[[], bool], what: str, seconds: float = PATIENCE_S) -> None:
        """Until it is so; Failed, with what was waited for, where that takes too long."""
        if not await self.within(so, seconds):
            raise Failed(f"After {seconds:.0f} s still not so: {what}.")

    async def within(self, so: Callable[[], bool], seconds: float) -> bool:
        """Whether it is so, at the latest after so many seconds."""
        deadline = self._loop.time() + seconds
        while not so():
            if self.trouble is not None:
                raise Failed(f"Something broke: {self.trouble!r}") from self.trouble
            self._news.clear()
            try:
                async with asyncio.timeout_at(deadline):
                    await self._news.wait()
            except TimeoutError:
                return so()
        return True
