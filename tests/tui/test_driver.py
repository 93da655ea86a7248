"""What a terminal may send: any bytes, and pastes with anything in them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pexpect
import pytest

from moot_client.home import Home
from tests.tui.stage import app_on

if sys.platform == "win32":
    pytest.skip("no such terminals here", allow_module_level=True)

from textual.events import Key, Paste
from textual.message import Message

from moot_client.tui.driver import MootDriver, WholePastes

ROOT = Path(__file__).parents[2]
SOURCES = os.pathsep.join(str(ROOT / folder) for folder in ("client", "server", "shared"))
START, END = "\x1b[200~", "\x1b[201~"
INSIDE = "one \x1b[31mtwo\x1b[0m\tthree\r\n\x1b[A\x1b[200~ four\x1b"


def read(events: list[Message]) -> list[str]:
    """The events in short."""
    return [
        event.text if isinstance(event, Paste) else f"<{event.key}>" if isinstance(event, Key) else "?"
        for event in events
    ]


@pytest.mark.parametrize("size", [1, 2, 5, 7, 1000])
def test_a_paste_is_one_event_whatever_is_in_it_and_however_it_arrives(size: int) -> None:
    parser = WholePastes()
    sent = f"a{START}{INSIDE}{END}b\x1b[A{START}{END}{START}\x1b[C{END}c"
    found: list[Message] = []
    for at in range(0, len(sent), size):
        found.extend(parser.feed(sent[at : at + size]))
    assert read(found) == ["<a>", INSIDE, "<b>", "<up>", "", "\x1b[C", "<c>"]


def test_the_escape_key_is_not_half_of_a_paste() -> None:
    parser = WholePastes()
    found = list(parser.feed("\x1b"))
    parser._timeout_time = 0.0
    found += parser.tick()
    found += parser.feed("[200~x")
    assert read(found)[0] == "<escape>"
    assert read(found)[-1] == "<x>"


def test_moot_reads_its_terminal_by_its_own_driver(tmp_path: Path) -> None:
    assert app_on(Home(tmp_path)).driver_class is MootDriver


@pytest.mark.slow
def test_bytes_that_are_no_text_end_nothing(tmp_path: Path) -> None:
    settings = {k: v for k, v in os.environ.items() if not k.startswith(("MOOT", "TEXTUAL", "NO_COLOR"))}
    settings |= {"PYTHONPATH": SOURCES, "MOOT_HOME": str(tmp_path), "TERM": "xterm-256color"}
    settings |= {"LANG": "C.UTF-8", "PYTHONUTF8": "1"}
    moot = pexpect.spawn(sys.executable, ["-m", "moot_shared"], env=settings, dimensions=(24, 80), timeout=20)
    try:
        moot.expect(b"Found a community")
        moot.send(b"\r")
        moot.expect(b"its members will call it")
        moot.send(b"\x9b\xe9")
        moot.expect("�".encode())
        moot.send(b"\x1b[200~North \xe9t\xe9 \x1b[31mred\x1b[0m\tend\x1b[201~\xff")
        moot.expect("North �t� ".encode())
        moot.expect(b"end")
        moot.send(b"\x11")
        rest = moot.read()
        moot.wait()
    finally:
        moot.close(force=True)
    assert moot.exitstatus == 0
    assert b"Traceback" not in rest
