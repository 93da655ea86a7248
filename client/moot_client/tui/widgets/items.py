"""One line of a list, before it is drawn."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content

from moot_client.tui.looks.ink import DIM, fit, write
from moot_client.tui.looks.signs import Signs
from moot_shared.frozen import frozen

Draw = Callable[[int, Signs], Content]


@frozen
class Item:
    """A line: drawn only when it is seen, for the width that there is.

    `id` tells lines apart; `target` is what Enter opens; `words` are what the filter reads, casefolded;
    `touched` grows when somebody changed what the line shows. A heading cannot be selected.
    """

    id: str
    draw: Draw
    target: str = ""
    words: str = ""
    touched: int = 0
    heading: bool = False


def heading(words: str) -> Item:
    """A line that says what the lines under it are."""

    def draw(width: int, signs: Signs) -> Content:
        return fit(write((words, DIM)), width, signs.more)

    return Item(id=f"heading {words}", draw=draw, heading=True)


def blank(before: str) -> Item:
    """An empty line, named by what comes after it."""
    return Item(id=f"blank {before}", draw=lambda width, signs: Content(" " * width), heading=True)
