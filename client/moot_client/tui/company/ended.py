"""The relay's word on whether this membership has ended, kept for when it is not reached."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from moot_client.tui.screens.base import MootScreen
from moot_shared.errors import MootError

if TYPE_CHECKING:
    from moot_client.tui.desk import Desk
    from moot_client.tui.keeping import Keeping


def remember_ended(app: Keeping, desk: Desk, ended: bool) -> None:
    """Keep it on this machine, where it is another word than before."""
    from moot_client.views.at_home import SHUT_OUT

    if desk.replica.own(SHUT_OUT, False) == ended:
        return

    async def remember() -> None:
        with suppress(MootError):  # it says so again
            await desk.write(lambda: desk.replica.set_own(SHUT_OUT, ended))
        if isinstance(app.screen, MootScreen):
            app.screen.rows_changed()

    app.run_worker(remember(), group="ended", exit_on_error=False)
