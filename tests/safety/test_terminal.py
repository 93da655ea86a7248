"""A real process on a real terminal: the bytes that it is sent, and what becomes of the terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("no such terminals here", allow_module_level=True)

import pexpect
import pyte

from tests.cli.shell import ROOT, environment
from tests.helpers.hostile import beyond_textual, harm
from tests.helpers.patience import PATIENCE_S
from tests.safety.community import Hostile
from tests.safety.reading import reading

pytestmark = pytest.mark.slow
POINTER = re.compile("\x1b]22;[a-z-]*\x07")  # the mouse's shape: pyte takes it for a title
WORDS = ("issues", "reviews", "today", "members", "communities", "status", "verify", "lesson", "find")


def on_a_terminal(home: Path, words: tuple[str, ...]) -> str:
    """What a `moot` process of its own sends to the terminal that is its output and its errors."""
    main, other = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "moot_shared", *words],
        env=environment(home, COLUMNS="80", PYTHONUTF8="1"), cwd=ROOT,
        stdin=other, stdout=other, stderr=other,
    )  # fmt: skip
    os.close(other)
    sent = b""
    try:
        while piece := os.read(main, 65_536):
            sent += piece
    except OSError:  # the process has ended, and its terminal with it
        pass
    finally:
        process.wait(PATIENCE_S)
        os.close(main)
    return sent.decode()


def test_commands_in_processes_of_their_own(hostile: Hostile) -> None:
    replica = hostile.reader()
    seen = set()
    for words in reading(replica, hostile.folder, most=1):
        if words[0] in WORDS and words[0] not in seen:
            seen.add(words[0])
            sent = on_a_terminal(hostile.home.path, words).replace("\r\n", "\n")
            assert sent
            assert not harm(sent), (words, harm(sent))
    replica.close()


def test_no_argument_comes_back_as_it_was(tmp_path: Path) -> None:
    for words in (
        ("\x1b]0;pwned\x07",),
        ("issues", "--\x1b[2J"),
        ("--place", "\x1b[31m\u202e"),
        ("issue", "show", "\x9b2J"),
        ("--community", "\x1b]52;c;eA==\x07", "issues"),
        ("relay", "--port", "\x1b[2J"),
        ("relay", "--data", str(tmp_path / "x"), "--host", "\x1b]0;pwned\x07"),
        ("join", "moot-invite:\x1b[2J", "--as", "\x1b[2J"),
        ("export", "/dev/null/\x1b[2J"),
    ):
        sent = on_a_terminal(tmp_path, words).replace("\r\n", "\n")
        assert sent
        assert not harm(sent), (words, harm(sent))
        assert "Traceback" not in sent


class Screen:
    """`moot` on a terminal of 80 by 24, every byte of it kept."""

    def __init__(self, home: Path) -> None:
        self.sent = ""
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.Stream(self.screen)
        self.process = pexpect.spawn(
            sys.executable, ["-m", "moot_shared"], dimensions=(24, 80), encoding="utf-8", timeout=5,
            env={**environment(home), "TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONUTF8": "1"},
        )  # fmt: skip

    def look(self, quiet_s: float = 0.4) -> str:
        """Read until nothing comes any more; the screen, line by line."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                piece = self.process.read_nonblocking(65_536, timeout=quiet_s)
            except (pexpect.TIMEOUT, pexpect.EOF):
                break
            self.sent += piece
            self._stream.feed(POINTER.sub("", piece))
        return "\n".join(self.screen.display)

    def leave(self) -> None:
        """Ctrl+Q, until it has ended: together with an Esc that it has not read yet it is another key."""
        deadline = time.monotonic() + PATIENCE_S
        ended = False
        while not ended:
            assert time.monotonic() < deadline, "it does not end"
            self.process.send("\x11")
            ended = self.process.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=2) == 0
        self.sent += self.process.before
        self.process.wait()

    def sees(self, words: str) -> str:
        """Wait until some words are on the screen."""
        deadline = time.monotonic() + PATIENCE_S
        while words not in (text := self.look()):
            assert time.monotonic() < deadline, f"no {words!r} in:\n{text}"
        return text


def test_the_interface_sends_only_what_textual_sends(hostile: Hostile) -> None:
    opened = Screen(hostile.home.path)
    try:
        opened.sees("Agenda")
        for keys in (
            "2",
            "\r",
            "o",
            "\x1b",
            "4",
            "\r",
            "\x1b",
            "5",
            "\r",
            "\x1b",
            "1",
            "S",
            "\x1b",
            "?",
            "\x1b",
            "\x10",
        ):
            opened.process.send(keys)
            text = opened.look()
            assert len(text.split("\n")) == 24
            assert not beyond_textual(opened.sent), (keys, beyond_textual(opened.sent)[:5])
            # pyte reads a question for the background (OSC 11) as one of its own for names (OSC 1)
            assert opened.screen.title in ("", ";?")
            assert opened.screen.icon_name in ("", ";?")
            assert text.strip()
        opened.process.send("\x1b")
        opened.look()
        opened.leave()
        assert opened.process.exitstatus == 0
        assert "Traceback" not in opened.sent
        assert "\x1b]52" not in opened.sent
        assert not beyond_textual(opened.sent)
    finally:
        opened.process.close(force=True)
