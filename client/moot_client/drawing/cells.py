"""How many cells words need, and a canvas of cells on which words and signs have a role."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import groupby

PLAIN, DIM, ACCENT, CARE, HERE = "", "dim", "accent", "care", "here"
Part = tuple[str, str]
"""Some of a line, and its role."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The signs of a picture, and what stands for them where a terminal has letters alone."""

    dot: str = "●"
    mine: str = "◉"
    care: str = "!"
    up: str = "│"
    across: str = "─"
    corner: str = "└"
    more: str = "…"
    bars: str = "▁▂▃▄▅▆▇█"


FULL = Marks()
LETTERS = Marks(dot="*", mine="@", up="|", across="-", corner="+", more="...", bars=".:#")


def width(text: str) -> int:
    """How many cells a terminal needs for a line."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fits(text: str, cells: int) -> int:
    """How many characters of a line fit into so many cells."""
    used = 0
    for at, character in enumerate(text):
        used += _cells(character)
        if used > cells:
            return at
    return len(text)


def cut(text: str, cells: int, more: str = "…") -> str:
    """A line that needs at most so many cells; an ellipsis stands for the rest."""
    if width(text) <= cells:
        return text
    return text[: fits(text, max(cells - len(more), 0))].rstrip() + more[: max(cells, 0)]


class Canvas:
    """Cells, each with a sign and a role; what would stand outside is left out."""

    def __init__(self, wide: int, high: int) -> None:
        self.wide, self.high = wide, high
        self._cells = [[(" ", PLAIN)] * wide for _ in range(high)]
        self._taken: set[tuple[int, int]] = set()

    def put(self, x: int, y: int, text: str, role: str = PLAIN) -> None:
        """Words from a cell on, to the right."""
        if not 0 <= y < self.high:
            return
        for character in text:
            cells = _cells(character)
            if cells == 0:
                if 0 < x <= self.wide and self._cells[y][x - 1][0]:
                    before, had = self._cells[y][x - 1]
                    self._cells[y][x - 1] = before + character, had
                continue
            if x >= 0 and x + cells <= self.wide:
                self._cells[y][x] = character, role
                for rest in range(1, cells):
                    self._cells[y][x + rest] = "", role
            x += cells

    def take(self, x: int, y: int, cells: int) -> None:
        """Keep some cells free of labels."""
        self._taken.update((x + n, y) for n in range(cells))

    def room(self, x: int, y: int, step: int) -> int:
        """How many cells are free from here on, to the right (`step` 1) or to the left (-1)."""
        free = 0
        while 0 <= x < self.wide and 0 <= y < self.high and (x, y) not in self._taken:
            free, x = free + 1, x + step
        return free

    def lines(self) -> list[list[Part]]:
        """Each line as parts of one role."""
        return [[("".join(sign for sign, _ in run), role) for role, run in _runs(row)] for row in self._cells]


def _runs(row: list[Part]) -> list[tuple[str, list[Part]]]:
    return [(role, list(run)) for role, run in groupby(row, key=lambda cell: cell[1])]


def as_text(lines: list[list[Part]]) -> list[str]:
    """Lines without their roles."""
    return ["".join(text for text, _ in parts).rstrip() for parts in lines]
