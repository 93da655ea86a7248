"""What takes over half a second is said: in the status line, or, before there is one, on a screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static
from typing_extensions import override

from moot_client.tui.ink import line
from moot_client.tui.screens.base import MootScreen

if TYPE_CHECKING:
    from moot_client.home import Place
    from moot_client.tui.desk import Desk
    from moot_client.tui.keeping import Keeping

WORTH_TELLING_S = 0.5
GETTING_READY = "getting ready to write"


@contextmanager
def told(app: Keeping, desk: Desk | None, words: str) -> Iterator[None]:
    """For the length of a block, once it has lasted a while: `words` in the status line."""

    def say(now: str) -> None:
        if desk is not None:
            desk.busy = now
        if isinstance(app.screen, MootScreen) and app.screen.is_mounted:
            app.screen.show_standing()

    timer = app.set_timer(WORTH_TELLING_S, lambda: say(words))
    try:
        yield
    finally:
        timer.stop()
        if desk is not None and desk.busy and app.is_running:
            say("")


class Opening(Screen[None]):
    """Nothing of a community can be shown yet: an earlier Moot wrote its file, or it is looked at whole."""

    DEFAULT_CSS = "Opening > Static { padding: 1 2; }"

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name_of_community = name

    @override
    def compose(self) -> ComposeResult:
        yield Static(
            f"Opening ‘{line(self._name_of_community).plain}’. All that is in it is read once more: "
            "this takes a moment, and the next time it is there at once. Nothing of it is lost if you close "
            "the window meanwhile.",
            markup=False,
        )


@contextmanager
def opening(app: Keeping, place: Place) -> Iterator[None]:
    """For the length of a block that opens a community, once it has lasted a while: that it does."""
    if app.desk is not None:
        with told(app, app.desk, f"opening {line(place.name).plain}"):
            yield
        return
    screen = Opening(place.name)
    timer = app.set_timer(WORTH_TELLING_S, lambda: app.push_screen(screen))
    try:
        yield
    finally:
        timer.stop()
        if app.is_running and app.screen is screen:
            app.pop_screen()
