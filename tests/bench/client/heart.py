"""A heartbeat in an interface's loop: how long it was kept from beating, and by whom.

A gap of the wall's time is what somebody at the keyboard would feel. On a machine that others use as well,
part of it is theirs. So each gap is noted with bounds on what this process did itself, and the smallest is
its own: the processor's time that it used meanwhile, all threads (whichever thread holds the interpreter,
the loop waits); and the gap without the time in which this thread could have run and got no processor, or
without the time that other machines took on the same hardware (a timer that is due then comes late as well).

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
        others = _Others()
        wall, used, theirs = time.perf_counter(), time.process_time(), others.took()
        saved = 0.0
        while True:
            await asyncio.sleep(BEAT_S)
            now, cpu = time.perf_counter(), time.process_time()
            gap = now - wall - BEAT_S
            self._beats += 1
            if gap > NOTED_S:
                took = max(after - before for after, before in zip(others.took(), theirs, strict=True))
                self._gaps.append((now, gap, max(min(cpu - used, gap - took), 0.0)))
            if now - saved > 0.25:
                self.save()
                saved = now
            wall, used, theirs = time.perf_counter(), time.process_time(), others.took()

    def save(self) -> None:
        """Write down what was noted so far, whole or not at all."""
        kept = {"beats": self._beats, "gaps": self._gaps, "noted": self._noted}
        aside = self._path.with_suffix(".part")
        aside.write_text(json.dumps(kept))
        aside.replace(self._path)


class _Others:
    """What others took, in seconds: running while this thread was ready to, and in place of this machine."""

    def __init__(self) -> None:
        self._waited = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        self._stolen = os.open("/proc/stat", os.O_RDONLY)
        self._tick = 1 / os.sysconf("SC_CLK_TCK")

    def took(self) -> tuple[float, float]:
        """So far."""
        waited = os.pread(self._waited, 100, 0).split()[1]
        stolen = os.pread(self._stolen, 200, 0).split(maxsplit=9)[8]
        return int(waited) / 1e9, int(stolen) * self._tick
