"""When an application has nothing left to do: its event loop is asked, where Textual's pilot only watches.

The pilot takes an application for idle when its process has used next to no processor for 20 ms. Half of
what a test took was that waiting, and on a busy machine a process that is not let work looks idle as well.
The loop knows: nothing is ready to run, no thread of its works, no timer is about to ring.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SOON_S = 0.02
"""A timer that rings this soon (the painting of what has changed, an animation) is waited for."""
PATIENCE_S = 1.0
"""Of the processor's time: on a busy machine a second is over before there is anything to see."""
A_LOOK_S = 0.001
NOTHING_S, LOOKS = 0.0003, 30
"""A thread that at so many looks was asleep, and has used no more processor than looking takes, waits for
something itself. One that only waits for its turn at a busy processor is not asleep."""


async def at_rest(min_sleep: float = 0.0, max_sleep: float = PATIENCE_S) -> None:
    """In place of `textual._wait.wait_for_idle`: until nothing more happens by itself, or for so long."""
    loop = asyncio.get_running_loop()
    soon, last = loop.time() + max(SOON_S, min_sleep), time.process_time() + max_sleep
    held_up = 0
    while time.process_time() < last:
        working = _threads_work(loop)  # asked first: what a thread has found is ready to run when it rests
        if loop._ready:  # type: ignore[attr-defined]
            await asyncio.sleep(0)
        elif working and held_up < LOOKS:
            spent = time.process_time()
            await asyncio.sleep(A_LOOK_S)
            idle = time.process_time() - spent < NOTHING_S
            held_up = held_up + 1 if idle and _threads_sleep(loop) else 0
        elif rings := [when for when in _timers(loop) if when <= soon]:
            await asyncio.sleep(max(0.0, min(rings) - loop.time()))
        else:
            return


def _timers(loop: asyncio.AbstractEventLoop) -> Iterator[float]:
    for handle in loop._scheduled:  # type: ignore[attr-defined]
        if not handle.cancelled():
            yield handle.when()


def _threads_work(loop: asyncio.AbstractEventLoop) -> bool:
    pool = _pool(loop)
    if pool is None:
        return False
    resting = pool._idle_semaphore._value
    return bool(pool._work_queue.qsize() or resting < len(pool._threads))


def _threads_sleep(loop: asyncio.AbstractEventLoop) -> bool:
    pool = _pool(loop)
    return pool is None or all(_state(thread) == "S" for thread in pool._threads)


def _state(thread: threading.Thread) -> str:
    """What Linux says of it: S sleeps, R runs or would like to, D waits for a disk; elsewhere it sleeps."""
    try:
        stat = Path(f"/proc/self/task/{thread.native_id}/stat").read_text()
    except OSError:
        return "S"
    return stat.rpartition(")")[2].split()[0]


def _pool(loop: asyncio.AbstractEventLoop) -> ThreadPoolExecutor | None:
    pool = loop._default_executor  # type: ignore[attr-defined]
    return pool if isinstance(pool, ThreadPoolExecutor) else None
