"""How long the interface cannot answer: while the document loads, in a first sync, in a merge of 500.

The real interface on a pseudo-terminal, and a heart in its loop (`heart.py`); a real relay as a process.
"""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.client.homes import (
    KEPT,
    at_relay,
    become,
    before,
    changes,
    complete,
    copied,
    cut,
    newcomer,
    told,
)
from tests.bench.client.painting import ROW
from tests.bench.client.pty import Program, interface, waits_for
from tests.bench.relay.servers import UNPACED
from tests.helpers.relay_process import RelayProcess

NEWS = 500
EMPTY = waits_for(["lists the first", "on this machine"])
"""What a newcomer sees before anything has come."""
AFTER_S = 1.0
"""What follows the last change belongs to it."""
LONGEST_S = 1800.0
AIM_MS = 50.0
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where the heart writes: to wait for a disk is no stall of Moot's."""
Figures = dict[str, float]


def measured(scale: float) -> dict[str, Figures]:
    """Each one's longest gaps in milliseconds, and how long it took in all, in seconds."""
    return {"idle": idle(scale), "load": load(scale), "sync": first_sync(scale), "merge": merge(scale)}


def idle(scale: float) -> Figures:
    """What the machine alone does to the heart: the yardstick."""
    with copied(complete(scale)) as home, _beating(home) as heart:
        heart.wait("ready")
        heart.rest(AFTER_S)
        since = time.perf_counter()
        heart.rest(5.0)
        return heart.between(since, time.perf_counter())


def load(scale: float) -> Figures:
    """From the first rows on screen until the document is built."""
    with copied(complete(scale)) as home, _beating(home) as heart:
        painted = heart.painted()
        ready = heart.wait("ready")
        heart.rest(AFTER_S)
        return heart.between(painted, ready + AFTER_S)


def first_sync(scale: float) -> Figures:
    """Everything comes from a relay."""
    goal = len(changes(scale))
    with ExitStack() as stack:
        folder = stack.enter_context(copied(at_relay(scale)))
        relay = stack.enter_context(_relay(folder))
        home = Path(stack.enter_context(TemporaryDirectory(prefix="work-", dir=KEPT))) / "home"
        newcomer(home, relay.url, scale)
        heart = stack.enter_context(_beating(home))
        began = heart.painted(EMPTY)
        done = heart.has(goal)
        heart.rest(AFTER_S)
        return {**heart.between(began, done + AFTER_S), "changes_per_s": goal / (done - began)}


def merge(scale: float) -> Figures:
    """Somebody sends some 500 changes at once, while the interface is open and all is settled."""
    goal = len(changes(scale))
    with ExitStack() as stack:
        relay = stack.enter_context(_relay(stack.enter_context(copied(at_relay(scale, NEWS)))))
        home = stack.enter_context(copied(before(scale, NEWS)))
        other = stack.enter_context(copied(complete(scale)))
        become(other, 1)
        for each in (home, other):
            told(each, relay.url)
        heart = stack.enter_context(_beating(home))
        heart.wait("ready")
        heart.rest(2 * AFTER_S)
        since = time.perf_counter()
        with interface(other, "sync"):
            done = heart.has(goal)
        heart.rest(AFTER_S)
        return {**heart.between(since, done + AFTER_S), "changes": goal - len(cut(changes(scale), NEWS))}


class _Patient:
    """The interface with a heart, from outside."""

    def __init__(self, program: Program, home: Path, path: Path) -> None:
        self._program, self._path = program, path
        self._store = next((home / "communities").iterdir()) / "store.db"
        self.began = program.began

    def rest(self, seconds: float) -> None:
        """Let time pass: somebody has to read what it writes."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self._program.quiet(left, left)

    def painted(self, words: re.Pattern[bytes] = ROW) -> float:
        """When its first screen was there; before that there is nothing to wait at."""
        return self.began + self._program.until(words)

    def wait(self, name: str) -> float:
        """Until it has noted something; when that was."""
        return self._until(lambda: self._kept()["noted"].get(name))

    def has(self, count: int) -> float:
        """Until so many changes are on its disk; when that was, to a tenth of a second."""

        def there() -> float | None:
            try:
                db = sqlite3.connect(f"{self._store.as_uri()}?mode=ro", uri=True)
                (found,) = db.execute("SELECT count(*) FROM change").fetchone()
                db.close()
            except sqlite3.OperationalError:
                return None
            return time.perf_counter() if found >= count else None

        return self._until(there)

    def between(self, since: float, until: float) -> Figures:
        """The gaps of a time, in milliseconds: the longest as felt, and as held by the process itself.

        Of a gap that began before, what was left of it: the first picture comes in the middle of one.
        """
        self.rest(0.5)  # until it has written down its last ones
        found = [
            (min(gap, at - since), used) for at, gap, used in self._kept()["gaps"] if since < at <= until
        ]
        gaps = [(gap, min(gap, used)) for gap, used in found]
        return {
            "seconds": until - since,
            "felt_ms": 1e3 * max((felt for felt, _ in gaps), default=0.0),
            "held_ms": 1e3 * max((held for _, held in gaps), default=0.0),
            "over_aim": sum(1e3 * held > AIM_MS for _, held in gaps),
            "felt_over_aim": sum(1e3 * felt > AIM_MS for felt, _ in gaps),
        }

    def _until(self, found: Callable[[], float | None]) -> float:
        deadline = time.perf_counter() + LONGEST_S
        while (answer := found()) is None:
            self.rest(0.1)
            if time.perf_counter() > deadline or self._program.process.poll() is not None:
                raise AssertionError(
                    f"the interface has ended, or is too slow: {self._program.written[-2000:]!r}"
                )
        return answer

    def _kept(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self._path.read_text()))
        except FileNotFoundError:
            return {"gaps": [], "noted": {}}


@contextmanager
def _beating(home: Path) -> Iterator[_Patient]:
    with TemporaryDirectory(prefix="moot-bench-", dir=MEMORY) as folder:
        path = Path(folder) / "heart.json"
        with Program("-m", "tests.bench.client.inside", str(home), str(path), "agenda") as program:
            yield _Patient(program, home, path)


def _relay(folder: Path) -> RelayProcess:
    return RelayProcess(folder, options=UNPACED, stderr=subprocess.DEVNULL)
