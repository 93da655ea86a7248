"""What a terminal sends, on Linux and macOS, taken so that nothing in it can harm.

Textual's own driver decodes strictly, in the thread that reads: one byte that is not UTF-8 ends the
application with a stack trace, and everybody's clipboard holds such bytes now and then. Here it
becomes the replacement sign. Textual also looks for keys inside a bracketed paste: a paste that holds
escape sequences comes out in another order, partly as keys that were never pressed. Here everything
between the paste's beginning and its end is one event, with its control characters as they came;
whoever takes it in makes them visible (`text.shown`). What the terminal answers when it is asked for
its colours is no key either (background.py).
"""

from __future__ import annotations

import logging
import os
import selectors
import sys
import termios
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, TextIO, cast

from textual import events
from textual._parser import ParseError
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from typing_extensions import override

from moot_client.tui.terminal.background import ASK, Answers, can_be_asked

_AT_ONCE = 4096
_LOOK_S = 0.1
FALLBACK = 80, 24
_LOG = logging.getLogger("moot.tui")


class WholePastes(XTermParser):
    """Textual's parser, which never sees what is inside a paste."""

    def __init__(self, debug: bool = False) -> None:
        self._pasted: list[str] | None = None  # what has come of a paste that is under way
        self._tail = ""  # the last characters, which may be half of a mark
        self.answers = Answers()
        super().__init__(debug)

    @override
    def feed(self, data: str) -> Iterable[Message]:
        if not data:
            yield from super().feed(data)
        while data:
            seen = self._tail + data
            if self._pasted is None:
                cut = _after(seen, BRACKETED_PASTE_START) - len(self._tail)
                if cut <= 0:
                    self._tail = _last(seen)
                    yield from self._typed(data)
                    return
                self._pasted, self._tail = [], ""
                yield from self._typed(data[:cut])
                data = data[cut:]
            else:
                cut = _after(seen, BRACKETED_PASTE_END)
                if not cut:
                    self._tail = _last(seen)
                    self._pasted.append(seen[: len(seen) - len(self._tail)])
                    return
                pasted = "".join([*self._pasted, seen[: cut - len(BRACKETED_PASTE_END)]])
                self._pasted, self._tail = None, ""
                yield events.Paste(pasted.replace("\x00", ""))
                # Textual's own paste ends as well; it is empty.
                yield from (
                    found
                    for found in super().feed(BRACKETED_PASTE_END)
                    if not isinstance(found, events.Paste)
                )
                data = seen[cut:]

    def _typed(self, data: str) -> Iterator[Message]:
        """What came outside of a paste: keys, and what the terminal answers."""
        keys, answers = self.answers.part(data)
        yield from answers
        yield from self._keys(keys)

    def _keys(self, data: str) -> Iterator[Message]:
        if data:
            yield from super().feed(data)

    @override
    def tick(self) -> Iterator[Message]:
        yield from self._keys(self.answers.late())
        waited = self._timeout_time is not None
        yield from super().tick()
        if waited and self._timeout_time is None:  # it was the Escape key, and not half of a mark
            self._tail = ""


class MootDriver(LinuxDriver):
    """Textual's driver with a reading thread that no byte can end.

    A fault over some bytes costs these bytes. A terminal that is gone ends Moot as a closed window does;
    any other fault ends it as one of the application does: never with a stack trace on the terminal.
    """

    _asks = False  # the terminal has just been asked something

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._file = cast(Any, _MayBeGone(cast(TextIO, self._file)))

    @override
    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except OSError:
            self._app.call_later(self._gone)
        except Exception as error:  # noqa: BLE001  a thread's edge: nobody sees a stack trace
            self._app.call_later(self._app._handle_exception, error)

    def _gone(self) -> None:
        end = getattr(self._app, "told_to_end", None) or self._app.exit
        end()

    @override
    def _sigcont_application(self, *signal: object) -> None:
        """Whose terminal hangs up is told to go on as well: there is nothing to begin again with."""
        try:
            termios.tcgetattr(self.fileno)
        except termios.error:
            return
        super()._sigcont_application(*signal)

    @override
    def _get_terminal_size(self) -> tuple[int, int]:
        return terminal_size(os.environ)

    @override
    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self.input_tty and can_be_asked(os.environ) and getattr(self._app, "asks_background", False):
            self.ask_background()

    def ask_background(self) -> None:
        """Ask the terminal what it draws on; nothing waits for the answer."""
        self._asks = True
        self.write(ASK)
        self.flush()

    @override
    def run_input_thread(self) -> None:
        selector = selectors.SelectSelector()
        selector.register(self.fileno, selectors.EVENT_READ)
        parser = WholePastes(self._debug)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        try:
            while not self.exit_event.is_set():
                came = ""
                for _ in selector.select(_LOOK_S):
                    read = os.read(self.fileno, _AT_ONCE)
                    if not read:
                        raise EndOfTerminal
                    came = decode(read)
                if self._asks:
                    self._asks = False
                    parser.answers.asked()
                try:
                    self._take(parser, came)
                except Exception:  # noqa: BLE001  a defect of a parser, over whatever was typed or echoed
                    _LOG.exception("what came from the terminal could not be read")
                    parser = WholePastes(self._debug)
        finally:
            selector.close()
            try:
                for _ in parser.feed(""):
                    pass
            except (EOFError, ParseError):
                pass

    def _take(self, parser: WholePastes, came: str) -> None:
        for event in parser.feed(came) if came else ():
            self.process_message(event)
        for event in parser.tick():
            self.process_message(event)


class _MayBeGone:
    """The terminal to write to. Where it is gone, what is written goes nowhere.

    Textual's thread that writes would end with the first fault, and whoever draws would wait for it for
    ever, with the community locked for everybody else.
    """

    def __init__(self, file: TextIO) -> None:
        self._terminal = file

    def write(self, words: str) -> int:
        """Write, or do without."""
        with suppress(OSError, ValueError):
            self._terminal.write(words)
        return len(words)

    def flush(self) -> None:
        """Flush, or do without."""
        with suppress(OSError, ValueError):
            self._terminal.flush()

    def fileno(self) -> int:
        """The terminal's own."""
        return self._terminal.fileno()

    def isatty(self) -> bool:
        """Whether it is one."""
        return self._terminal.isatty()


class EndOfTerminal(OSError):
    """There is nobody at the other end any more."""


def terminal_size(env: Mapping[str, str]) -> tuple[int, int]:
    """Columns and lines: what COLUMNS and LINES say, else the terminal, else 80 and 24.

    As `shutil` finds it; that would load all kinds of archives for it before anything is seen.
    """
    said = [int(words) if (words := env.get(name, "")).isdecimal() else 0 for name in ("COLUMNS", "LINES")]
    found: tuple[int, int] = (0, 0)
    if not all(said) and sys.__stdout__ is not None:
        with suppress(OSError, ValueError):
            found = os.get_terminal_size(sys.__stdout__.fileno())
    columns, lines = (a or b or c for a, b, c in zip(said, found, FALLBACK, strict=True))
    return columns, lines


def _after(words: str, mark: str) -> int:
    """Where a mark ends; 0 where there is none."""
    at = words.find(mark)
    return at + len(mark) if at >= 0 else 0


def _last(words: str) -> str:
    return words[1 - len(BRACKETED_PASTE_START) :]
