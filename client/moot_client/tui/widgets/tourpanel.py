"""The lines in which the tour speaks, above the bottom ones."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget
from typing_extensions import override

from moot_client.tui.commands.registry import key_of
from moot_client.tui.looks.ink import ACCENT, DIM, joined, wrapped, write
from moot_client.tui.looks.signs import Signs


class TourPanel(Widget):
    """What to try now, and how to go on or be left alone."""

    DEFAULT_CSS = """
    TourPanel { height: auto; max-height: 5; padding: 0 2; background: $boost; }
    .-pointed { background: $primary-muted; }
    """

    def __init__(self, signs: Signs) -> None:
        super().__init__()
        self._signs = signs
        self._words, self._ways = "", ""
        self._back = False

    def tell(self, words: str, doing: bool, *, last: bool) -> None:
        """Show a step; with `doing`, it goes on when it has been done."""
        ways = [] if doing else [f"{key_of('tour_next')} {'closes' if last else 'goes on'}"]
        ways += [] if last else [f"{key_of('tour_end')} ends the tour"]
        between = f" {self._signs.between} "
        self._words, self._ways = words, between.join(ways)
        self.refresh(layout=True)

    def stand_back(self, back: bool) -> None:
        """While something is typed in a bar, Enter and Esc are not the tour's: do not say so."""
        if back is not self._back:
            self._back = back
            self.refresh(layout=True)

    @override
    def render(self) -> Content:
        sign = f"{self._signs.arrow} "
        rows = wrapped(write(self._words), self.app.size.width - 4 - len(sign))
        rows += [] if self._back else [write((self._ways, DIM))]
        first, *more = rows
        return joined([write((sign, ACCENT)) + first, *(write(" " * len(sign)) + row for row in more)], "\n")
