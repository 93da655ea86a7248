"""Lines, tables and JSON: whatever people wrote is made safe here before it reaches a terminal."""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from moot_shared.errors import MootError
from moot_shared.kinds import ProseText
from moot_shared.text import shown, shown_line

INDENT = "  "
LEAST_TEXT = 12  # cells: below that, a line rather wraps than says nothing


def line(text: str = "") -> None:
    """One line on stdout."""
    print(shown_line(text))


def prose(text: str) -> None:
    """What somebody wrote, over several lines, set in a little."""
    for part in shown(text).split("\n"):
        print(f"{INDENT}{part}".rstrip())


def note(text: str) -> None:
    """A sentence for the person, beside what a program reads: on stderr."""
    print(shown_line(text), file=sys.stderr)


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
    return sum(
        0 if unicodedata.combining(c) or unicodedata.category(c) == "Cf"
        else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )  # fmt: skip


def cut(text: str, cells: int) -> str:
    """A line that needs at most so many cells; an ellipsis stands for the rest."""
    if width(text) <= cells:
        return text
    while text and width(text) >= cells:
        text = text[:-1]
    return text.rstrip() + "…"


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
