"""The application: thin. It opens a community, keeps it and its relay together, and shows screens."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import tzinfo
from time import perf_counter
from typing import Any

from textual.app import App
from textual.command import CommandPalette
from textual.worker import Worker, WorkerFailed
from typing_extensions import override

from moot_client.home import Home, Place
from moot_client.replica.outside import REAL, Outside
from moot_client.replica.replica import Replica
from moot_client.tui.commands import bindings
from moot_client.tui.desk import Desk, clock
from moot_client.tui.messages import LinkChanged, RowsChanged
from moot_client.tui.palette import CommandsProvider, WordsProvider
from moot_client.tui.places.today import WORDS_CONFIRMED
from moot_client.tui.screens.base import MootScreen
from moot_client.tui.screens.main import MainScreen
from moot_client.tui.screens.welcome import LOOK_AROUND, WelcomeScreen
from moot_client.tui.signs import Signs, choose
from moot_client.tui.syncing import Link, Syncing, syncing
from moot_client.tui.themes import DARK, LIGHT
from moot_shared.errors import MootError

LOOK_S = 0.5
SLOW_S = 0.03  # what takes longer to show is shown less often, so that keys never wait


class MootApp(App[int]):
    """One community at a time; with none on this machine, the welcome."""

    TITLE = "Moot"
    CSS_PATH = ["app.tcss", "screens/base.tcss"]
    COMMANDS = {CommandsProvider, WordsProvider}
    BINDINGS = bindings("details", "help", "palette", "begin", "leave")
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        home: Home,
        place: Place | None,
        where: str = "today",
        *,
        now: Callable[[], int] = clock,
        zone: tzinfo | None = None,
        signs: Signs | None = None,
        outside: Outside = REAL,
        sync: Callable[[Replica, Callable[[], int]], Syncing | None] = syncing,
    ) -> None:
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.home, self._place, self._where = home, place, where
        self._now, self._zone, self.outside, self._sync = now, zone, outside, sync
        self._signs = signs or choose(sys.stdout.encoding)
        self.desk: Desk | None = None
        self.link = Link()
        self.trouble: Exception | None = None
        self._syncing: Syncing | None = None
        self._sync_worker: Worker[None] | None = None
        self._revision = 0
        self._stale = False
        self._cost = 0.0
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = "moot"

    async def on_mount(self) -> None:
        """The community that was asked for, or the welcome."""
        for number in (signal.SIGHUP, signal.SIGTERM) if hasattr(signal, "SIGHUP") else ():
            try:
                asyncio.get_running_loop().add_signal_handler(number, self._told_to_end)
            except (ValueError, RuntimeError, NotImplementedError):
                break  # not on the main thread (tests), or no such thing here (Windows)
        self.set_class(self._signs.plain, "-plain")
        self.set_interval(LOOK_S, self._look)
        if self._place is None:
            self.push_screen(WelcomeScreen(self.home, self._signs))
        else:
            await self._open(self._place)

    # -- opening -----------------------------------------------------------------------------------

    def open_place(self, place: Place, *, fresh: bool = False) -> None:
        """Open a community in place of the one before; a `fresh` one shows the recovery words first."""
        self.run_worker(self._open(place, fresh=fresh), group="opening", exclusive=True)

    async def _open(self, place: Place, *, fresh: bool = False) -> None:
        try:
            replica = await asyncio.to_thread(Replica.open, place, self.outside)
        except MootError as error:
            if self.desk is None:
                self.trouble = error
                self.exit(1)
            else:
                self.say(str(error), care=True)
            return
        await self._let_go()
        self.home.opened(place)
        self.desk = Desk(replica, self._now, self._zone, self._signs)
        replica.listen(self._written)
        self._revision = replica.revision()
        await self.push_screen(MainScreen(self.desk, self._where))
        if replica.notice:
            self.say(replica.notice, care=True)
        self._syncing = self._sync(replica, self._now)
        if self._syncing is not None:
            running = self._syncing.run(self._linked)
            self._sync_worker = self.run_worker(running, group="sync", exit_on_error=False)
        self.run_worker(self._make_ready(replica), group="ready", exit_on_error=False)
        if fresh:
            self.show_words()

    async def _let_go(self) -> None:
        """Close the community that is open, if there is one, once nothing works on it any more."""
        if self._sync_worker is not None:
            self._sync_worker.cancel()
            with suppress(WorkerFailed):
                await self._sync_worker.wait()
            self._sync_worker = self._syncing = None
        if self.desk is not None:
            while len(self.screen_stack) > 1:
                await self.pop_screen()
            desk, self.desk, self.link = self.desk, None, Link()
            await desk.write(desk.replica.close)

    def _written(self) -> None:
        self.post_message(RowsChanged())

    def _linked(self, link: Link) -> None:
        self.post_message(LinkChanged(link))

    async def _make_ready(self, replica: Replica) -> None:
        """Make ready to write, in a thread, so that the first edit need not wait."""

        def ready() -> None:
            if replica.become_writer():
                replica.warm()

        try:
            await asyncio.to_thread(ready)
        except MootError as error:
            self.say(str(error), care=True)

    def _look(self) -> None:
        """Another process may have written: a cheap number tells."""
        desk = self.desk
        if desk is not None:
            revision = desk.replica.revision()
            if revision != self._revision:
                self._revision = revision
                self.post_message(RowsChanged())

    # -- what happens ------------------------------------------------------------------------------

    def on_rows_changed(self) -> None:
        """Bring the screen up to date, once for many changes that come together."""
        if not self._stale:
            self._stale = True
            if self._cost < SLOW_S:
                self.call_later(self._refresh)
            else:
                self.set_timer(self._cost * 4, self._refresh)

    def _refresh(self) -> None:
        self._stale = False
        began = perf_counter()
        if self.desk is not None and isinstance(self.screen, MootScreen) and self.screen.is_mounted:
            self.screen.rows_changed()
        self._cost = perf_counter() - began

    def on_link_changed(self, event: LinkChanged) -> None:
        """The status line tells how it stands with the relay."""
        self.link = event.link
        if self.desk is not None and isinstance(self.screen, MootScreen):
            self.screen.show_standing()

    def nudge(self) -> None:
        """Something was written: it may go out."""
        if self._syncing is not None:
            self._syncing.nudge()

    def say(self, words: str, *, care: bool = False) -> None:
        """Say something on the screen that is on top, once it is there."""

        def told() -> None:
            if isinstance(self.screen, MootScreen):
                self.screen.status.say(words, care=care)

        self.call_later(told)

    # -- from anywhere -----------------------------------------------------------------------------

    def show_record(self, key: str) -> None:
        """Open a record from the palette, over what is being read."""
        while not isinstance(self.screen, MainScreen) and len(self.screen_stack) > 2:
            self.pop_screen()
        if isinstance(self.screen, MainScreen):
            self.screen.view.go(key)

    def show_words(self) -> None:
        """The recovery words, and one of them typed back."""
        from moot_client.tui.screens.words import WordsScreen

        desk = self.desk
        if desk is not None and not desk.replica.own(WORDS_CONFIRMED, False):
            asked = self.outside.random(1)[0]
            self.push_screen(WordsScreen(desk, desk.replica.identity.words(), asked))

    def action_begin(self) -> None:
        """Found or join another community."""
        self.push_screen(WelcomeScreen(self.home, self._signs))

    def action_details(self) -> None:
        """S: what is where."""
        from moot_client.tui.screens.details import DetailsScreen

        if isinstance(self.screen, DetailsScreen):
            self.screen.dismiss()
        elif self.desk is not None:
            self.push_screen(DetailsScreen(self.desk))

    def action_help(self) -> None:
        """?: all keys and signs."""
        from moot_client.tui.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
        elif self.desk is not None:
            self.push_screen(HelpScreen(self.desk))

    def action_palette(self) -> None:
        """Ctrl+P."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(
                CommandPalette(placeholder="A command, or words to find", id="--command-palette")
            )

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.desk is not None if action in ("details", "help", "palette") else True

    # -- ending ------------------------------------------------------------------------------------

    async def action_leave(self) -> None:
        """Ctrl+Q: what was typed is put on disk first."""
        for screen in self.screen_stack:
            if isinstance(screen, MootScreen):
                await screen.keep_typing()
        self.exit(0)

    @override
    async def action_quit(self) -> None:
        await self.action_leave()

    def _told_to_end(self) -> None:
        """The window was closed, or somebody asked the process to end."""
        self.run_worker(self.action_leave(), exit_on_error=False)

    async def on_unmount(self) -> None:
        """Let go of the store and its lock."""
        if self._sync_worker is not None:
            self._sync_worker.cancel()
            with suppress(WorkerFailed):
                await self._sync_worker.wait()
        desk, self.desk = self.desk, None
        if desk is not None:
            await asyncio.to_thread(desk.replica.close)

    @override
    def _handle_exception(self, error: Exception) -> None:
        """A fault of our own: what is being typed goes to disk before anything else, then Moot closes."""
        self.trouble = error
        for screen in self.screen_stack:
            if isinstance(screen, MootScreen):
                with suppress(Exception):  # there may be nothing left to save with
                    screen.keep_typing_now()
        super()._handle_exception(error)

    @override
    def _fatal_error(self) -> None:
        """No stack trace on anybody's terminal: `run` raises the error, and the command line words it."""
        self._close_messages_no_wait()


def run(home: Home, community: str | None = None, place: str = "today", **options: Any) -> int:
    """Open the interface and return the exit code; the one thing that the command line calls."""
    chosen = home.place(community) if community is not None or home.places() else None
    while True:
        app = MootApp(home, chosen, place, **options)
        code = app.run() or 0
        if app.trouble is not None:
            raise app.trouble
        if code != LOOK_AROUND:
            return code
        from moot_client.demo.watch import watch

        watch()
