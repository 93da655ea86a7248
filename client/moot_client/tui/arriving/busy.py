"""What takes over half a second is said in the status line, for as long as it takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from moot_client.tui.looks.ink import line
from moot_client.tui.screens.base import on_top

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
        if (screen := on_top(app)) is not None and screen.is_mounted:
            screen.show_standing()

    timer = app.set_timer(WORTH_TELLING_S, lambda: say(words))
    try:
        yield
    finally:
        timer.stop()
        if desk is not None and desk.busy and app.is_running:
            say("")


def opening(app: Keeping, place: Place) -> AbstractContextManager[None]:
    """The same while a community is opened in place of the one that is on screen."""
    return told(app, app.desk, f"opening {line(place.name).plain}")
