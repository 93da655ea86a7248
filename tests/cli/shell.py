"""`moot` as a script runs it: in this process where that is enough, in one of its own where it is not."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from moot_client.cli import main
from moot_client.cli.exits import AWAY, DISK, NOT_ALLOWED, NOT_DONE, NOT_FOUND

ROOT = Path(__file__).parents[2]
WIDE = {"COLUMNS": "400", "LINES": "50"}
REFUSALS = (NOT_DONE, NOT_FOUND, AWAY, NOT_ALLOWED, DISK)


@dataclass(frozen=True)
class Ran:
    """What became of one command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it answered, as JSON."""
        return json.loads(self.out)

    def good(self) -> Ran:
        """Itself, if it was done."""
        assert self.code == 0, self
        assert "Traceback" not in self.err
        return self

    def refused(self, code: int | None = None) -> str:
        """The one sentence of a command that was not done: no stack trace, nothing that steers a terminal.

        Without a `code`, any that says so will do.
        """
        assert self.code == code if code is not None else self.code in REFUSALS, self
        assert "Traceback" not in self.err
        assert "Error" not in self.err
        assert "inside Moot" not in self.err
        assert self.out == "", self
        assert not any(c < " " and c != "\n" for c in self.err), self
        return self.err.strip()


class Shell:
    """Commands of one member, in this process."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys

    def __call__(self, *words: str) -> Ran:
        self._capsys.readouterr()
        code = main(["--home", str(self.home), *words])
        out, err = self._capsys.readouterr()
        return Ran(code, out, err)

    def seen(self, *words: str) -> Ran:
        """The same, as on a terminal that is wide enough for anything."""
        with mock.patch.object(sys.stdout, "isatty", return_value=True), mock.patch.dict(os.environ, WIDE):
            return self(*words)

    def id(self, *words: str) -> str:
        """The id that a command prints."""
        return self(*words).good().out.strip()


def environment(home: Path, **more: str) -> dict[str, str]:
    """What a `moot` process of its own runs with."""
    path = os.pathsep.join(str(ROOT / part) for part in ("client", "server", "shared"))
    return {**os.environ, "PYTHONPATH": path, "MOOT_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1", **more}


def process(home: Path, *words: str, stdin: str = "", humble: bool = False, **more: str) -> Ran:
    """One `moot` process, from its start to its end; a `humble` one minds file modes even as root."""
    done = subprocess.run(
        [sys.executable, "-m", "moot_shared", *words],
        env=environment(home, **more), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        input=stdin, preexec_fn=_humbled if humble else None,
    )  # fmt: skip
    return Ran(done.returncode, done.stdout, done.stderr)


def _humbled() -> None:
    """Give up what lets root pass over file modes (PR_CAPBSET_DROP of DAC_OVERRIDE and DAC_READ_SEARCH)."""
    if os.geteuid() == 0:
        for capability in (1, 2):
            ctypes.CDLL(None).prctl(24, capability)
