"""The application: themes, what can be done from anywhere, and how it ends."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual.command import CommandPalette, Provider
from textual.driver import Driver
from textual.events import Key, Paste
from textual.filter import LineFilter
from textual.screen import Screen
from typing_extensions import override

from moot_client.tui.commands.registry import LOOKS, bindings, key_of
from moot_client.tui.keeping import LOOK_S
from moot_client.tui.looking import Looking
from moot_client.tui.looks.signs import Signs
from moot_client.tui.places import WORDS_CONFIRMED
from moot_client.tui.screens.base import MootScreen, on_top
from moot_client.tui.screens.main import MainScreen
from moot_client.tui.screens.small import closes, too_small
from moot_client.tui.terminal.gate import Gate

if TYPE_CHECKING:
    from moot_client.home import Home, Place

LOOK_AROUND = 64  # the exit code by which the interface asks for the demo
KEYS_S = 3.0  # how long keys that were pressed may take when Moot is told to end
NOT_KEPT = "What you typed is not kept: copy it elsewhere, or {} once more closes without it."


def _commands() -> type[Provider]:
    from moot_client.tui.commands.palette import CommandsProvider

    return CommandsProvider


def _words() -> type[Provider]:
    from moot_client.tui.commands.palette import WordsProvider

    return WordsProvider


class MootApp(Looking):
    """One community at a time; with none on this machine, the welcome."""

    TITLE = "Moot"
    CSS_PATH = ["app.tcss", "screens/base.tcss", "screens/main.tcss"]  # read once, before the first picture
    COMMANDS = {_commands, _words}
    ENABLE_COMMAND_PALETTE = False  # Textual would bind its key itself; the registry of commands does
    BINDINGS = bindings(
        "details", "help", "palette", "begin", "leave", "tour", "tour_next", "tour_end", *LOOKS
    )

    def __init__(
        self,
        home: Home,
        place: Place | None,
        where: str = "today",
        signs: Signs | None = None,
        **options: Any,
    ) -> None:
        super().__init__(home, where, signs, **options)
        self._disable_tooltips = self._disable_notifications = True  # nothing here makes any
        self._place = place
        self.left_words: dict[str, dict[str, str]] = {}  # typed where no draft can be kept yet, by screen
        self._gate = Gate()

    @override
    def get_driver_class(self) -> type[Driver]:
        found = super().get_driver_class()
        if sys.platform == "win32":
            return found
        from textual.drivers.linux_driver import LinuxDriver

        from moot_client.tui.terminal.driver import MootDriver

        return MootDriver if found is LinuxDriver else found

    @override
    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), self._gate]

    @override
    def get_default_screen(self) -> Screen[Any]:
        """The first screen: what can be read at once, so that no empty one is drawn before it."""
        first = self.glanced(self._place) if self._place is not None else None
        return first or super().get_default_screen()

    async def on_mount(self) -> None:
        """The community that was asked for, or the welcome."""
        for number in (signal.SIGHUP, signal.SIGTERM) if hasattr(signal, "SIGHUP") else ():
            try:
                asyncio.get_running_loop().add_signal_handler(number, self.told_to_end)
            except (ValueError, RuntimeError, NotImplementedError):
                break  # not on the main thread (tests), or no such thing here (Windows)
        self.set_class(self.signs.plain, "-plain")
        self.set_interval(LOOK_S, self.look)
        if self._place is None:
            await self.action_begin()
        elif self.desk is not None:
            self.go_on()
        else:
            await self.opened(self._place)
        if self.settings.trouble:
            self.say(self.settings.trouble, care=True)

    @override
    def unseen(self, event: Key | Paste) -> bool:
        """In a window that is too small only the key that closes Moot does something."""
        small = on_top(self) is not None and too_small(*self.size)
        return small and not (isinstance(event, Key) and closes(event.key))

    # -- from anywhere -----------------------------------------------------------------------------

    def show_record(self, key: str) -> None:
        """Open a record from the palette, over what is being read."""
        while not isinstance(self.screen, MainScreen) and len(self.screen_stack) > 1:
            self.pop_screen()
        if isinstance(self.screen, MainScreen):
            self.screen.open_found(key)

    @override
    def show_words(self) -> None:
        if self.desk is not None and not self.desk.replica.own(WORDS_CONFIRMED, False):
            from moot_client.tui.screens.words import WordsScreen

            asked = self.outside.random(1)[0]
            self.push_screen(WordsScreen(self.desk, self.desk.replica.identity.words(), asked))

    async def action_begin(self) -> None:
        """Found or join another community."""
        from moot_client.tui.screens.welcome import WelcomeScreen

        await self.push_screen(WelcomeScreen(self.home, self.signs))

    async def action_details(self) -> None:
        """S: what is where; the same key closes it."""
        from moot_client.tui.screens.details import DetailsScreen

        if isinstance(self.screen, DetailsScreen):
            self.screen.dismiss()
        elif self.desk is not None:
            await self.push_screen(DetailsScreen(self.desk))

    async def action_palette(self) -> None:
        """Ctrl+P."""
        if not isinstance(self.screen, CommandPalette):
            placeholder = "A command, or words to find"
            await self.push_screen(CommandPalette(placeholder=placeholder, id="--command-palette"))

    # -- ending ------------------------------------------------------------------------------------

    async def action_leave(self) -> None:
        """Ctrl+Q: what was typed is put on disk first; where it cannot be, that is said, and seen."""
        top, warning = on_top(self), NOT_KEPT.format(key_of("leave"))
        warned = top is not None and warning in top.status.text  # to try once more says other things
        if await self._kept() or top is None or warned:
            self.exit(0)
        else:
            screens = (screen for screen in self.screen_stack if isinstance(screen, MootScreen))
            why = next((screen.not_kept for screen in screens if screen.not_kept), "")
            top.warn(f"{warning} {why}".rstrip())

    @override
    def action_help_quit(self) -> None:
        """Ctrl+C, which elsewhere ends what runs: how one leaves."""
        self.say(f"{key_of('leave')} closes Moot; what you typed is kept")

    @override
    async def action_quit(self) -> None:
        await self.action_leave()

    async def _kept(self) -> bool:
        kept = True
        for screen in self.screen_stack:
            if isinstance(screen, MootScreen):
                kept = await screen.keep_typing() and kept
        return kept

    async def _keys_done(self) -> None:
        """What was pressed before the end came is typed first; not for ever.

        Keys come here from a thread by one way, that there is nobody any more by a shorter one: the last
        of them may be in the queue by now, or not even there.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(KEYS_S):
                await asyncio.sleep(0.01)
                while self.message_queue_size or not self.keys_at_rest:  # noqa: ASYNC110  nobody tells
                    await asyncio.sleep(0.01)

    def told_to_end(self) -> None:
        """The window was closed, or somebody asked the process to end."""

        async def end() -> None:
            await self._keys_done()
            await self._kept()
            self.exit(0)

        self.run_worker(end(), exit_on_error=False)

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
