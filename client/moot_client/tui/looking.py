"""How Moot looks on this machine, and by which keys it goes.

config.toml                    what somebody wrote there holds at each start
'look: …' in the palette       at once, and kept for the next time
NO_COLOR                       takes all colour out, unless one of the two above says otherwise
the terminal                   light or dark, whatever it answers when it is asked
until it has answered          what it answered the last time, what COLORFGBG says, or dark
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual.filter import LineFilter, Monochrome, NoColor
from textual.screen import SystemModalScreen
from typing_extensions import override

from moot_client.tui.commands.keyboard import remap
from moot_client.tui.commands.settings import read_settings
from moot_client.tui.keeping import Keeping
from moot_client.tui.looks.signs import FULL, PLAIN, Signs, choose
from moot_client.tui.looks.style import Style
from moot_client.tui.looks.themes import ALL
from moot_client.tui.screens.main import MainScreen
from moot_client.tui.terminal.background import TerminalBackground, hinted
from moot_client.tui.terminal.gate import InAscii
from moot_shared.files import keep

if TYPE_CHECKING:
    from textual.timer import Timer

    from moot_client.home import Home
    from moot_client.replica.replica import Replica
    from moot_client.tui.tour import Tour

_SAID = {
    "auto": "Colours follow the terminal",
    "dark": "Dark",
    "light": "Light",
    "contrast": "High contrast",
    "contrast-light": "High contrast, light",
    "none": "No colours",
}


class Looking(Keeping):
    """Themes, signs and keys, as they are wanted here."""

    _tour_timer: Timer

    def __init__(
        self, home: Home, where: str, signs: Signs | None = None, *, tour: bool = False, **options: Any
    ) -> None:
        self.settings = read_settings(home.config)
        self._known = _read(home)
        self._wanted = self.settings.theme or str(self._known.get("theme"))
        self._wanted = self._wanted if self._wanted in _SAID else "auto"
        hint = hinted(os.environ)
        self._dark = bool(self._known.get("dark", True)) if hint is None else hint
        self._no_colour, self._ascii = NoColor(), InAscii()
        self._colours: dict[str, dict[str, str]] = {}  # by theme
        self._tour: Tour | None = None
        self._tour_due = tour  # shown as soon as there is a place to show it on
        remap(self.settings.keys)
        wished = {"full": FULL, "plain": PLAIN}.get(self.settings.signs)
        ansi = True if self._colourless else None  # the terminal's own: then all can be taken out
        super().__init__(
            home, where, signs or wished or choose(sys.stdout.encoding), ansi_color=ansi, **options
        )
        self._filters = [found for found in self._filters if not isinstance(found, NoColor | Monochrome)]
        for theme in ALL.values():
            self.register_theme(theme)
        self.set_keymap(self.settings.keys)
        self._look()
        self.stylesheet = Style(variables=self.get_css_variables())

    @override
    def get_css_variables(self) -> dict[str, str]:
        """A theme's colours: worked out once, though Textual asks three times before it draws."""
        if self.theme not in self._colours:
            self._colours[self.theme] = super().get_css_variables()
        self.theme_variables = self._colours[self.theme]
        return self.theme_variables

    @property
    def asks_background(self) -> bool:
        """Whether it matters what the terminal draws on."""
        return self._wanted == "auto" and not self._colourless

    @property
    def _colourless(self) -> bool:
        return self._wanted == "none" or (self._wanted == "auto" and bool(os.environ.get("NO_COLOR")))

    @override
    def get_line_filters(self) -> list[LineFilter]:
        ours = [self._no_colour] if self.no_color else []
        return [*super().get_line_filters(), *ours, *([self._ascii] if self.signs.plain else [])]

    def _look(self) -> None:
        """Draw as it is wanted."""
        theme = ALL.get(self._wanted) or ALL["dark" if self._dark or self._colourless else "light"]
        changed = self.no_color != self._colourless
        self.no_color = self._colourless
        self.ansi_color = True if self._colourless else None
        self.theme = theme.name
        if changed and self.is_running:
            self._invalidate_css()
            self.refresh_css(animate=False)
            for screen in self.screen_stack:
                for widget in screen.walk_children(with_self=True):
                    widget.refresh(layout=True)

    def on_terminal_background(self, event: TerminalBackground) -> None:
        """The terminal has said whether it is light or dark."""
        self._dark = event.dark
        if self._wanted == "auto":
            self._look()
        if self._known.get("dark", True) != event.dark:
            self.remember(dark=event.dark)

    def action_look(self, wanted: str) -> None:
        """Colours as somebody chose them."""
        self._wanted = wanted
        self._look()
        ask = getattr(self._driver, "ask_background", None)
        if self.asks_background and ask is not None:
            ask()
        if self.settings.theme not in ("", wanted):
            self.say(f"{_SAID[wanted]}, until Moot closes: {self.home.config} says {self.settings.theme}")
        else:
            self.remember(theme=wanted)
            self.say(_SAID[wanted])

    async def action_help(self) -> None:
        """?, and F1 also where one types: what works here, then everything; the same key closes it."""
        from moot_client.tui.screens.help import HelpScreen, situation

        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
        elif not isinstance(self.screen, SystemModalScreen):
            await self.push_screen(HelpScreen(self.signs, situation(self.screen), str(self.home.config)))

    # -- the tour --------------------------------------------------------------------------------------

    @override
    async def _in_touch(self, replica: Replica, *, fresh: bool) -> None:
        await super()._in_touch(replica, fresh=fresh)
        self._tour_due = (fresh or self._tour_due) and not self.seen_once("tour")
        if self._tour_due:
            self.remember(tour=True)
            self._tour_timer = self.set_interval(0.2, self._begin_when_free)

    async def _begin_when_free(self) -> None:
        if self.screen_stack and isinstance(self.screen, MainScreen) and self.keys_at_rest:
            self._tour_timer.stop()
            await self.action_tour()
            self._tour_due = False

    async def action_tour(self) -> None:
        """A look around, now."""
        from moot_client.tui.tour import Tour

        while not isinstance(self.screen, MainScreen) and len(self.screen_stack) > 1:
            self.pop_screen()
        if isinstance(self.screen, MainScreen) and self._tour is None:
            self._tour = Tour(self.screen, self._tour_over)
            self._tour.begin()

    def _tour_over(self) -> None:
        self._tour = None
        if self.screen_stack:  # while Moot closes there is none
            self.screen.refresh_bindings()

    async def action_tour_next(self) -> None:
        """Enter: on, without doing it."""
        if self._tour is not None:
            await self._tour.next()

    def action_tour_end(self) -> None:
        """Esc: no more of it."""
        if self._tour is not None:
            self._tour.end()

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("tour_next", "tour_end"):
            return self._tour is not None and self._tour.takes(action)
        if action in ("details", "palette", "tour"):
            return self.desk is not None
        return super().check_action(action, parameters)

    # -- what is kept on this machine -----------------------------------------------------------------

    def seen_once(self, what: str) -> bool:
        """Whether something that is shown once was shown on this machine."""
        return bool(self._known.get(what))

    def remember(self, **known: object) -> None:
        """Keep something about this machine; where that is not possible, it is only less convenient."""
        self._known.update(known)
        path, files, text = self.home.path / "looks.json", self.home.files, json.dumps(self._known)

        def write() -> None:
            with suppress(OSError):
                if path.parent.is_dir():  # before there is a community, nothing is made
                    keep(path, text, files)

        self.run_worker(asyncio.to_thread(write), group="looks", exclusive=True, exit_on_error=False)


def _read(home: Home) -> dict[str, object]:
    """What is known of this machine; nothing where that cannot be read."""
    try:
        found = json.loads((home.path / "looks.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
