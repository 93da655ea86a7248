"""Starts workers, adds up what they found, and notices when one dies or hangs.

A worker plays a block of cases and ends. Where one ends without a word, the case that it was at is the
finding, and another worker goes on after it.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fuzz.worker import STATE

ROOT = Path(__file__).parents[2]
HANGS_S = 30.0  # of the wall's time, in one case: a worker's own bound is on the processor's
BEGINS_S = 120.0  # until a worker has its first case
BLOCK = 5_000


@dataclass
class Total:
    """What all workers found."""

    cases: int = 0
    words: Counter[str] = field(default_factory=Counter)
    failed: list[dict[str, Any]] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, -1)
    largest: tuple[int, int] = (0, -1)
    community: set[str] = field(default_factory=set)

    def add(self, found: dict[str, Any]) -> None:
        """Add a block's findings."""
        self.cases += found["cases"]
        self.words.update(found["words"])
        self.failed += found["failed"]
        self.slowest = max(self.slowest, tuple(found["slowest"]))
        self.largest = max(self.largest, tuple(found["largest"]))
        self.community.add(found["from"])

    @property
    def admitted(self) -> int:
        """How many cases were let in: where nothing is, nothing behind the door is tried."""
        return sum(n for word, n in self.words.items() if "admitted" in word or "taken" in word)

    def unmet(self, families: Iterable[str]) -> set[str]:
        """Those of which there was no case."""
        return set(families) - {word.partition(":")[0] for word in self.words}


class Worker:
    """A process that plays a block."""

    def __init__(self, seed: int, first: int, last: int, only: str, folder: Path) -> None:
        self.seed, self.last, self.only, self.folder = seed, last, only, folder
        self._began = time.monotonic()
        self._file = folder / f"{first}-{time.monotonic_ns()}"
        self._file.write_bytes(STATE.pack(-1, 0.0))
        paths = os.pathsep.join(str(ROOT / part) for part in ("", "client", "server", "shared"))
        environment = {**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": "0"}
        words = [str(seed), str(first), str(last), "1", str(self._file), *([only] if only else [])]
        self._out, self._err = self._file.with_suffix(".out"), self._file.with_suffix(".err")
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.fuzz", "--work", *words],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=err,
            )

    def at(self) -> tuple[int, float]:
        """The case that it is at, and for how long."""
        with (
            self._file.open("rb") as file,
            mmap.mmap(file.fileno(), STATE.size, access=mmap.ACCESS_READ) as state,
        ):
            number, began = STATE.unpack(state[: STATE.size])
        return number, time.monotonic() - (began or self._began)

    def poll(self, hangs_s: float) -> dict[str, Any] | None:
        """What it found, if it has ended; a death or a hang is a finding too."""
        ended = self.process.poll() is not None  # who has ended does not hang, however late one looks
        number, seconds = self.at()
        hangs = not ended and seconds > (hangs_s if number >= 0 else BEGINS_S)
        if not ended and not hangs:
            return None
        if hangs:
            self.process.send_signal(signal.SIGABRT)  # faulthandler writes down where it hangs
        code = self.process.wait()
        said = self._out.read_text().strip()
        if code == 0 and said:
            found: dict[str, Any] = json.loads(said.splitlines()[-1])
            return found
        how = f"it hung for {seconds:.0f} s" if hangs else f"the process ended with {code}"
        failed = {
            "seed": self.seed, "case": number, "family": self.only, "story": [], "bytes": "", "error": how,
            "where": self._err.read_text(errors="replace").splitlines()[-40:], "fatal": True,
        }  # fmt: skip
        return {
            "cases": 1,
            "words": {f"{how}": 1},
            "failed": [failed],
            "slowest": (0.0, -1),
            "largest": (0, -1),
            "from": "?",
        }


def watch(
    seed: int,
    first: int,
    cases: int,
    workers: int = 2,
    only: str = "",
    tell: Callable[[Total], None] = lambda total: None,
    hangs_s: float = HANGS_S,
) -> Total:
    """Play so many cases from `first` on, in so many processes."""
    total, end = Total(), first + cases
    size = max(1, min(BLOCK, -(-cases // workers)))
    blocks = [(start, min(start + size, end)) for start in range(first, end, size)]
    with tempfile.TemporaryDirectory(prefix="moot-fuzz-") as name:
        running: list[Worker] = []
        try:
            while blocks or running:
                while blocks and len(running) < workers:
                    running.append(Worker(seed, *blocks.pop(0), only, Path(name)))
                time.sleep(0.05)
                for worker in list(running):
                    found = worker.poll(hangs_s)
                    if found is None:
                        continue
                    running.remove(worker)
                    total.add(found)
                    number = worker.at()[0]
                    if any(f.get("fatal") for f in found["failed"]):
                        if number < 0:  # it did not come as far as the first case: nor will another
                            blocks.clear()
                        elif number + 1 < worker.last:
                            blocks.insert(0, (number + 1, worker.last))
                    tell(total)
        finally:
            for worker in running:
                with contextlib.suppress(ProcessLookupError):
                    worker.process.kill()
                worker.process.wait()
    return total
