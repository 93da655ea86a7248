"""A real terminal: a `moot` in a window of tmux, its keys and what stands on it."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from tests.helpers.patience import PATIENCE_S
from tests.helpers.terminal import ENTER, SOURCES

__all__ = ["ENTER", "Tmux", "Window"]

Held = TypeVar("Held")


class Tmux:
    """A tmux server of one's own, with a socket of its own; ended by `with`."""

    def __init__(self, folder: Path, size: tuple[int, int] = (80, 24)) -> None:
        self._socket, self._size = folder / "tmux", size

    def __enter__(self) -> Tmux:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.run("kill-server", check=False)

    def run(self, *words: str, given: str | None = None, check: bool = True) -> str:
        """One tmux command, and what it prints."""
        command = ["tmux", "-f", os.devnull, "-S", str(self._socket), *words]
        around = {k: v for k, v in os.environ.items() if k not in ("TMUX", "TMUX_PANE")}
        done = subprocess.run(
            command,
            input=given,
            capture_output=True,
            text=True,
            check=check,
            env={**around, "LANG": "C.UTF-8"},
        )
        return done.stdout

    def moot(self, home: Path, *words: str, **env: str) -> Window:
        """A window with `moot` in it, on somebody's home."""
        name = home.name
        columns, lines = map(str, self._size)
        settings = {
            "PYTHONPATH": SOURCES,
            "MOOT_HOME": str(home),
            "LANG": "C.UTF-8",
            "PYTHONUTF8": "1",
            **env,
        }
        unset = [
            part for name in os.environ if name.startswith(("MOOT", "NO_COLOR")) for part in ("-u", name)
        ]
        assignments = [f"{name}={value}" for name, value in settings.items()]
        command = shlex.join(["env", *unset, *assignments, sys.executable, "-m", "moot_shared", *words])
        new = ("new-session", "-d", "-s", name, "-x", columns, "-y", lines, command)
        self.run(*new, ";", "set-option", "-g", "remain-on-exit", "on")  # its last words stay to be read
        return Window(self, name, settings)


class Window:
    """One of its windows."""

    def __init__(self, tmux: Tmux, name: str, env: dict[str, str]) -> None:
        self._tmux, self.name, self._env = tmux, name, env
        self.seen = ""  # the screen with what was last waited for: the next may say something else

    @property
    def text(self) -> str:
        """What stands on it, line by line."""
        return self._tmux.run("capture-pane", "-p", "-t", f"={self.name}:")

    @property
    def ended(self) -> str:
        """The exit code of its Moot, once it has ended; '' before."""
        return self._tmux.run("display-message", "-p", "-t", f"={self.name}:", "#{pane_dead_status}").strip()

    def ends(self) -> None:
        """Wait until its Moot has ended in good order."""
        deadline = time.monotonic() + PATIENCE_S
        server = int(self._tmux.run("display-message", "-p", "#{pid}"))
        while not self.ended:
            os.kill(server, signal.SIGCHLD)  # tmux now and then overlooks that a process has ended
            assert time.monotonic() < deadline, f"{self.name}'s Moot goes on:\n{self.text}"
            time.sleep(0.05)
        assert self.ended == "0", self.text

    def sees(self, words: str, instead_of: str = "\0") -> str:
        """Wait until some words are on it, and others no longer; the screen."""
        self._until(lambda text: words in text and instead_of not in text, f"no {words!r}")
        return self.seen

    def finds(self, pattern: str) -> str:
        """Wait until something of this shape is on it, though the window may have broken it into lines."""

        def found(text: str) -> re.Match[str] | None:
            return re.search(pattern, re.sub(r"\s*\n\s*", "", text))

        return self._until(found, f"nothing like {pattern!r}")[0]

    def _until(self, holds: Callable[[str], Held | None], else_say: str) -> Held:
        """Look until something holds of what stands there; that screen is what was `seen`."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            self.seen = self.text
            if held := holds(self.seen):
                return held
            assert time.monotonic() < deadline, f"{else_say} on {self.name}'s screen:\n{self.seen}"
            time.sleep(0.05)  # a terminal tells nobody when it has been drawn

    def presses(self, *keys: str) -> None:
        """Keys by tmux's names: Enter, Escape, C-s, Tab; or letters."""
        self._tmux.run("send-keys", "-t", f"={self.name}:", *keys)

    def types(self, words: str) -> None:
        """Letters, one after the other."""
        self._tmux.run("send-keys", "-t", f"={self.name}:", "-l", words)

    def pastes(self, words: str) -> None:
        """What one has copied elsewhere."""
        self._tmux.run("load-buffer", "-b", "copied", "-", given=words)
        self._tmux.run("paste-buffer", "-p", "-b", "copied", "-t", f"={self.name}:")

    def moot(self, *words: str) -> str:
        """Another `moot` command on the same home, and what it prints."""
        command = [sys.executable, "-m", "moot_shared", *words]
        env = {**os.environ, **self._env}
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
