"""The one line on top: the community and its places, or where one is inside them."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content
from textual.events import Click
from textual.widget import Widget
from typing_extensions import override

from moot_client.tui.commands.registry import COMMANDS, PLACE_KEYS
from moot_client.tui.looks.ink import ACCENT, DIM, STRONG, joined, line, spread, write
from moot_client.tui.looks.signs import FULL, Signs

BRIEF_BELOW = 56
_BETWEEN = "  "
_BACK = ("back", "stop_typing", "done", "later")  # what Esc is called on one screen or another


class TopLine(Widget):
    """The place one is in stands in capitals, so that no colour is needed."""

    DEFAULT_CSS = "TopLine { dock: top; height: 2; padding: 0 1; }"

    def __init__(self, signs: Signs = FULL) -> None:
        super().__init__()
        self._signs = signs
        self._left = Content("")
        self._right = self._brief = Content("")
        self._here = ""  # the place that one is in, while places are shown
        self._shown: tuple[str, str] | None = None  # which places are drawn
        self._back = 0  # cells of the words that lead back

    def places(self, community: str, here: str) -> None:
        """Show the community and all places, `here` among them in capitals."""
        if (community, here) == self._shown:
            return
        self._shown = community, here
        self._left = line(community, STRONG)
        self._here, self._back = here, 0
        self._right = _places(here, brief=False)
        self._brief = _places(here, brief=True)
        self.refresh()

    def crumb(self, back: str, title: Content, note: Content) -> None:
        """Show where Esc leads, what is open, and a few words about it."""
        self._shown = None
        start = write((f"{self._signs.back} {back}   ", DIM)) if back else Content("")
        self._left, self._right, self._brief = start + title, note, note
        self._here, self._back = "", start.cell_length
        self.refresh()

    @property
    def _brief_now(self) -> bool:
        return self.size.width < BRIEF_BELOW

    async def on_click(self, event: Click) -> None:
        """A place may be clicked, and where Esc leads."""
        at = event.x - self.styles.padding.left
        if event.y == 0 and self._here:
            start = self.size.width - self._right_now.cell_length
            for place, name in _names(self._here, brief=self._brief_now):
                if start <= at < start + name.cell_length:
                    await self.screen.run_action(f"place('{place}')")
                    return
                start += name.cell_length + len(_BETWEEN)
        elif event.y == 0 and at < self._back:
            found = (a.binding for a in self.screen.active_bindings.values() if a.enabled)
            self.app.simulate_key(next(b.key for b in found if b.action in _BACK))

    @property
    def _right_now(self) -> Content:
        return self._brief if self._brief_now else self._right

    @override
    def render(self) -> Content:
        return spread(self._left, self._right_now, self.size.width, self._signs.more)


def _places(here: str, *, brief: bool) -> Content:
    """All places by their keys; `brief` names only the one that one is in."""
    return joined((name for _, name in _names(here, brief=brief)), _BETWEEN)


def _names(here: str, *, brief: bool) -> Iterator[tuple[str, Content]]:
    for place in PLACE_KEYS:
        name = (f" {place.upper()}", f"{STRONG} {ACCENT}") if place == here else f" {place.capitalize()}"
        key = COMMANDS[f"place('{place}')"].key
        yield place, write((key, DIM), "" if brief and place != here else name)
