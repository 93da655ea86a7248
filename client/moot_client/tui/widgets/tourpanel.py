"""The lines in which the tour speaks, above the bottom ones."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget
from typing_extensions import override

from moot_client.tui.commands import key
from moot_client.tui.ink import ACCENT, DIM, write
from moot_client.tui.signs import Signs


class TourPanel(Widget):
    """What to try now, and how to go on or be left alone."""

    DEFAULT_CSS = """
    TourPanel { height: auto; max-height: 5; padding: 0 2; background: $boost; }
    .-pointed { background: $primary-muted; }
    """

    def __init__(self, signs: Signs) -> None:
        super().__init__()
        self._signs = signs
        self._words = Content("")

    def tell(self, words: str, doing: bool, *, last: bool) -> None:
        """Show a step; with `doing`, it goes on when it has been done."""
        ways = [] if doing else [f"{key('tour_next')} {'closes' if last else 'goes on'}"]
        ways += [] if last else [f"{key('tour_end')} ends the tour"]
        between = f" {self._signs.between} "
        self._words = write((f"{self._signs.arrow} ", ACCENT), words, "\n  ", (between.join(ways), DIM))
        self.refresh(layout=True)

    @override
    def render(self) -> Content:
        return self._words
