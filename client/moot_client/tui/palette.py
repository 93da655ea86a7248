"""Ctrl+P: every command of the registry that makes sense now, and every word of the community."""

from __future__ import annotations

from collections.abc import Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.command import DiscoveryHit, Hit, Hits, Provider
from typing_extensions import override

from moot_client.tui.commands import COMMANDS, Command
from moot_client.tui.ink import DIM, line, write
from moot_client.tui.sheets import can_show
from moot_client.views.search import search

if TYPE_CHECKING:
    from moot_client.tui.app import MootApp

Run = partial[Coroutine[Any, Any, bool]]
_NOT_HERE = {
    "palette",
    "down",
    "up",
    "top",
    "bottom",
    "page_down",
    "page_up",
    "next_link",
    "last_link",
    "open",
}


class CommandsProvider(Provider):
    """What can be done on the screen beneath, by name."""

    def _commands(self) -> list[tuple[Command, Run]]:
        found: list[tuple[Command, Run]] = []
        for active in self.screen.active_bindings.values():
            command = COMMANDS.get(active.binding.action)
            if command and active.enabled and command.action not in _NOT_HERE:
                run = partial(self.app.run_action, command.action, active.node)
                if all(command is not other for other, _ in found):
                    found.append((command, run))
        return found

    def _others(self) -> list[tuple[str, partial[None]]]:
        moot: MootApp = self.app  # type: ignore[assignment]
        here = moot.desk.replica.place if moot.desk else None
        return [
            (line(place.name).plain, partial(moot.open_place, place))
            for place in moot.home.places()
            if here is None or place.folder != here.folder
        ]

    @override
    async def discover(self) -> Hits:
        for command, run in self._commands():
            yield DiscoveryHit(command.named, run, help=command.help)

    @override
    async def search(self, query: str) -> Hits:
        words = query.casefold()
        for command, run in self._commands():
            score = 1.0 if words in command.label else 0.4 if words in command.help.casefold() else 0.0
            if score:
                yield Hit(score, command.named, run, help=command.help)
        for name, run_other in self._others():
            if words in f"open {name}".casefold():
                yield Hit(0.9, write(f"Open ‘{name}’"), run_other, text=name)


class WordsProvider(Provider):
    """Everything that was written, by its words; what people wrote is never markup."""

    @override
    async def search(self, query: str) -> Hits:
        moot: MootApp = self.app  # type: ignore[assignment]
        if moot.desk is None or len(query.strip()) < 2:
            return
        for rank, hit in enumerate(search(moot.desk.db, moot.desk.me, query, 20).hits):
            if can_show(hit.key):
                kind = hit.key.split("/", 1)[0]
                display = line(hit.title.text) + write((f"  {kind}", DIM))
                yield Hit(0.8 - rank / 100, display, partial(moot.show_record, hit.key), text=hit.title.text)
