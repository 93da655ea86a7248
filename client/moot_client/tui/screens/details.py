"""What each machine has: a row for this one, for each relay, and for each member."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from typing_extensions import override

from moot_client.tui.arriving.behind import Behind
from moot_client.tui.commands.registry import bindings, key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import DIM, STRONG, write
from moot_client.tui.screens.base import MootScreen
from moot_client.tui.screens.hosting import HostScreen
from moot_client.tui.sheets import safe
from moot_client.tui.sheets.safe import Safe
from moot_client.tui.widgets.page import Page
from moot_client.views.people import people

SEEN = ("the others see that you are here", "nobody sees that you are here")


class Rows(Page):
    """Up and down go from one thing that can be opened to the next; where there is none, a line further."""

    @override
    def action_down(self) -> None:
        if not self._stepped(1):
            super().action_down()

    @override
    def action_up(self) -> None:
        if not self._stepped(-1):
            super().action_up()

    def _stepped(self, by: int) -> bool:
        count = len(self._layout.stops)
        here = self._stop if self._stop is not None else -1 if by > 0 else count
        if not 0 <= here + by < count:
            return False
        self._step(by)
        return True


class DetailsScreen(MootScreen):
    """S: what is safe where, in rows; what waits, to be opened; the last trouble, and the next try."""

    BINDINGS = bindings("back", "host", "again", "hide")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._safe: Safe | None = None
        self._reading = Behind(self, lambda: safe.read(desk), self._read)

    @override
    def body(self) -> ComposeResult:
        yield Rows(self.desk.signs)

    def on_mount(self) -> None:
        """Show it, and keep it true."""
        self._title()
        self.query_one(Page).focus()
        self._reading.ask()
        self.set_interval(1.0, self._draw)

    @override
    def rows_changed(self) -> None:
        super().rows_changed()
        self._reading.ask()

    @override
    def company_changed(self) -> None:
        super().company_changed()
        self._draw()

    def _title(self) -> None:
        together = self.moot.together
        seen = SEEN[together.unseen] if together is not None else ""
        self.top.crumb("", write(("What is where", STRONG)), write((seen, DIM)))

    def _read(self, found: Safe) -> None:
        fresh, self._safe = self._safe is None, found
        on_one = found.standing.relay or self.moot.link.url
        self.key_words = {} if on_one else {"host": "put it on a relay"}  # help names it all the same
        self.refresh_bindings()
        self._draw(fresh=fresh)

    def _draw(self, *, fresh: bool = False) -> None:
        if self._safe is not None:
            blocks = safe.blocks(self._safe, self.desk, self.moot.link)
            for page in self.query(Page):  # there is none while the screen is taken away
                page.show(tuple(blocks), fresh=fresh)

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("again", "hide"):  # there has to be somebody to ask, or to be seen by
            return None if "host" in self.key_words else True
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """Esc."""
        self.dismiss()

    @on(Page.Followed)
    def _opened(self, event: Page.Followed) -> None:
        """Enter on something that waits, or on a member."""
        event.stop()
        self.moot.show_record(event.target)

    def action_again(self) -> None:
        """Do not wait for the next try; where there is a connection, see whether it still is one."""
        if self.moot.together is not None:
            self.moot.together.check()
        self.status.say("Asking the relay")

    async def action_hide(self) -> None:
        """Let the others (not) see that one is here."""
        together = self.moot.together
        if together is not None:
            await together.hide(not together.unseen)
            self._title()
            self.status.say(f"From now on {SEEN[together.unseen]}")

    async def action_host(self) -> None:
        """Put the community on a relay."""
        await self.app.push_screen(HostScreen(self.desk), self._hosted)

    def _hosted(self, url: str | None) -> None:
        if url:
            self.moot.nudge()
            self._reading.ask()
            others = len(people(self.desk.db, self.desk.me)) > 1
            then = (
                f"Members who know another address learn this one from a convenor: moot relay set {url}"
                if others
                else f"Now you can invite: {key_of('back')}, then {key_of('people')}, then {key_of('new')}"
            )
            self.status.say(f"The relay {url} has stored everything. {then}", care=others)
