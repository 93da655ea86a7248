"""The application: thin. It opens a community, keeps it and its relay together, and shows screens."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import tzinfo
from typing import Any

from textual.app import App
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
from moot_client.tui.signs import Signs, choose
from moot_client.tui.syncing import Link, Syncing, syncing
from moot_client.tui.themes import DARK, LIGHT
from moot_shared.errors import MootError

LOOK_S = 0.5


class MootApp(App[int]):
    """One community at a time; with none on this machine, the welcome."""

    TITLE = "Moot"
    CSS_PATH = ["app.tcss", "screens/base.tcss"]
    COMMANDS = {CommandsProvider, WordsProvider}
    BINDINGS = bindings("leave")
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
        sync: Callable[[Replica], Syncing | None] = syncing,
    ) -> None:
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.home, self._place, self._where = home, place, where
        self._now, self._zone, self._outside, self._sync = now, zone, outside, sync
        self._signs = signs or choose(sys.stdout.encoding)
        self.desk: Desk | None = None
        self.link = Link()
        self._syncing: Syncing | None = None
        self._revision = 0
        self._stale = False
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
        if self._place is None:
            from moot_client.tui.screens.welcome import WelcomeScreen

            self.push_screen(WelcomeScreen(self.home, self._signs))
        else:
            self.open_place(self._place)

    # -- opening -----------------------------------------------------------------------------------

    def open_place(self, place: Place, *, fresh: bool = False) -> None:
        """Open a community; a `fresh` one shows the recovery words first."""
        replica = Replica.open(place, self._outside)
        self.home.opened(place)
        self.desk = Desk(replica, self._now, self._zone, self._signs)
        replica.listen(self._written)
        self._revision = replica.revision()
        self.push_screen(MainScreen(self.desk, self._where))
        if replica.notice:
            self.call_after_refresh(self.say, replica.notice, care=True)
        self._syncing = self._sync(replica)
        if self._syncing is not None:
            running = self._syncing.run(self._linked)
            self.run_worker(running, group="sync", exclusive=True, exit_on_error=False)
        self.run_worker(self._house(replica), group="house", exclusive=True, exit_on_error=False)
        self.set_interval(LOOK_S, self._look)
        if fresh:
            self.show_words()

    def _written(self) -> None:
        self.post_message(RowsChanged())

    def _linked(self, link: Link) -> None:
        self.post_message(LinkChanged(link))

    async def _house(self, replica: Replica) -> None:
        """Make ready to write, in a thread, so that the first edit need not wait."""

        def ready() -> None:
            try:
                if replica.become_writer():
                    replica.warm()
            except MootError as error:
                self.call_from_thread(self.say, str(error), care=True)

        await asyncio.to_thread(ready)

    def _look(self) -> None:
        """Another process may have written: a cheap number tells. And its commands wait in the inbox."""
        desk = self.desk
        if desk is not None:
            revision = desk.replica.revision()
            if revision != self._revision:
                self._revision = revision
                self.post_message(RowsChanged())
                if self._syncing is None:
                    self.run_worker(
                        asyncio.to_thread(desk.replica.serve_inbox), group="inbox", exit_on_error=False
                    )

    # -- what happens ------------------------------------------------------------------------------

    def on_rows_changed(self) -> None:
        """Bring the screen up to date, once for many changes that come together."""
        if not self._stale:
            self._stale = True
            self.call_later(self._refresh)

    def _refresh(self) -> None:
        self._stale = False
        if isinstance(self.screen, MootScreen):
            self.screen.rows_changed()

    def on_link_changed(self, event: LinkChanged) -> None:
        """The status line tells how it stands with the relay."""
        self.link = event.link
        if isinstance(self.screen, MootScreen):
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
            asked = self._outside.random(1)[0]
            self.push_screen(WordsScreen(desk, desk.replica.identity.words(), asked))

    def action_details(self) -> None:
        """S: what is where."""
        from moot_client.tui.screens.details import DetailsScreen

        if self.desk is not None:
            self.push_screen(DetailsScreen(self.desk))

    def action_help(self) -> None:
        """?: all keys and signs."""
        from moot_client.tui.screens.help import HelpScreen

        if self.desk is not None:
            self.push_screen(HelpScreen(self.desk))

    def action_palette(self) -> None:
        """Ctrl+P."""
        self.action_command_palette()

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
        if self.desk is not None:
            await asyncio.to_thread(self.desk.replica.close)


def run(home: Home, community: str | None = None, place: str = "today", **options: Any) -> int:
    """Open the interface and return the exit code; the one thing that the command line calls."""
    chosen = home.place(community) if community is not None or home.places() else None
    app = MootApp(home, chosen, place, **options)
    return app.run() or 0
