"""The one line on top: the community and its places, or where one is inside them."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget
from typing_extensions import override

from moot_client.tui.commands import PLACE_KEYS
from moot_client.tui.ink import ACCENT, DIM, STRONG, joined, line, spread, write
from moot_client.tui.signs import FULL, Signs

BRIEF_BELOW = 56


class TopLine(Widget):
    """The place one is in stands in capitals, so that no colour is needed."""

    DEFAULT_CSS = "TopLine { dock: top; height: 2; padding: 0 1; }"

    def __init__(self, signs: Signs = FULL) -> None:
        super().__init__()
        self._signs = signs
        self._left = Content("")
        self._right = self._brief = Content("")

    def places(self, community: str, here: str) -> None:
        """Show the community and all places, `here` among them in capitals."""
        self._left = line(community, STRONG)
        self._right = _places(here, brief=False)
        self._brief = _places(here, brief=True)
        self.refresh()

    def crumb(self, back: str, title: Content, note: Content) -> None:
        """Show where Esc leads, what is open, and a few words about it."""
        start = write((f"{self._signs.back} {back}   ", DIM)) if back else Content("")
        self._left, self._right, self._brief = start + title, note, note
        self.refresh()

    @override
    def render(self) -> Content:
        right = self._right if self.size.width >= BRIEF_BELOW else self._brief
        return spread(self._left, right, self.size.width, self._signs.more)


def _places(here: str, *, brief: bool) -> Content:
    """All places by their digits; `brief` names only the one that one is in."""
    names = []
    for place, key in PLACE_KEYS.items():
        name = (f" {place.upper()}", f"{STRONG} {ACCENT}") if place == here else f" {place.capitalize()}"
        names.append(write((key, DIM), "" if brief and place != here else name))
    return joined(names, "  ")
