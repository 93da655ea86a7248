"""The one thread that commits: what arrives while it works gathers into its next batch.

So many who write at once cost one sync of the disk, and a core needs to know nothing of threads.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from moot_server.events import Again, Core, Due, Frame, Input, Output, Quick
from moot_server.network.link import Link
from moot_server.watching.figures import Figures
from moot_shared.limits import MIB

BATCH_FRAMES = 256
BATCH_BYTES = 8 * MIB

Handled = asyncio.Future[None] | Link | None
"""Who is told that an input was handled."""

log = logging.getLogger("moot.relay")


class Worker:
    """Feeds a core, batch by batch. All but `step` in its thread is called in the loop's."""

    def __init__(self, core: Core, deliver: Callable[[Output], None], figures: Figures) -> None:
        """`deliver` does what the core wants done with a connection."""
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="moot-relay")
        self._deliver = deliver
        self._figures = figures
        self._inputs: deque[tuple[Input, Handled]] = deque()
        self._arrived = asyncio.Event()
        self._stepping = 0
        self._core, self._quick = core, quick_of(core)

    def put(self, each: Input, handled: Handled = None) -> None:
        """Something has come; `handled` is told when it was handled."""
        self._inputs.append((each, handled))
        self._arrived.set()

    async def handled(self, each: Input) -> None:
        """Something has come; returns when it was handled."""
        handled = asyncio.get_running_loop().create_future()
        self.put(each, handled)
        await handled

    def quickly(self, number: int, frame: bytes) -> bool:
        """Whether the core could deal with a frame at once, without its turn: nothing else is going on."""
        return self._quick is not None and not (self._inputs or self._stepping) and self._quick(number, frame)

    async def exchange(self, core: Callable[[], Core]) -> None:
        """Go on with another core, made between two batches. Where that fails nothing has changed."""
        await asyncio.get_running_loop().run_in_executor(self.thread, self._exchange, core)

    async def run(self) -> None:
        """Handle what comes, for ever."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._inputs:
                batch = self._batch()
                began = time.perf_counter()
                await self._stepped([each for each, _ in batch])
                for each, handled in batch:
                    if isinstance(handled, Link) and isinstance(each, Frame):
                        handled.handled(len(each.data))
                    elif isinstance(handled, asyncio.Future) and not handled.done():
                        handled.set_result(None)
                self._figures.batches += 1
                self._figures.batch_seconds.add(time.perf_counter() - began)

    async def tidy(self, seconds: float) -> None:
        """A step without inputs now and then, so that what nobody has used for a while is let go."""
        while True:
            await asyncio.sleep(seconds)
            await self._stepped([])

    def _exchange(self, core: Callable[[], Core]) -> None:
        self._core = core()
        self._quick = quick_of(self._core)

    def _batch(self) -> list[tuple[Input, Handled]]:
        batch: list[tuple[Input, Handled]] = []
        size = 0
        while self._inputs and len(batch) < BATCH_FRAMES and size < BATCH_BYTES:
            each, handled = self._inputs.popleft()
            size += len(each.data) if isinstance(each, Frame) else 0
            batch.append((each, handled))
        return batch

    async def _stepped(self, inputs: list[Input]) -> None:
        """One step of the core in its thread, and what it wants done."""
        self._stepping += 1
        loop = asyncio.get_running_loop()
        try:
            outputs = await loop.run_in_executor(self.thread, self._step, inputs)
        finally:
            self._stepping -= 1
        for output in outputs:
            if isinstance(output, Again):
                loop.call_later(output.seconds, self.put, Due())
            else:
                self._deliver(output)

    def _step(self, inputs: list[Input]) -> list[Output]:
        try:
            return self._core.step(inputs, time.time_ns() // 1_000_000)
        except Exception:  # the worker's edge: one connection's defect must not end the relay for all
            self._figures.defects += 1
            log.exception("a defect; whoever was being served is let go")
            return self._core.abandon(inputs)


def quick_of(core: Core) -> Callable[[int, bytes], bool] | None:
    """What a core deals with at once, if it can."""
    return core.quick if isinstance(core, Quick) else None
