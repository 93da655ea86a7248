"""The real JavaScript client and relay, as processes: tests/javascript, and what npm brought for it."""

from __future__ import annotations

import itertools
import json
import os
import select
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from tests.helpers.patience import PATIENCE_S
from tests.helpers.relay_process import environment

FOLDER = Path(__file__).resolve().parent.parent / "javascript"
LONGER_S = 1.5 * PATIENCE_S
"""Than the clients' own patience (client.mjs), who can say what they waited for."""


def missing(folder: Path = FOLDER) -> str | None:
    """Why nothing can be run in JavaScript here, or None."""
    if shutil.which("node") is None:
        return "there is no Node.js on this machine"
    stamp = folder / "node_modules" / ".moot"
    if not stamp.exists() or stamp.read_bytes() != (folder / "package-lock.json").read_bytes():
        return "the JavaScript packages are not installed: scripts/test does that, with a network"
    return None


class Said(Exception):
    """A client could not do what it was asked to; in its words."""


class Node:
    """One process with any number of stock clients in it."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._answers: dict[int, dict[str, Any]] = {}
        self._unread = b""
        self._process = subprocess.Popen(
            ["node", "client.mjs"],
            cwd=FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
        )

    def ask(self, do: str, **what: Any) -> int:
        """Begin something; `answer` waits for its end."""
        number = next(self._numbers)
        pipe = self._pipe(self._process.stdin)
        pipe.write(json.dumps({"id": number, "do": do, **what}).encode() + b"\n")
        pipe.flush()
        return number

    def answer(self, number: int) -> Any:
        """What came of it; Said where nothing could."""
        until = time.monotonic() + LONGER_S
        while number not in self._answers:
            self._read(until)
        answer = self._answers.pop(number)
        if "error" in answer:
            raise Said(answer["error"])
        return answer["ok"]

    def call(self, do: str, **what: Any) -> Any:
        """Do something, and wait for its end."""
        return self.answer(self.ask(do, **what))

    def close(self) -> None:
        """End the process."""
        self._pipe(self._process.stdin).close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._pipe(self._process.stdout).close()

    def _read(self, until: float) -> None:
        pipe = self._pipe(self._process.stdout)
        ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise Said("no answer from the JavaScript clients")
        came = os.read(pipe.fileno(), 1 << 20)
        if not came:
            raise Said(f"the JavaScript clients' process has ended with {self._process.wait(10)}")
        *lines, self._unread = (self._unread + came).split(b"\n")
        for line in lines:
            answer = json.loads(line)
            self._answers[answer["id"]] = answer

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe is not None
        return pipe


@dataclass
class Client:
    """One stock client, by its name."""

    node: Node
    name: str
    storage: str | None = None

    def __call__(self, do: str, **what: Any) -> Any:
        """Do something (the names are in client.mjs), and wait for its end."""
        return self.node.call(do, client=self.name, **what)

    def ask(self, do: str, **what: Any) -> int:
        """Begin something; the node's `answer` waits for its end."""
        return self.node.ask(do, client=self.name, **what)

    def change(self, document: str, *edits: list[Any]) -> list[str]:
        """One change; the document's heads."""
        heads: list[str] = self("change", document=document, edits=list(edits))
        return heads

    def read(self, document: str, *path: str | int) -> Any:
        """What stands there."""
        return self("read", document=document, path=list(path))

    def sees(self, document: str, value: Any, *path: str | int) -> None:
        """Wait until this stands there."""
        self("until", document=document, value=value, path=list(path))


@dataclass
class StockRelay:
    """The relay that comes with automerge-repo; started by `with`, as tests.helpers.relay_process is."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[str] = field(init=False)

    def __enter__(self) -> StockRelay:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, until it listens; the port stays the same from then on."""
        self.process = subprocess.Popen(
            ["node", "relay.mjs", str(self.folder), str(self.port)],
            cwd=FOLDER,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        assert self.process.stdout
        said = self.process.stdout.readline()
        self.port = int(said.rpartition(":")[2])

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"ws://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self._ended()

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        return self._ended()

    def _ended(self) -> int:
        code = self.process.wait(PATIENCE_S)
        if self.process.stdout:
            self.process.stdout.close()
        return code
