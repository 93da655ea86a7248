"""One community at a time: opened, kept in touch with its relay, shown as it changes, let go of.

welcome --opened--> open --another one--> let go, open
open --ended--> let go: the connection first, then what is being written, then the store
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import tzinfo
from time import perf_counter
from typing import TYPE_CHECKING

from textual.actions import ActionParseResult
from textual.dom import DOMNode
from textual.worker import Worker, WorkerError
from typing_extensions import override

from moot_client.replica.outside import REAL, Outside
from moot_client.tui.arriving.arrival import Arrival
from moot_client.tui.arriving.blank import take_screens_away
from moot_client.tui.arriving.busy import GETTING_READY, opening, told
from moot_client.tui.arriving.pace import settled
from moot_client.tui.commands.keys import OneKeyAtATime
from moot_client.tui.commands.registry import waits_for_writing
from moot_client.tui.company.ended import remember_ended
from moot_client.tui.company.link import Link
from moot_client.tui.company.together import Together
from moot_client.tui.desk import Desk, clock
from moot_client.tui.faults import went_wrong
from moot_client.tui.looks.signs import Signs
from moot_client.tui.messages import LinkChanged, RowsChanged
from moot_client.tui.screens.base import on_top
from moot_client.tui.screens.main import MainScreen
from moot_shared.errors import MootError

if TYPE_CHECKING:
    from moot_client.home import Home, Place
    from moot_client.replica.replica import Replica
    from moot_client.tui.company.syncing import Syncing

LENT = "writing"  # the folder with words that are lent to an editor (lending.py)
LOOK_S = 0.5
FAULTS = 20  # are remembered: a disk that fails does so again and again
SLOW_S = 0.03  # what takes longer to show is shown less often, so that keys never wait


def engine(replica: Replica, now: Callable[[], int]) -> Syncing | None:
    """What keeps a replica and its relay together; loaded when there is something to keep together."""
    from moot_client.tui.company.syncing import syncing

    return syncing(replica, now)


class Keeping(OneKeyAtATime):
    """What the application does without being asked."""

    def __init__(
        self,
        home: Home,
        where: str,
        signs: Signs,
        *,
        now: Callable[[], int] = clock,
        zone: tzinfo | None = None,
        outside: Outside = REAL,
        sync: Callable[[Replica, Callable[[], int]], Syncing | None] = engine,
        ansi_color: bool | None = None,
    ) -> None:
        super().__init__(ansi_color=ansi_color)
        self.home, self.where, self.signs, self.outside = home, where, signs, outside
        self.desk: Desk | None = None
        self.link = Link()
        self.trouble: BaseException | None = None  # what `run` raises when the interface has closed
        self.faults: deque[BaseException | None] = deque(maxlen=FAULTS)  # in the background, and said
        self._now, self._zone, self._sync = now, zone, sync
        self._arrival: Arrival | None = None
        self._syncing: Syncing | None = None
        self.together: Together | None = None
        self._sync_worker: Worker[None] | None = None
        self._revision = 0
        self._stale = False
        self._cost = 0.0

    # -- opening and letting go ----------------------------------------------------------------------

    def open_place(self, place: Place, *, fresh: bool = False) -> None:
        """Open a community in place of the one before; a `fresh` one shows the recovery words first."""
        self.run_worker(self.opened(place, fresh=fresh), group="opening", exclusive=True)

    async def opened(self, place: Place, *, fresh: bool = False) -> None:
        """The same, to wait for: it is on screen when this returns."""
        arrival = Arrival(place, self.outside)
        if self.desk is None and arrival.seen is not None:
            await self.push_screen(self._glanced(arrival))
            self._go_on(arrival, fresh=fresh)
            return
        try:
            with opening(self, place):
                replica = await arrival.whole()
        except MootError as error:
            self._not_opened(error)
            return
        if replica is not None:
            await self._let_go()
            self.desk = Desk(replica, self._now, self._zone, self.signs)
            await self.push_screen(MainScreen(self.desk, self.where))
            await self._in_touch(replica, fresh=fresh)

    def glanced(self, place: Place) -> MainScreen | None:
        """The first screen of all, of what can be read at once; `go_on` when it is there."""
        self._arrival = Arrival(place, self.outside)
        return self._glanced(self._arrival) if self._arrival.seen is not None else None

    def _glanced(self, arrival: Arrival) -> MainScreen:
        assert arrival.seen is not None
        self.desk = Desk(arrival.seen, self._now, self._zone, self.signs)
        return MainScreen(self.desk, self.where)

    def go_on(self) -> None:
        """What was glanced at becomes whole, behind the first picture."""
        if self._arrival is not None:
            self._go_on(self._arrival, fresh=False)

    def _go_on(self, arrival: Arrival, *, fresh: bool) -> None:
        self._arrival = arrival
        painted = asyncio.Event()
        self.screen.call_after_refresh(painted.set)
        self.run_worker(self._complete(arrival, painted, fresh=fresh), group="arriving")

    async def _complete(self, arrival: Arrival, painted: asyncio.Event, *, fresh: bool) -> None:
        """What was seen becomes whole, behind the first picture."""
        await painted.wait()
        try:
            replica = await arrival.whole()
        except MootError as error:
            if self._arrival is arrival:  # or it was let go of for another one, which stays
                self.desk = None
                self._not_opened(error)
            return
        if replica is not None and self._arrival is arrival and self.desk is not None:
            self._arrival = None
            self.desk.go_on_with(replica)
            await self._in_touch(replica, fresh=fresh)
            self.post_message(RowsChanged())  # also what was written between the look and now

    def _not_opened(self, error: MootError) -> None:
        if self.desk is None:
            self.trouble = error
            self.exit(1)
        else:
            self.say(str(error), care=True)

    async def _in_touch(self, replica: Replica, *, fresh: bool) -> None:
        """Follow what is written, make ready to write, and keep in touch with the relay."""
        replica.listen(self._written)
        self._revision = replica.revision()
        if replica.notice:
            self.say(replica.notice, care=True)
        self._syncing = self._sync(replica, self._now)
        if self._syncing is not None:
            running = self._syncing.run(self._linked)
            self._sync_worker = self.run_worker(running, group="sync", exit_on_error=False)
            if self.desk is not None:
                self.together = Together(self, self.desk, self._syncing)
        self.run_worker(self._make_ready(replica), group="ready", exit_on_error=False)
        if (replica.place.folder / LENT).exists():
            from moot_client.tui.words.own_editor import look_for_lent

            self.run_worker(look_for_lent(self), group="lent", exit_on_error=False)
        if fresh:
            self.show_words()
        with suppress(MootError):  # it only means that another one is opened next time
            await asyncio.to_thread(self.home.opened, replica.place)

    def show_words(self) -> None:
        """The recovery words, where they are still to be confirmed."""
        raise NotImplementedError

    async def _let_go(self) -> None:
        """Close the community that is open, if there is one, once nothing works on it any more."""
        if self._sync_worker is not None:
            self._sync_worker.cancel()
            with suppress(WorkerError):
                await self._sync_worker.wait()
            self._sync_worker = self._syncing = self.together = None
        arrival, self._arrival = self._arrival, None
        if arrival is not None:
            await arrival.abandon()
        desk, self.desk, self.link = self.desk, None, Link()
        if desk is not None:
            await take_screens_away(self)
            if desk.is_whole:
                await desk.write(desk.replica.close)

    async def on_unmount(self) -> None:
        """The interface has closed: let go of the store and its lock."""
        await self._let_go()

    async def _make_ready(self, replica: Replica) -> None:
        """Make ready to write, in a thread, so that the first edit need not wait."""

        def ready() -> None:
            if replica.become_writer():
                replica.warm()

        try:
            with told(self, self.desk, GETTING_READY):
                await asyncio.to_thread(ready)
        except MootError as error:
            self.say(str(error), care=True)
        finally:
            settled()

    @override
    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """What writes waits until it can; what only moves and looks never does."""
        if self.together is not None:
            self.together.stir()
        if self.desk is not None and not self.desk.is_whole and waits_for_writing(action):
            await self.desk.whole()
        return await super().run_action(action, default_namespace, namespaces)

    # -- what happens ----------------------------------------------------------------------------------

    def _written(self) -> None:
        self.post_message(RowsChanged())

    def _linked(self, link: Link) -> None:
        self.post_message(LinkChanged(link))

    def look(self) -> None:
        """Another process may have written: a cheap number tells."""
        if self.desk is not None and self.desk.is_whole:
            revision = self.desk.replica.revision()
            if revision != self._revision:
                self._revision = revision
                self.post_message(RowsChanged())
            if self.together is not None:
                self.together.look()

    def on_rows_changed(self) -> None:
        """Bring the screen up to date, once for many changes that come together."""
        if not self._stale:
            self._stale = True
            if self._cost < SLOW_S:
                self.call_later(self._refresh)
            else:
                self.set_timer(self._cost * 4, self._refresh)

    @property
    def shows_what_is(self) -> bool:
        """Whether everything that was written, as far as is known, is on its way to the screen."""
        return not self._stale

    def _refresh(self) -> None:
        self._stale = False
        began = perf_counter()
        if self.desk is not None and (screen := on_top(self)) is not None and screen.is_mounted:
            screen.rows_changed()
        self._cost = perf_counter() - began

    def on_link_changed(self, event: LinkChanged) -> None:
        """The status line tells how it stands with the relay."""
        self.link = event.link
        if self.desk is not None and (event.link.ended or event.link.connected):
            remember_ended(self, self.desk, event.link.ended)
        if self.together is not None:
            self.together.heard(event.link.here)
        if self.desk is not None and (screen := on_top(self)) is not None:
            screen.show_standing()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """What goes wrong in the background is said, here and on every screen."""
        words = went_wrong(event.worker)
        if words:
            self.faults.append(event.worker.error)
            self.say(words, care=True)

    def nudge(self) -> None:
        """Something was written: it may go out."""
        if self._syncing is not None:
            self._syncing.nudge()

    def say(self, words: str, *, care: bool = False) -> None:
        """Say something on the screen that is on top, once it is there."""

        def told() -> None:
            if (screen := on_top(self)) is not None:
                screen.status.say(words, care=care)

        self.call_later(told)
