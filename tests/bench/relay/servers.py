"""The servers that are measured: how each is started, and what it uses."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.relay.hocuspocus import Yjs, yjs
from tests.bench.relay.members import Opens, Room, hosted
from tests.bench.relay.plain import Plain
from tests.bench.relay.stock import Light, new_document
from tests.helpers import node
from tests.helpers.relay_process import ROOT, environment

OWN = Path(__file__).resolve().parent.parent / "javascript"
UNPACED = ("--limit", "changes_per_second=1000000", "--limit", "changes_burst=1000000")
"""Members are slowed down to what people type; here it is asked what the relay could do."""
TICK = os.sysconf("SC_CLK_TCK")
MIB = 1 << 20

Start = Callable[[Path, int], list[str]]


@dataclass(frozen=True)
class Kind:
    """A kind of server."""

    name: str
    start: Start
    """The command that starts it, from its data folder and port (0: any)."""
    room: Room
    where: Path = ROOT
    lacking: Callable[[], str | None] = lambda: None
    """Why it cannot be started here, or None."""
    last_word: str = "Address"
    """What it prints when it can be spoken to."""


def _no_hocuspocus() -> str | None:
    if yjs() is None:
        return "pycrdt is not installed"
    return node.missing(OWN)


def _of(peer: type[Light | Yjs | Plain]) -> Room:
    """Anybody at any document: each call to the room is another client of a new one."""

    async def room(url: str, said: dict[str, str]) -> Opens:
        document = new_document()
        return lambda: peer(url, document)

    return room


async def _community(url: str, said: dict[str, str]) -> Opens:
    return await hosted(url, said["Hosting key"])


def _moot(*options: str) -> Start:
    words = [sys.executable, "-m", "moot_shared", "relay", *options]
    return lambda data, port: [*words, "--data", str(data), "--port", str(port)]


def _node(script: str) -> Start:
    return lambda data, port: ["node", script, str(data), str(port)]


KINDS = {
    kind.name: kind
    for kind in (
        Kind("open", _moot("--open"), _of(Light)),
        Kind("members", _moot(*UNPACED), _community, last_word="Hosting key"),
        Kind("am2", _node("relay.mjs"), _of(Light), node.FOLDER, node.missing),
        Kind("hocuspocus", _node("hocuspocus.mjs"), _of(Yjs), OWN, _no_hocuspocus),
        Kind("floor", lambda *_: [sys.executable, "-m", "tests.bench.relay.plain"], _of(Plain)),
    )
}


@dataclass
class Server:
    """One that runs."""

    kind: Kind
    folder: Path
    port: int = 0
    said: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] = field(init=False)

    def start(self) -> None:
        """Until it listens, on the same port each time."""
        self.process = subprocess.Popen(
            self.kind.start(self.folder / "data", self.port),
            cwd=self.kind.where,
            stdout=subprocess.PIPE,
            stderr=(self.folder / "errors").open("a"),
            text=True,
            env=environment(),
        )
        assert self.process.stdout
        for line in self.process.stdout:
            name, _, value = line.partition(": ")
            self.said[name] = value.strip()
            if name == "Address":
                self.port = int(value.rpartition(":")[2])
            if name == self.kind.last_word:
                return
        raise RuntimeError(f"{self.kind.name} does not start: {(self.folder / 'errors').read_text()[-2000:]}")

    async def room(self) -> Opens:
        """A new document: each call is another client of it."""
        return await self.kind.room(self.url, self.said)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"ws://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """As its keeper would: SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        assert self.process.stdout
        self.process.stdout.close()

    def cpu(self) -> float:
        """Seconds of the processor so far, its ended children's as well."""
        return used(self.process.pid)

    def memory(self) -> float:
        """MiB that it holds now."""
        return _status(self.process.pid, "VmRSS")


@contextmanager
def running(kind: Kind) -> Iterator[Server]:
    """Start it with a folder of its own on a real disk, and take both away at the end."""
    folder = Path(tempfile.mkdtemp(prefix="moot-bench-"))
    server = Server(kind, folder)
    try:
        server.start()
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def used(pid: int) -> float:
    """Seconds of the processor that a process and its ended children have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return sum(int(each) for each in fields[11:15]) / TICK


def _status(pid: int, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024 / MIB
    return 0.0
