"""What a terminal may send: any bytes, and pastes with anything in them."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pexpect
import pytest

from moot_client.home import Home
from moot_client.tui.app import MootApp
from tests.helpers.patience import PATIENCE_S
from tests.tui.stage import Sample, app_on, opened, replica_of, settled

if sys.platform == "win32":
    pytest.skip("no such terminals here", allow_module_level=True)

from textual.events import Key, Paste
from textual.message import Message

from moot_client.tui.terminal.background import TerminalBackground
from moot_client.tui.terminal.driver import MootDriver, WholePastes, terminal_size
from moot_client.tui.web.driver import MootWebDriver

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


def waited(parser: WholePastes) -> list[Message]:
    """What comes when nothing more is typed for a while."""
    if parser._timeout_time is not None:
        parser._timeout_time = 0.0
    return list(parser.tick())


def sorted_out(parts: list[str], *, asked: bool = True) -> tuple[list[str], list[bool]]:
    """What is read as keys, and what the terminal answered (dark), when this comes in these parts."""
    parser = WholePastes()
    if asked:
        parser.answers.asked()
    found = [event for part in parts for event in (*parser.feed(part), *parser.tick())]
    parser.answers._since = 0.0
    found += [*waited(parser), *waited(parser)]
    answers = [event.dark for event in found if isinstance(event, TerminalBackground)]
    return read([event for event in found if not isinstance(event, TerminalBackground)]), answers


ANSWERS = {
    "\x1b]11;rgb:1e1e/1e1e/2e2e\x07": True,
    "\x1b]11;rgb:ffff/ffff/dddd\x1b\\": False,
    "\x1b]11;rgb:fa/f8/f3\x07": False,
    "\x1b]11;rgba:0000/0000/0000/ffff\x1b\\": True,
    "\x1b]11;#202020\x07": True,
}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("answer", ANSWERS)
def test_what_the_terminal_answers_is_no_key_and_no_key_beside_it_is_lost(answer: str, size: int) -> None:
    sent = f"ab{answer}c\x1b[A{START}{INSIDE}{END}d"
    parts = [sent[at : at + size] for at in range(0, len(sent), size)]
    assert sorted_out(parts) == (["<a>", "<b>", "<c>", "<up>", INSIDE, "<d>"], [ANSWERS[answer]])


def test_an_answer_inside_a_paste_is_words() -> None:
    answer = next(iter(ANSWERS))
    assert sorted_out([f"{START}{answer}{END}"]) == ([answer], [])


@pytest.mark.parametrize("asked", [True, False])
def test_escape_stays_escape_while_an_answer_is_awaited(asked: bool) -> None:
    assert sorted_out(["a", "\x1b"], asked=asked) == (["<a>", "<escape>"], [])
    assert sorted_out(["\x1b", "[A"], asked=asked) == (["<up>"], [])


def test_an_answer_that_nobody_awaits_any_more_is_no_key_either() -> None:
    assert sorted_out(["a", *ANSWERS, "b"], asked=False) == (["<a>", "<b>"], list(ANSWERS.values()))


def test_what_only_looks_like_an_answer_is_typed() -> None:
    keys, answers = sorted_out(["\x1b]11;hello"])
    assert answers == []
    assert [key for key in keys if len(key) == 3][-5:] == ["<h>", "<e>", "<l>", "<l>", "<o>"]


Reading = Callable[[], None]
"""What the thread of a driver does that reads."""


def a_terminal_that_goes_away(app: MootApp, words: str) -> Reading:
    """It hands over some words, and then there is nobody any more."""
    with mock.patch("signal.signal"):  # those of the tests stay as they are
        driver = MootDriver(app)
    driver.fileno, into = os.pipe()
    os.write(into, words.encode())
    os.close(into)
    return driver._run_input_thread


def a_page_that_is_closed(app: MootApp, words: str) -> Reading:
    """The same in a browser."""
    packets = ((b"D", words.encode()), (b"M", b'{"type": "quit"}'))
    said = [kind + len(told).to_bytes(4, "big") + told for kind, told in packets]
    with mock.patch("textual.drivers.web_driver.InputReader", return_value=said):
        driver = MootWebDriver(app)
    return driver.run_input_thread


@pytest.mark.parametrize("ending", [a_terminal_that_goes_away, a_page_that_is_closed])
async def test_what_was_typed_last_is_kept_though_the_end_comes_right_behind_it(
    sample: Sample, ending: Callable[[MootApp, str], Reading]
) -> None:
    """Both come while the application is busy with something else, and it looks at the end first."""
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n")
        await settled(pilot)
        reading = threading.Thread(target=ending(app, "Half a thought"))
        app.call_later(asyncio.sleep, 0)  # which is over when the end has come, and the keys have not
        reading.start()
        reading.join()
        while app.is_running:  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0)
    again = sample.app("agenda")
    async with opened(again):
        assert replica_of(again).draft("new issue", "")["title"] == "Half a thought"


@pytest.mark.slow
def test_bytes_that_are_no_text_end_nothing(tmp_path: Path) -> None:
    settings = {k: v for k, v in os.environ.items() if not k.startswith(("MOOT", "TEXTUAL", "NO_COLOR"))}
    settings |= {"PYTHONPATH": SOURCES, "MOOT_HOME": str(tmp_path), "TERM": "xterm-256color"}
    settings |= {"LANG": "C.UTF-8", "PYTHONUTF8": "1"}
    moot = pexpect.spawn(
        sys.executable, ["-m", "moot_shared"], env=settings, dimensions=(24, 80), timeout=PATIENCE_S
    )
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


@pytest.mark.parametrize(
    "env", [{}, {"COLUMNS": "132"}, {"COLUMNS": "132", "LINES": "50"}, {"COLUMNS": "wide", "LINES": "-3"}]
)
def test_a_terminal_is_as_large_as_python_finds_it(
    env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    for name, words in env.items():
        monkeypatch.setenv(name, words)
    assert terminal_size(env) == shutil.get_terminal_size()
    monkeypatch.setattr(sys, "__stdout__", None)
    assert terminal_size(env) == shutil.get_terminal_size()
