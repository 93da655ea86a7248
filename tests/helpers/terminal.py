"""A real `moot` on a pseudo-terminal, as a person would see it and type into it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pyte

from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
SOURCES = os.pathsep.join(str(ROOT / folder) for folder in ("client", "server", "shared"))
ENTER, ESC, CTRL_S, CTRL_Q, TAB = "\r", "\x1b", "\x13", "\x11", "\t"


class Terminal:
    """A `moot` on a pseudo-terminal of 80 by 24, and what a person would see there."""

    def __init__(self, home: Path, **env: str) -> None:
        surroundings = {
            k: v for k, v in os.environ.items() if not k.startswith(("MOOT", "TEXTUAL", "NO_COLOR"))
        }
        self.env = {**surroundings, "PYTHONPATH": SOURCES, "MOOT_HOME": str(home), "TERM": "xterm-256color"}
        self.env.update({"LANG": "C.UTF-8", "PYTHONUTF8": "1", **env})
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.Stream(self._screen)
        self._stream.use_utf8 = True
        self.process = pexpect.spawn(
            sys.executable,
            ["-m", "moot_shared"],
            env=self.env,
            dimensions=(24, 80),
            encoding="utf-8",
            timeout=PATIENCE_S,
        )

    @property
    def text(self) -> str:
        """The screen, line by line."""
        return "\n".join(self._screen.display)

    def sees(self, words: str, instead_of: str = "\0") -> None:
        """Wait until some words are on the screen, and others no longer: a frame may come in parts."""
        deadline = time.monotonic() + PATIENCE_S
        while words not in self.text or instead_of in self.text:
            assert time.monotonic() < deadline, f"no {words!r} in:\n{self.text}"
            try:
                self._stream.feed(self.process.read_nonblocking(65_536, timeout=0.2))
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                assert words in self.text, f"it ended without {words!r}:\n{self.text}"

    def types(self, keys: str) -> None:
        """Press keys."""
        self.process.send(keys)

    def moot(self, *words: str) -> str:
        """Another `moot` command on the same home, and what it prints."""
        command = [sys.executable, "-m", "moot_shared", *words]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, check=True).stdout
