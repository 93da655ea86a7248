"""A real process in a real terminal: what is typed on a keyboard ends up on disk."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pyte
import pytest

ROOT = Path(__file__).parents[2]
SOURCES = os.pathsep.join(str(ROOT / folder) for folder in ("client", "server", "shared"))
PATIENCE_S = 40.0
ENTER, ESC, CTRL_S, CTRL_Q, TAB = "\r", "\x1b", "\x13", "\x11", "\t"

pytestmark = pytest.mark.slow


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
            timeout=5,
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


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A fresh machine."""
    opened = Terminal(tmp_path)
    yield opened
    opened.process.close(force=True)


def test_from_nothing_to_a_vote_with_a_keyboard_alone(terminal: Terminal) -> None:
    terminal.sees("Found a community")
    terminal.types(ENTER)
    terminal.sees("as its members will call it")
    terminal.types(f"Northern cohort{ENTER}Mara{ENTER}")
    terminal.sees("Your recovery words", instead_of="list the first issue")
    terminal.types(ESC)
    terminal.sees("list the first issue that matters to you", instead_of="Your recovery words")
    terminal.types("2")
    terminal.sees("n lists the first one.")
    terminal.types("n")
    terminal.sees("New issue")
    terminal.types(f"Handover loses facts{CTRL_S}")
    terminal.sees("Listed on the agenda")
    terminal.types(f"v3 it costs us a shift{ENTER}")
    terminal.sees("Your dots: ●●●")
    (row,) = json.loads(terminal.moot("issues", "--json"))
    assert (row["title"], row["dots"]) == ("Handover loses facts", 3)
    terminal.moot("pledge", row["id"], "4")
    terminal.sees("4 h")
    terminal.types(CTRL_Q)
    terminal.process.expect(pexpect.EOF)
    terminal.process.wait()
    assert terminal.process.exitstatus == 0


def test_a_window_that_is_closed_while_one_types_loses_nothing(terminal: Terminal, tmp_path: Path) -> None:
    terminal.moot("found", "Northern cohort", "--as", "Mara")
    again = Terminal(tmp_path)
    again.sees("recovery words")
    again.types("n")
    again.sees("New issue")
    again.types(f"Half a thought{TAB}and a bit")
    again.sees("and a bit")
    again.process.kill(signal.SIGHUP)
    again.process.expect(pexpect.EOF)
    once_more = Terminal(tmp_path)
    once_more.sees("New issue: Half a thought")
    once_more.types("n")
    once_more.sees("and a bit")
    for left in (again, once_more):
        left.process.close(force=True)
