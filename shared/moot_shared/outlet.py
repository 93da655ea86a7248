"""The last gate: whatever a process prints passes it, whoever printed it.

Each place that shows words makes them safe for its own purpose (one line, a table's cell). Here is
what none of them can forget, and what no place of ours writes: a usage line of argparse that repeats
an argument, a warning, a log line of a library, a stack trace with somebody's words in it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from moot_shared.text import shown, shown_line


class Outlet:
    """A text stream on which nothing steers a terminal; in all else it is the stream behind it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, with every control character but line ends made visible."""
        self._stream.write(shown(text))
        return len(text)

    def record(self, cells: Iterable[str]) -> None:
        """One line for a program: cells with a tab between them, and no tab or line end in any of them."""
        self._stream.write("\t".join(map(shown_line, cells)) + "\n")

    def writelines(self, lines: Iterable[str]) -> None:
        """Write one after the other."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def outlets() -> Iterator[None]:
    """Standard output and standard error behind the gate, for as long as a program runs.

    What the terminal's encoding lacks is written as an escape in plain letters and raises nothing.
    Where an exception ends the program the gate stays: what Python says of it goes through as well.
    """
    before = sys.stdout, sys.stderr
    for stream in before:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.stdout, sys.stderr = _gated(before[0]), _gated(before[1])
    yield
    sys.stdout, sys.stderr = before


def _gated(stream: TextIO | None) -> TextIO:
    """The stream behind the gate. (There is none where a program was started without.)"""
    if stream is None or isinstance(stream, Outlet):
        return cast(TextIO, stream)
    return cast(TextIO, Outlet(stream))
