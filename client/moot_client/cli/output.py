"""Lines, tables and JSON: whatever people wrote is made safe here before it reaches a terminal.

A terminal gets columns of its width, with heads, and words around them. A pipe gets records alone: one a
line, its cells whole, a tab between them, no heads; and nothing on stdout that is no record.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

from moot_shared.errors import MootError
from moot_shared.outlet import Outlet
from moot_shared.text import shown, shown_line

INDENT = "  "
FURTHER = "    "  # before what goes on from the row above
LEAST_TITLE = 24  # cells of a row's free text, before what is remarkable about it gives way
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


def aside(text: str = "") -> None:
    """Words around a list: for who looks at a terminal; a pipe gets records alone."""
    if sys.stdout.isatty():
        line(text)
    elif text and sys.stderr.isatty():
        note(text)


def whole(text: str) -> None:
    """One line to copy, which must stay one however long it is."""
    print(shown_line(text))


def _rows(text: str, stream: TextIO, further: str = FURTHER) -> Iterator[str]:
    """A line as a terminal has room for it. A pipe gets it whole.

    Where the terminal broke it, what somebody wrote could begin a row and look like a line of ours.
    """
    room = _columns() if stream.isatty() else 0
    if not room:
        yield text
        return
    from moot_client.drawing.cells import fits

    while room > len(further) + LEAST_TEXT and (end := fits(text, room)) < len(text):
        space = text.rfind(" ", len(further) + 1, end + 1)
        end = space if space > 0 and text[:space].strip() else end
        yield text[:end].rstrip()
        text = further + text[end:].lstrip()
    yield text


def sentence(error: MootError) -> str:
    """What an error says, where nothing stays open that would try again."""
    return str(error).replace("Moot tries again by itself.", "Run it again later.")


def program(text: str) -> None:
    """A text of our own, over several lines, exactly as it is."""
    print(text, end="")


def json_value(value: Any) -> None:
    """One JSON value on stdout, ASCII only. A list has an entry a line, so that it reads line by line too."""
    if isinstance(value, list) and value:
        encode = json.JSONEncoder(default=_plain).encode
        print("[", ",\n".join(map(encode, value)), "]", sep="\n")
    else:
        print(json.dumps(value, indent=2, default=_plain))


def json_trouble(text: str, word: str, code: int, example: str = "") -> None:
    """What went wrong, as one JSON object on one line of stderr; with a line that would work, if any."""
    more = {"example": example} if example else {}
    print(json.dumps({"error": shown_line(text), "reason": word, "code": code, **more}), file=sys.stderr)


def _plain(value: object) -> str:
    from moot_shared.kinds import ProseText

    if isinstance(value, ProseText):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _columns() -> int:
    import shutil

    return shutil.get_terminal_size().columns


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    right: Sequence[str] = (),
    marks: Sequence[str] = (),
) -> None:
    """Records, the free text last, and after it what is remarkable (`marks`, a cell a row).

    A terminal gets aligned columns under heads, cut in the free text; a pipe all of it, between tabs.
    """
    if not sys.stdout.isatty():
        for row in zip(rows, marks, strict=True) if marks else ((row, None) for row in rows):
            record(row[0] if row[1] is None else (*row[0], row[1]))
        return
    cells = [[shown_line(cell) for cell in row] for row in rows]
    _aligned(heads, cells, right, [shown_line(mark) for mark in marks] or [""] * len(cells))


def record(cells: Sequence[str]) -> None:
    """One record in a pipe."""
    if isinstance(sys.stdout, Outlet):
        sys.stdout.record(cells)
    else:
        print(*map(shown_line, cells), sep="\t")


def _aligned(
    heads: Sequence[str], cells: list[list[str]], right: Sequence[str], remarks: Sequence[str]
) -> None:
    from moot_client.drawing.cells import cut, width

    lines = [list(heads), *cells]
    room = _columns()
    widths = [max(width(row[column]) for row in lines) for column in range(len(heads) - 1)]
    widths = _narrowed(widths, room - LEAST_TITLE)
    for row, remark in zip(lines, ["", *remarks], strict=True):
        shown = [cut(cell, wide) for cell, wide in zip(row, widths, strict=False)]
        padded = [_pad(c, w, to_right=h in right) for c, w, h in zip(shown, widths, heads, strict=False)]
        start = "  ".join([*padded, ""])
        beside = room - width(start) - min(width(row[-1]), LEAST_TITLE) - len("   ()")
        end = f"   ({cut(remark, max(beside, LEAST_TEXT))})" if remark else ""
        print((start + cut(row[-1], max(room - width(start + end), LEAST_TEXT)) + end).rstrip())


def _narrowed(widths: list[int], room: int) -> list[int]:
    """Columns that fit, with the gaps between them: the widest give way, such as a very long name."""
    found = list(widths)
    while sum(found) + 2 * len(found) > room and max(found, default=0) > LEAST_TEXT:
        found[found.index(max(found))] -= 1
    return found


def _pad(cell: str, wide: int, *, to_right: bool) -> str:
    from moot_client.drawing.cells import width

    space = " " * (wide - width(cell))
    return space + cell if to_right else cell + space
