"""A real relay: `moot relay` as a process of its own, on loopback and a free port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parents[2]
PATHS = os.pathsep.join(str(ROOT / name) for name in (".", "client", "server", "shared"))


def environment(**more: str) -> dict[str, str]:
    """This process's environment, with the project's packages and tests to import and no proxy in the way."""
    kept = {k: v for k, v in os.environ.items() if "proxy" not in k.lower() and not k.startswith("MOOT_")}
    return kept | {"PYTHONPATH": PATHS} | more


@dataclass
class RelayProcess:
    """Started by `with`; `kill` and `start` again as often as a test likes."""

    folder: Path
    port: int = 0
    said: dict[str, str] = field(default_factory=dict)
    program: tuple[str, ...] = ("-m", "moot_shared")
    """What Python runs: Moot, unless a test wants a relay that does something wrong."""
    more: dict[str, str] = field(default_factory=dict)
    """Of its environment."""
    options: tuple[str, ...] = ()
    """Of `moot relay`, besides its port and folder."""
    stderr: int | None = None
    """Where it goes, unless where this process's goes."""

    def __enter__(self) -> RelayProcess:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, and read what it prints until it listens; the port stays the same from then on."""
        words = ["relay", "--port", str(self.port), "--data", str(self.folder), *self.options]
        self.process = subprocess.Popen(
            [sys.executable, *self.program, *words],
            stdout=subprocess.PIPE,
            stderr=self.stderr,
            text=True,
            env=environment(**self.more),
        )
        assert self.process.stdout
        for line in self.process.stdout:
            name, _, value = line.partition(": ")
            self.said[name] = value.strip()
            if name == "Hosting key" or (not line.strip() and "Address" in self.said):
                break
        self.port = int(self.url.rpartition(":")[2])

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.said["Address"]

    @property
    def hosting_key(self) -> str:
        """What puts a community on it."""
        return self.said["Hosting key"]

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self._ended()

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self._ended()

    def _ended(self) -> int:
        code = self.process.wait(60)
        if self.process.stdout:
            self.process.stdout.close()
        return code
