"""In a real terminal that is light: asked, answered among typed keys, followed; and what was chosen wins."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pexpect
import pytest

from tests.helpers.patience import PATIENCE_S
from tests.helpers.terminal import Terminal

pytestmark = pytest.mark.slow
LIGHT = "\x1b]11;rgb:fafa/f8f8/f3f3\x1b\\"
PAPER, NIGHT = "faf8f3", "16181b"


@pytest.fixture
def terminals(tmp_path: Path) -> Iterator[list[Terminal]]:
    """Terminals on one home; closed at the end."""
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.process.close(force=True)


def start(terminals: list[Terminal], home: Path, **env: str) -> Terminal:
    """Moot in a terminal with all colours, its first screen drawn."""
    terminals.append(Terminal(home, COLORTERM="truecolor", **env))
    terminals[-1].sees("Ctrl+Q quit")
    return terminals[-1]


def drawn_on(terminal: Terminal, colour: str) -> None:
    """Wait until what is behind the top line is this colour: a frame may come in parts."""
    deadline = time.monotonic() + PATIENCE_S
    while (found := terminal._screen.buffer[0][1].bg) != colour:
        assert time.monotonic() < deadline, f"on {found}:\n{terminal.text}"
        with suppress(pexpect.TIMEOUT):
            terminal._stream.feed(terminal.process.read_nonblocking(65_536, timeout=0.2))


def test_a_light_terminal_is_followed_and_no_key_beside_its_answer_is_lost(
    terminals: list[Terminal], tmp_path: Path
) -> None:
    terminal = start(terminals, tmp_path)
    drawn_on(terminal, NIGHT)
    terminal.types(f"j{LIGHT[:9]}")
    terminal.types(f"{LIGHT[9:]}\r")
    terminal.sees("I have an invite", instead_of="Found a community")
    drawn_on(terminal, PAPER)


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "linux")])
def test_a_terminal_that_cannot_or_need_not_answer_is_not_asked(
    terminals: list[Terminal], tmp_path: Path, name: str, value: str
) -> None:
    terminal = Terminal(tmp_path, **{name: value})
    terminals.append(terminal)
    terminal.process.logfile_read = drawn = StringIO()
    terminal.sees("Found a community")
    assert "\x1b]11;?" not in drawn.getvalue()


def test_what_config_toml_says_is_drawn_from_the_first_picture_on(
    terminals: list[Terminal], tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text('[looks]\ntheme = "light"\nsigns = "plain"')
    terminal = start(terminals, tmp_path)
    drawn_on(terminal, PAPER)
    assert "> Found a community" in terminal.text
