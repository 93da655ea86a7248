"""How a community comes to the screen: what is on disk first, then what writes.

asked for --the file reads as it stands--> seen: its rows are shown; what would write waits
asked for --it does not (damaged, another version's, not there)--> the replica is opened first
seen --in a thread, behind the first picture: all else is loaded, the replica opened--> whole
seen --Moot is closed meanwhile--> abandoned: what was opened is closed again
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from moot_client.store.glance import Glance, glance
from moot_client.tui.arriving.later import load_the_rest
from moot_shared.errors import MootError

if TYPE_CHECKING:
    from moot_client.home import Place
    from moot_client.replica.outside import Outside
    from moot_client.replica.replica import Replica


class Arrival:
    """One community on its way."""

    def __init__(self, place: Place, outside: Outside) -> None:
        self.place = place
        self.seen: Glance | None = glance(place, outside.disk)
        self._outside = outside
        self._abandoned = threading.Event()
        self._opening: asyncio.Task[Replica | None] | None = None

    async def whole(self) -> Replica | None:
        """Open the replica, in a thread; MootError where it cannot be, None where it was abandoned."""
        if self._opening is None:
            self._opening = asyncio.create_task(asyncio.to_thread(self._open))
        return await asyncio.shield(self._opening)

    def _open(self) -> Replica | None:
        if not load_the_rest(self._abandoned):
            return None
        from moot_client.replica.replica import Replica

        return Replica.open(self.place, self._outside)

    async def abandon(self) -> None:
        """Nobody waits for it any more."""
        self._abandoned.set()
        if self._opening is not None:
            with suppress(MootError):  # nobody is there to be told
                replica = await self._opening
                if replica is not None:
                    await asyncio.to_thread(replica.close)
