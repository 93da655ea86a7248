"""A heartbeat in an interface's loop: how long it was kept from beating, and by whom.

A gap of the wall's time is what somebody at the keyboard would feel. On a machine that others use as well,
part of it is theirs. So each gap is noted with two bounds on what this process did itself: the processor's
time that it used meanwhile, all threads (whichever thread holds the interpreter, the loop waits), and the
gap without the time in which this thread could have run and got no processor. The smaller one is its own.

To look at all this may not hold up the loop either: whoever opens a file, or reads or closes one, lets go of
the interpreter, and where another thread works waits a millisecond and more to have it back.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from pathlib import Path

BEAT_S = 0.005
NOTED_S = 0.02


class Heart:
    """Beats in the running loop, and writes what it noted to a file, now and then.

    Moments are `time.perf_counter`'s, which is one clock for all processes here.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._gaps: list[tuple[float, float, float]] = []  # when, how long, its own part
        self._beats = 0
        self._noted: dict[str, float] = {}

    def note(self, name: str) -> None:
        """Something happened now, for the first time."""
        self._noted.setdefault(name, time.perf_counter())

    async def beat(self) -> None:
        """Until cancelled."""
        kept = _KeptWaiting()
        wall, used, kept_waiting, saved = time.perf_counter(), time.process_time(), kept.seconds(), 0.0
        while True:
            await asyncio.sleep(BEAT_S)
            now, cpu = time.perf_counter(), time.process_time()
            gap = now - wall - BEAT_S
            self._beats += 1
            if gap > NOTED_S:
                self._gaps.append((now, gap, min(cpu - used, gap - (kept.seconds() - kept_waiting))))
            if now - saved > 0.25:
                self.save()
                saved = now
            wall, used, kept_waiting = time.perf_counter(), time.process_time(), kept.seconds()

    def save(self) -> None:
        """Write down what was noted so far, whole or not at all."""
        kept = {"beats": self._beats, "gaps": self._gaps, "noted": self._noted}
        aside = self._path.with_suffix(".part")
        aside.write_text(json.dumps(kept))
        aside.replace(self._path)


class _KeptWaiting:
    """How long this thread was ready to run, and others had the processor."""

    def __init__(self) -> None:
        self._file = os.open("/proc/thread-self/schedstat", os.O_RDONLY)

    def seconds(self) -> float:
        """Since it began."""
        return int(os.pread(self._file, 100, 0).split()[1]) / 1e9
