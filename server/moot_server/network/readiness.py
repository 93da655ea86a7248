"""Whether a relay is ready: it can store, and is not about to stop.

Everybody may ask, and an answer costs a sync of the disk, so one counts for a second.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor

from moot_shared.errors import MootError

COUNTS_S = 1.0


class Readiness:
    """Of one relay."""

    def __init__(self, thread: Executor, probe: Callable[[], None] | None, stopping: asyncio.Event) -> None:
        """`probe` runs in the relay's thread, between batches, and raises MootError for trouble."""
        self._thread = thread
        self._probe = probe
        self._stopping = stopping
        self._lock = asyncio.Lock()
        self._until = 0.0
        self._said = ""

    async def trouble(self) -> str:
        """'' where it is ready; otherwise why not, in a sentence."""
        if self._stopping.is_set():
            return "The relay is stopping."
        async with self._lock:
            if time.monotonic() >= self._until:
                self._said = await asyncio.get_running_loop().run_in_executor(self._thread, self._tried)
                self._until = time.monotonic() + COUNTS_S
        return self._said

    def _tried(self) -> str:
        try:
            if self._probe is not None:
                self._probe()
        except MootError as error:
            return str(error)
        return ""
