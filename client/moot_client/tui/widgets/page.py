"""A sheet to read: it scrolls, and one can step to the things in it that Enter opens."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.events import Click, Resize
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from typing_extensions import override

from moot_client.tui.commands.registry import bindings
from moot_client.tui.looks.ink import ACCENT, fit, write
from moot_client.tui.looks.sheet import MARGIN, Block, Layout, Stop, lay_out
from moot_client.tui.looks.signs import FULL, Signs
from moot_client.tui.widgets.scrolling import Scrolling


class Page(Scrolling, can_focus=True):
    """Blocks, laid out for the width there is."""

    DEFAULT_CSS = """
    Page { overflow-x: hidden; height: 1fr; scrollbar-size-vertical: 1; }
    """
    BINDINGS = bindings(
        "down", "up", "top", "bottom", "page_down", "page_up", "next_link", "last_link", "open"
    )
    keys_later = ("new", "find")  # whoever reads does something about what they read first

    class Followed(Message):
        """Enter on something in the page."""

        def __init__(self, target: str) -> None:
            super().__init__()
            self.target = target

    def __init__(self, signs: Signs = FULL, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._signs = signs
        self._blocks: tuple[Block, ...] = ()
        self._layout = Layout((), ())
        self._stop: int | None = None
        self._width = 0
        self._drawn: dict[tuple[object, ...], Strip] = {}

    @property
    def stop(self) -> Stop | None:
        """What one has stepped to."""
        stops = self._layout.stops
        return stops[self._stop] if self._stop is not None and self._stop < len(stops) else None

    @property
    def text(self) -> str:
        """What is on the page, as plain lines."""
        return "\n".join(line.plain.rstrip() for line in self._layout.lines)

    def show(self, blocks: Sequence[Block], *, fresh: bool) -> None:
        """Show these blocks; unless it is a `fresh` page, stay where one was reading."""
        if fresh:
            self._stop = None
            self.scroll_to(y=0, animate=False)
        if tuple(blocks) != self._blocks or fresh:
            self._blocks = tuple(blocks)
            self._lay_out(self.size.width)

    def _lay_out(self, width: int) -> None:
        here, self._width = self.stop, width
        self._drawn.clear()
        self._layout = lay_out(self._blocks, max(width - 2, 10), self._signs)
        stops = self._layout.stops
        if here is not None:
            self._stop = next((n for n, stop in enumerate(stops) if stop.target == here.target), None)
        self.hold(len(self._layout.lines))
        self.refresh()

    def on_resize(self, event: Resize) -> None:
        """Words are broken anew for a new width."""
        if event.size.width != self._width:
            self._lay_out(event.size.width)

    # -- moving -----------------------------------------------------------------------------

    def action_down(self) -> None:
        """A line down."""
        self.scroll_relative(y=1, animate=False)

    def action_up(self) -> None:
        """A line up."""
        self.scroll_relative(y=-1, animate=False)

    @override
    def action_page_down(self) -> None:
        self.scroll_relative(y=max(self.size.height - 2, 1), animate=False)

    @override
    def action_page_up(self) -> None:
        self.scroll_relative(y=-max(self.size.height - 2, 1), animate=False)

    def action_top(self) -> None:
        """To the beginning."""
        self.scroll_to(y=0, animate=False)

    def action_bottom(self) -> None:
        """To the end."""
        self.scroll_to(y=self.virtual_size.height, animate=False)

    def action_next_link(self) -> None:
        """Step to the next thing that can be opened."""
        self._step(1)

    def action_last_link(self) -> None:
        """Step to the one before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        count = len(self._layout.stops)
        if count:
            at = (-1 if by > 0 else 0) if self._stop is None else self._stop
            self._stop = (at + by) % count
            stop = self._layout.stops[self._stop]
            self.scroll_to_region(Region(0, stop.y, 1, stop.height), animate=False)
            self.refresh()
            self.refresh_bindings()

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "open":
            return self.stop is not None
        return bool(self._layout.stops) if action in ("next_link", "last_link") else True

    def action_open(self) -> None:
        """Open what one has stepped to."""
        if self.stop:
            self.post_message(self.Followed(self.stop.target))

    def on_click(self, event: Click) -> None:
        """A mouse is never needed, and may be used: once steps to what is there, twice opens it."""
        inside = event.get_content_offset(self)
        if inside is None:
            return
        at = self.scroll_offset.y + inside.y
        stops = self._layout.stops
        self._stop = next((n for n, s in enumerate(stops) if s.y <= at < s.y + s.height), self._stop)
        self.refresh()
        self.refresh_bindings()
        if event.chain > 1 and self.stop and self.stop.y <= at < self.stop.y + self.stop.height:
            self.action_open()

    # -- drawing ----------------------------------------------------------------------------

    @override
    def render_line(self, y: int) -> Strip:
        at, width = y + self.scroll_offset.y, self.size.width
        if at >= len(self._layout.lines):
            return self.blank
        stop = self.stop
        here = stop is not None and stop.y <= at < stop.y + stop.height and self.has_focus
        looks = (at, width, here, self.visual_style, self.app.theme)
        strip = self._drawn.get(looks)
        if strip is None:
            content: Content = self._layout.lines[at]
            if stop is not None and here:
                sign = self._signs.cursor if at == stop.y else " "
                content = write((sign, ACCENT), " " * (MARGIN - 1)) + content[MARGIN:].stylize("bold")
            strip = self._drawn[looks] = self.drawn(fit(content, width), self.visual_style)
        return strip
