"""A picture in a widget: drawn anew for every size, its roles in the colours of the theme."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget
from typing_extensions import override

from moot_client.drawing.cells import ACCENT, CARE, DIM, FULL, HERE, LETTERS, Marks, Part
from moot_client.tui.looks import ink
from moot_client.tui.looks.ink import fit, write
from moot_client.tui.looks.signs import Signs

Lines = list[list[Part]]
Draw = Callable[[int, int], Lines]
_LOOKS = {DIM: ink.DIM, ACCENT: ink.ACCENT, CARE: ink.CARE, HERE: "bold reverse"}


def marks_for(signs: Signs) -> Marks:
    """The signs of a picture that this terminal can show."""
    return LETTERS if signs.plain else FULL


def content(parts: list[Part]) -> Content:
    """One line of a picture."""
    return write(*((text, _LOOKS.get(role, "")) for text, role in parts))


class Field(Widget, can_focus=True):
    """Calls `draw` with its width and height, as often as either changes or `draw_again` is called."""

    DEFAULT_CSS = "Field { height: 1fr; padding: 0 2; }"

    class Clicked(Message):
        """A cell was clicked."""

        def __init__(self, x: int, y: int) -> None:
            super().__init__()
            self.x, self.y = x, y

    def __init__(self, draw: Draw) -> None:
        super().__init__()
        self._draw = draw
        self._lines: Lines = []
        self._drawn = (0, 0)

    def draw_again(self) -> None:
        """What it shows has changed."""
        self._drawn = (0, 0)
        self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        wide, high = self.size
        if self._drawn != (wide, high):
            self._lines, self._drawn = self._draw(wide, high), (wide, high)
        drawn = content(self._lines[y]) if y < len(self._lines) else Content("")
        return Visual.to_strips(self, fit(drawn, wide), wide, 1, self.visual_style)[0]

    def on_click(self, event: Click) -> None:
        """A mouse is a bonus."""
        place = event.get_content_offset(self)
        if place is not None:
            self.post_message(self.Clicked(place.x, place.y))
