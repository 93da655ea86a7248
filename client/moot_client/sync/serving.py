"""What other processes ask of the one that writes, while an engine runs: commands, and `moot sync`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor

from moot_client.replica.replica import Replica
from moot_shared.errors import MootError, StorageError


class Inbox:
    """Carries out commands, and gathers those that wait for an exchange with the relay."""

    def __init__(self, replica: Replica, thread: Executor) -> None:
        self._replica = replica
        self._thread = thread
        self._asked: dict[int, int] = {}  # a `SyncOnce`'s number -> how many changes had come in before it
        self._known: set[int] = set()

    @property
    def asked(self) -> bool:
        """Whether somebody waits for an exchange."""
        return bool(self._asked)

    async def serve(
        self,
        every: float,
        received: Callable[[], int],
        begin: Callable[[], Awaitable[None]],
        go: Callable[[], None],
    ) -> None:
        """Until cancelled, look every so many seconds.

        For each `SyncOnce`, `begin` makes sure that what is settled now is asked for again, and `go`
        is called once it can be answered.
        """
        loop, seen = asyncio.get_running_loop(), -1
        while True:
            revision = await loop.run_in_executor(self._thread, self._replica.revision)
            if revision != seen:
                try:
                    waiting = await loop.run_in_executor(self._thread, self._carry_out)
                    seen = revision
                except StorageError:
                    waiting = ()  # a full disk: whoever asked waits, and it is tried again
                fresh, before = set(waiting) - self._known, received()
                self._known = set(waiting)
                if fresh:
                    await begin()
                    self._asked |= dict.fromkeys(fresh, before)
                    go()
            await asyncio.sleep(every)

    def _carry_out(self) -> tuple[int, ...]:
        self._replica.serve_inbox()
        return self._replica.waiting_syncs()

    async def answer(self, result: MootError | int, note: str = "") -> None:
        """Tell everybody who waits: what is the matter, or how many changes have come in by now."""
        loop = asyncio.get_running_loop()
        for number, before in list(self._asked.items()):
            value = (
                result
                if isinstance(result, MootError)
                else {"stored": True, "received": result - before, "note": note}
            )
            try:
                await loop.run_in_executor(self._thread, self._replica.answer_sync, number, value)
            except StorageError:
                continue  # as above
            self._asked.pop(number, None)
