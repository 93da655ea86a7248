"""From a place to a search and back, what it found opened over what one was reading; keys without effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.events import Key

from moot_client.tui.places.view import PlaceView
from moot_client.tui.screens.acting import Acting
from moot_client.tui.targets import draft_of, kind_of
from moot_client.tui.widgets.bars import bar_of

if TYPE_CHECKING:
    from moot_client.replica.commands import Command


_STEPS = frozenset(["up", "down", "left", "right", "home", "end", "pageup", "pagedown", "enter", "escape"])
MOVES = frozenset("jkgG/ 1245") | _STEPS  # pressed often, and never in vain


class Finding(Acting):
    """For a screen that has a `view` with something selected."""

    sought = ""
    """What was looked for last: it is there again, to go on from."""

    def on_key(self, event: Key) -> None:
        """A key that means something, and nothing here, says on what it works."""
        if event.key not in MOVES and bar_of(self.focused) is None:
            from moot_client.tui.screens.why_not import why_not

            valid = lambda action: self.check_action(action, ()) is True  # noqa: E731
            words = why_not(event.key, self.target, valid, self.desk.me)
            if words:
                self.status.say(words)

    async def action_search(self, words: str = "") -> None:
        """Search everything."""
        from moot_client.tui.screens.search import SearchScreen

        await self.app.push_screen(SearchScreen(self.desk, words or self.sought), self._searched)

    def _searched(self, answer: tuple[str, str] | None) -> None:
        if answer is not None:
            self.sought, target = answer
            if target:
                self.open_found(target)

    def open_found(self, target: str) -> None:
        """Show a thing over what is being read; a draft is gone on with where it was typed."""
        from moot_client.tui.forms.drafts import TO_COPY

        if kind_of(target) == "draft" and draft_of(target)[0] not in TO_COPY:
            self.view.post_message(PlaceView.Asked(target))
        else:
            self.view.go(target)

    async def action_history(self) -> None:
        """Who changed what is selected, when and how."""
        from moot_client.tui.screens.history import HistoryScreen

        await self.app.push_screen(HistoryScreen(self.desk, self.target), self._restored)

    def _restored(self, answer: tuple[Command, str] | None) -> None:
        if answer is not None:
            command, done = answer
            self.carry_out(command, done, "the earlier text")
