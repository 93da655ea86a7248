"""A program on a pseudo-terminal: when what it writes comes, to the tenth of a millisecond."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from tests.helpers.relay_process import environment

SIZE = 24, 80
PATIENCE_S = 120.0
COMPILED = {
    "PYTHONPYCACHEPREFIX": str(Path(__file__).parents[3] / ".bench" / "bytecode"),
    "PYTHONDONTWRITEBYTECODE": "",  # as where Moot is installed: nothing is compiled at each start
}
_SIGNS = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_].*?\x1b\\|[@-Z\\-_])", re.DOTALL
)


class Pressed(NamedTuple):
    """Seconds from a key to the first that is written, to the change that was asked for, and to the last."""

    first: float
    changed: float
    last: float


class Program:
    """A Python program on a terminal of its own; killed when the `with` ends."""

    def __init__(self, *words: str, size: tuple[int, int] = SIZE, **env: str) -> None:
        ours, theirs = os.openpty()
        fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        surroundings = environment(TERM="xterm-256color", LANG="C.UTF-8", PYTHONUTF8="1", **COMPILED, **env)
        surroundings.pop("NO_COLOR", None)
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, *words],
            stdin=theirs, stdout=theirs, stderr=theirs, env=surroundings, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self._fd = ours
        self._written = b""
        self.last = self.began

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end(signal.SIGKILL)
        os.close(self._fd)

    def end(self, how: signal.Signals) -> None:
        """Ask it to end, and read on until it has."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        deadline = time.perf_counter() + PATIENCE_S
        while self.process.poll() is None and time.perf_counter() < deadline:
            self._read(0.05)
        self.process.kill()
        self.process.wait()

    def until(self, words: re.Pattern[bytes]) -> float:
        """Seconds from its start until some words have been written."""
        deadline = time.perf_counter() + PATIENCE_S
        while not words.search(_SIGNS.sub(b"", self._written)):
            self._read(1.0)
            if time.perf_counter() > deadline or (self.process.poll() is not None and not self._read(0.0)):
                raise AssertionError(
                    f"it did not write {words.pattern!r}: {_SIGNS.sub(b'', self._written)[-2000:]!r}"
                )
        return self.last - self.began

    def quiet(self, seconds: float, patience: float = PATIENCE_S) -> None:
        """Wait until it has written nothing for so long."""
        deadline = time.perf_counter() + patience
        while time.perf_counter() < deadline and self._read(seconds):
            pass

    def press(self, keys: str, quiet: float, shows: str = "", patience: float = 2.0) -> Pressed | None:
        """When keys led to something, to what was asked for, and to the last of it; None where to nothing.

        `shows` are words that tell that the change is on screen: without them the first that is written. The
        last is what came before it wrote nothing for `quiet` seconds.
        """
        self._written = b""
        began = time.perf_counter()
        os.write(self._fd, keys.encode())
        if not self._read(patience):
            return None
        first, changed = self.last - began, 0.0
        while True:
            if not changed and shows.encode() in self.written:
                changed = self.last - began
            if not self._read(quiet if changed else patience):
                return Pressed(first, changed or float("nan"), self.last - began)

    @property
    def written(self) -> bytes:
        """What it wrote since the last key, without colours and places."""
        return _SIGNS.sub(b"", self._written)

    def own(self) -> float:
        """Processor seconds that its first thread has used so far: an interface's own."""
        return (
            int(Path(f"/proc/{self.process.pid}/task/{self.process.pid}/schedstat").read_text().split()[0])
            / 1e9
        )

    def used(self) -> float:
        """Processor seconds that it has used so far, all threads."""
        total = 0
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            try:
                total += int((task / "schedstat").read_text().split()[0])
            except OSError:
                continue  # a thread that has just ended
        return total / 1e9

    def idle(self, seconds: float = 0.5, patience: float = PATIENCE_S) -> None:
        """Wait until it has nothing to do: it built what it builds, and wrote what it writes."""
        deadline = time.perf_counter() + patience
        while time.perf_counter() < deadline:
            before = self.used()
            self.quiet(seconds, seconds)
            if self.used() - before < seconds * 0.1:
                return

    def _read(self, seconds: float) -> bool:
        """Whether something came within that time."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # the program has ended
            return False
        self.last = time.perf_counter()
        self._written = (self._written + data)[-(1 << 18) :]
        return bool(data)


def interface(home: Path, *words: str, size: tuple[int, int] = SIZE) -> Program:
    """`moot` on a home of its own."""
    return Program("-m", "moot_shared", "--home", str(home), *words, size=size)


def plain(size: tuple[int, int] = SIZE, *words: str) -> Program:
    """A Textual application with a header, a footer and one static widget."""
    return Program("-m", "tests.bench.client.plain", *words, size=size)


def waits_for(names: Sequence[str]) -> re.Pattern[bytes]:
    """Any of these words."""
    return re.compile(b"|".join(re.escape(name.encode()) for name in names))
