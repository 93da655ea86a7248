"""A relay's process that is killed and started over and over, and what is on its disk meanwhile."""

from __future__ import annotations

import asyncio
import shutil
import socket
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.relay_process import RelayProcess
from tests.survival.watch import Failed

MEMORY = Path("/dev/shm")
BELOW_OUTGOING = range(15_000, 32_000)


def ground() -> Path:
    """A new folder, in memory where there is one: what a process has written outlives it there as well."""
    return Path(tempfile.mkdtemp(prefix="moot-survival-", dir=MEMORY if MEMORY.is_dir() else None))


def quiet_port(salt: int) -> int:
    """A free port that no outgoing connection is given: its relay is away so often that one could take it."""
    width = len(BELOW_OUTGOING)
    for step in range(width):
        port = BELOW_OUTGOING[(salt * 97 + step) % width]
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
    raise Failed("No port is free on this machine.")


@dataclass
class Relay(RelayProcess):
    """Started in a thread, so that it can be killed while it starts."""

    starts: int = 0
    slowest: float = 0.0
    """Of all starts, in seconds, until it listens."""

    async def up(self) -> None:
        """Start it; returns when it listens, or when it was killed before."""
        began = time.monotonic()
        if getattr(self, "process", None) is not None:
            self.kill()  # it is dead already: its end is noticed
        await asyncio.to_thread(self.start)
        if self.process.poll() is None:
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.starts += 1

    def shoot(self) -> None:
        """kill -9, without waiting for its end; not before `up` has begun."""
        self.process.kill()

    @property
    def alive(self) -> bool:
        """Whether there is a process."""
        return self.process.poll() is None

    @contextmanager
    def disk(self) -> Iterator[sqlite3.Connection]:
        """Its database as a process that died has left it: a copy, so that the next one finds it so."""
        with copied(self.folder / "relay.db") as db:
            yield db


@contextmanager
def copied(path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of a database and of its log, open; Failed where it is damaged."""
    with tempfile.TemporaryDirectory(dir=path.parent.parent) as folder:
        for suffix in ("", "-wal"):
            source = path.with_name(path.name + suffix)
            if source.exists():
                shutil.copyfile(source, Path(folder) / source.name)
        with closing(sqlite3.connect(Path(folder) / path.name)) as db:
            (word,) = db.execute("PRAGMA quick_check").fetchone()
            if word != "ok":
                raise Failed(f"{path.name} is damaged: {word}")
            yield db
