"""A heartbeat in an interface's loop: how long it was kept from beating, and by whom.

A gap of the wall's time is what somebody at the keyboard would feel. On a machine that others use as well,
part of it is theirs: so each gap is noted with the processor's time that this process used meanwhile, all
threads (whichever thread holds the interpreter, the loop waits). `held` is the smaller of the two.
"""

from __future__ import annotations

import asyncio
import faulthandler
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
        self._gaps: list[tuple[float, float, float]] = []  # when, how long, the processor's time in it
        self._beats = 0
        self._noted: dict[str, float] = {}
        self._late = _late()

    def note(self, name: str) -> None:
        """Something happened now, for the first time."""
        self._noted.setdefault(name, time.perf_counter())

    async def beat(self) -> None:
        """Until cancelled."""
        wall, used, saved = time.perf_counter(), time.process_time(), 0.0
        while True:
            if self._late is not None:
                faulthandler.dump_traceback_later(0.045, file=self._late)
            await asyncio.sleep(BEAT_S)
            now, cpu = time.perf_counter(), time.process_time()
            gap = now - wall - BEAT_S
            self._beats += 1
            if gap > NOTED_S:
                self._gaps.append((now, gap, cpu - used))
            if now - saved > 0.25:
                self.save()
                saved = now
            wall, used = time.perf_counter(), time.process_time()

    def save(self) -> None:
        """Write down what was noted so far, whole or not at all."""
        kept = {"beats": self._beats, "gaps": self._gaps, "noted": self._noted}
        aside = self._path.with_suffix(".part")
        aside.write_text(json.dumps(kept))
        aside.replace(self._path)


def _late() -> int | None:
    """Where it is told who runs when a beat is late, for whoever mends it: a file that BENCH_LATE names."""
    path = os.environ.get("BENCH_LATE")
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if path else None
