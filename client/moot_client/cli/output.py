"""Lines, tables and JSON: whatever people wrote is made safe here before it reaches a terminal."""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

from moot_shared.errors import MootError
from moot_shared.kinds import ProseText
from moot_shared.text import shown, shown_line

INDENT = "  "
FURTHER = "    "  # before what goes on from the row above
LEAST_TEXT = 12  # cells: below that, a line rather wraps than says nothing


def line(text: str = "") -> None:
    """One line on stdout; on a terminal, one that is too long goes on below, set in."""
    for part in _rows(shown_line(text), sys.stdout):
        print(part)


def prose(text: str) -> None:
    """What somebody wrote, over several lines, set in a little."""
    for written in shown(text).split("\n"):
        for part in _rows(f"{INDENT}{written}".rstrip(), sys.stdout, INDENT):
            print(part)


def note(text: str) -> None:
    """A sentence for the person, beside what a program reads: on stderr."""
    for part in _rows(shown_line(text), sys.stderr):
        print(part, file=sys.stderr)


def whole(text: str) -> None:
    """One line to copy, which must stay one however long it is."""
    print(shown_line(text))


def _rows(text: str, stream: TextIO, further: str = FURTHER) -> Iterator[str]:
    """A line as a terminal has room for it. A pipe gets it whole.

    Where the terminal broke it, what somebody wrote could begin a row and look like a line of ours.
    """
    room = shutil.get_terminal_size().columns if stream.isatty() else 0
    while room > len(further) + LEAST_TEXT and (end := _fits(text, room)) < len(text):
        space = text.rfind(" ", len(further) + 1, end + 1)
        end = space if space > 0 and text[:space].strip() else end
        yield text[:end].rstrip()
        text = further + text[end:].lstrip()
    yield text


def sentence(error: MootError) -> str:
    """What an error says, where nothing stays open that would try again."""
    return str(error).replace("Moot tries again by itself.", "Run it again later.")


def json_value(value: Any) -> None:
    """One JSON value on stdout, ASCII only."""
    print(json.dumps(value, indent=2, default=_plain))


def _plain(value: object) -> str:
    if isinstance(value, ProseText):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def width(text: str) -> int:
    """How many cells a terminal needs for a line."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _fits(text: str, cells: int) -> int:
    """How many characters of a line fit into so many cells."""
    used = 0
    for at, character in enumerate(text):
        used += _cells(character)
        if used > cells:
            return at
    return len(text)


def cut(text: str, cells: int) -> str:
    """A line that needs at most so many cells; an ellipsis stands for the rest."""
    if width(text) <= cells:
        return text
    return text[: _fits(text, cells - 1)].rstrip() + "…"


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    right: Sequence[str] = (),
    marks: Sequence[str] = (),
) -> None:
    """Aligned columns, the free text last, and after it what is remarkable (`marks`, a cell a row).

    A terminal gets lines of its width, cut in the free text; a pipe gets all of it.
    """
    lines = [list(heads), *([shown_line(cell) for cell in row] for row in rows)]
    ends = ["", *(f"   ({shown_line(mark)})" if mark else "" for mark in marks or [""] * len(lines))]
    widths = [max(width(row[column]) for row in lines) for column in range(len(heads) - 1)]
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for row, end in zip(lines, ends, strict=False):
        cells = [_pad(c, w, to_right=h in right) for c, w, h in zip(row, widths, heads, strict=False)]
        start = "  ".join([*cells, ""])
        text = cut(row[-1], max(room - width(start + end), LEAST_TEXT)) if room else row[-1]
        print((start + text + end).rstrip())


def _pad(cell: str, wide: int, *, to_right: bool) -> str:
    space = " " * (wide - width(cell))
    return space + cell if to_right else cell + space
