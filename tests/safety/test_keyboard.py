"""Whatever a terminal sends, the thread that reads it neither ends nor shows a stack trace."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest

if sys.platform == "win32":
    pytest.skip("no such terminals here", allow_module_level=True)

from textual.events import Key
from textual.message import Message

from moot_client.tui.terminal.driver import MootDriver, WholePastes
from tests.helpers.hostile import CATALOGUE

END = "\x04"


class Application:
    """What the driver knows of an application: it is told things, and they are remembered."""

    def __init__(self) -> None:
        self.ended = False
        self.faults: list[Exception] = []

    def call_later(self, callback: Callable[..., object], *arguments: object) -> None:
        callback(*arguments)

    def told_to_end(self) -> None:
        self.ended = True

    def _handle_exception(self, error: Exception) -> None:
        self.faults.append(error)


class Driver(MootDriver):
    """The driver on a pipe, without a terminal."""

    def __init__(self, fileno: int) -> None:
        self.fileno = fileno
        self.exit_event = threading.Event()
        self.keys: list[str] = []
        self.trouble: Exception | None = None
        self.application = Application()
        self._app = cast(Any, self.application)
        self._debug = False

    def process_message(self, message: Message) -> None:
        if isinstance(message, Key) and message.character == END:
            self.exit_event.set()
        if self.trouble is not None:
            raise self.trouble
        if isinstance(message, Key):
            self.keys.append(message.character or message.key)


@pytest.fixture
def pipe() -> Iterator[tuple[Driver, int]]:
    read, write = os.pipe()
    yield Driver(read), write
    os.close(read)


def test_bytes_that_break_the_reading_cost_no_more_than_themselves(
    pipe: tuple[Driver, int], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    driver, write = pipe
    feed = WholePastes.feed

    def breaking(parser: WholePastes, data: str) -> Any:
        if "!" in data:
            driver.exit_event.set()  # after this one
            raise ValueError(CATALOGUE["the window's title"])
        return feed(parser, data)

    monkeypatch.setattr(WholePastes, "feed", breaking)
    os.write(write, b"a!")
    driver._run_input_thread()
    driver.exit_event.clear()
    os.write(write, b"b" + END.encode())
    driver._run_input_thread()
    os.close(write)
    assert driver.keys == ["b", END]
    assert not driver.application.ended
    assert not driver.application.faults


def test_a_terminal_that_is_gone_ends_moot_as_a_closed_window_does(pipe: tuple[Driver, int]) -> None:
    driver, write = pipe
    os.write(write, b"a")
    os.close(write)
    driver._run_input_thread()
    assert driver.keys == ["a"]
    assert driver.application.ended
    assert not driver.application.faults


def test_a_fault_of_the_thread_itself_is_the_applications(
    pipe: tuple[Driver, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    driver, write = pipe
    os.close(write)

    def broken() -> None:
        raise ZeroDivisionError("x")

    monkeypatch.setattr(driver, "run_input_thread", broken)
    driver._run_input_thread()
    assert [type(error) for error in driver.application.faults] == [ZeroDivisionError]


@pytest.mark.parametrize("name", CATALOGUE)
def test_anything_that_a_terminal_could_echo_is_read_to_its_end(pipe: tuple[Driver, int], name: str) -> None:
    driver, write = pipe
    os.write(write, CATALOGUE[name].encode(errors="replace") + b"\x1b\\\x07" + END.encode() * 3)
    watch = threading.Timer(5.0, driver.exit_event.set)
    watch.start()
    driver._run_input_thread()
    watch.cancel()
    os.close(write)
    assert END in driver.keys
    assert not driver.application.faults
