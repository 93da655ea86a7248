"""Between those who are here and the screens: what the others say is shown, and where I write is said.

heard --names are read, in a thread--> desk.around --> the screen
twice a second: where am I? --if it changed--> the others, unless nobody is to see me
a key, after a while without the relay --> it is tried at once
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from moot_client.tui.company.around import around
from moot_client.tui.screens.base import MootScreen

if TYPE_CHECKING:
    from moot_client.sync.events import Here
    from moot_client.tui.company.syncing import Syncing
    from moot_client.tui.desk import Desk
    from moot_client.tui.keeping import Keeping

UNSEEN = "unseen"
"""This machine's own value: whether the others are not to see that I am here."""
NOT_YET = object()


class Together:
    """Of the community that is open."""

    def __init__(self, app: Keeping, desk: Desk, syncing: Syncing) -> None:
        self._app, self._desk, self._syncing = app, desk, syncing
        self._heard: tuple[Here, ...] = ()
        self._told: object = NOT_YET
        self._unseen = bool(desk.replica.own(UNSEEN, False))

    def heard(self, others: tuple[Here, ...]) -> None:
        """Who is here now."""
        if others != self._heard:
            self._heard = others
            self._app.run_worker(self._show(others), group="around", exclusive=True, exit_on_error=False)

    async def _show(self, others: tuple[Here, ...]) -> None:
        from moot_client.views.people import people

        desk = self._desk
        desk.around = await asyncio.to_thread(lambda: around(others, people(desk.db, desk.me)))
        if isinstance(self._app.screen, MootScreen) and self._app.screen.is_mounted:
            self._app.screen.company_changed()

    def look(self) -> None:
        """Say where I am, if that has changed."""
        screen = self._app.screen
        where = screen.writing_in if isinstance(screen, MootScreen) else ""
        now = None if self._unseen else where
        if now != self._told:
            self._told = now
            self._syncing.i_am(now)

    def stir(self) -> None:
        """Somebody is at the keyboard: who is offline need not wait for the next try."""
        self._syncing.stir()

    def check(self) -> None:
        """Somebody asks for it: connect now, or see whether the relay is still there."""
        self._syncing.check()

    @property
    def unseen(self) -> bool:
        """Whether the others do not see that I am here."""
        return self._unseen

    async def hide(self, unseen: bool) -> None:
        """From now on (do not) let the others see that I am here; kept on this machine."""
        desk = self._desk
        await desk.write(lambda: desk.replica.set_own(UNSEEN, unseen))
        self._unseen = unseen
        self.look()
