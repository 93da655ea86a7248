"""Ctrl+P: every command of the registry, and everything that was written; whatever one types leads somewhere.

A command that makes no sense just now is there as well: it leads to where it does, and says what to select.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider
from typing_extensions import override

from moot_client.tui.commands.called import ALSO, LOOK, MAKING, OF_ONESELF, PLACE_OF, SHELL
from moot_client.tui.commands.command import DOING, EVERYWHERE
from moot_client.tui.commands.likeness import likeness
from moot_client.tui.commands.registry import COMMANDS, Command
from moot_client.tui.looks.ink import DIM, line, write
from moot_client.tui.screens.base import MootScreen
from moot_client.tui.targets import can_show
from moot_client.tui.widgets.hitlist import emphasis
from moot_client.views.hits import Found
from moot_client.views.search import search

if TYPE_CHECKING:
    from moot_client.tui.app import MootApp
    from moot_client.tui.screens.main import MainScreen

Run = Callable[[], Awaitable[object] | None]
_NOT_HERE = frozenset({"palette", "open", "back"})
FOUND, LEAST_TYPED = 12, 2
PLACES = ("agenda", "lessons", "people", "today")  # in which order something is led to
ELSEWHERE, WORDS, LAST = 0.95, 0.6, 0.01
"""How far up it stands: what is done elsewhere (here: 1), words that were written, the way to search."""


async def to_places(moot: MootApp) -> MainScreen | None:
    """Back to the places, with whatever was being typed on disk first; None where that did not work."""
    from moot_client.tui.screens.main import MainScreen

    while not isinstance(moot.screen, MainScreen) and len(moot.screen_stack) > 1:
        if isinstance(moot.screen, MootScreen) and not await moot.screen.keep_typing():
            return None
        await moot.pop_screen()
    return moot.screen if isinstance(moot.screen, MainScreen) else None


class CommandsProvider(Provider):
    """What can be done: here, and elsewhere."""

    @property
    def moot(self) -> MootApp:
        """The application, by its own type."""
        from moot_client.tui.app import MootApp

        assert isinstance(self.app, MootApp)
        return self.app

    def _here(self) -> dict[str, tuple[Command, Run]]:
        """What makes sense on the screen beneath, by id."""
        found: dict[str, tuple[Command, Run]] = {}
        for active in self.screen.active_bindings.values():
            command = COMMANDS.get(active.binding.action)
            if command and active.enabled and _offered(command):
                run = partial(self.app.run_action, command.action, active.node)
                found.setdefault(command.id, (command, run))
        return found

    def _elsewhere(self) -> Iterator[tuple[Command, Run, str]]:
        """What makes sense when something else is selected, and what that is."""
        here = self._here()
        for command in COMMANDS.values():
            kind = next((kind for kind in PLACE_OF if kind in command.kinds), "")
            if command.id not in here and kind and _offered(command):
                place, what = PLACE_OF[kind]
                what = "yourself" if command.action in OF_ONESELF else what
                then = f"Select {what}, then {command.key}: {command.help}"
                yield command, partial(self._lead, place, then), f"select {what} first"
            elif command.id not in here and command.places and _offered(command):
                place = next(place for place in PLACES if place in command.places)
                then = f"{command.key}: {command.help}"
                yield command, partial(self._lead, place, then), f"in {place.capitalize()}"

    async def _lead(self, place: str, then: str) -> None:
        main = await to_places(self.moot)
        if main is not None:
            if main.here != place:
                await main.action_place(place)
            main.status.say(then)

    async def _type(self, typed: str, told: str) -> None:
        self.moot.say(f"Outside Moot, type {typed}: {told} {typed} --help says more")

    async def _make(self, place: str) -> None:
        main = await to_places(self.moot)
        if main is not None:
            await main.desk.whole()
            if main.here != place:
                await main.action_place(place)
            await main.action_new()

    def _communities(self) -> Iterator[tuple[str, Run]]:
        moot = self.moot
        here = moot.desk.place if moot.desk else None
        for place in moot.home.places():
            if here is None or place.folder != here.folder:
                yield line(place.name).plain, partial(_open, moot, place)

    @override
    async def discover(self) -> Hits:
        for command, run in self._here().values():
            yield DiscoveryHit(write(command.named), run, command.label, help=command.help)

    @override
    async def search(self, query: str) -> Hits:
        for command, run in self._here().values():
            score = likeness(query, command.label, _also(command), command.help)
            if score:
                yield Hit(score, write(command.named), run, text=command.label, help=command.help)
        for command, run, first in self._elsewhere() if self.moot.desk else ():
            score = ELSEWHERE * likeness(query, command.label, _also(command), command.help)
            if score:
                display = write(command.named, (f"  {first}", DIM))
                yield Hit(score, display, run, text=command.label, help=command.help)
        for name, place, also, told in MAKING if self.moot.desk else ():
            score = likeness(query, name, also, told)
            if score:
                yield Hit(0.98 * score, write(name), partial(self._make, place), text=name, help=told)
        for name, typed, also, told in SHELL:
            score = likeness(query, name, also, told)
            if score:
                display = write(name, (f"  {typed}, in a shell", DIM))
                yield Hit(0.99 * score, display, partial(self._type, typed, told), text=name, help=told)
        for name, open_it in self._communities():
            score = likeness(query, f"open {name}", "switch community other")
            if score:
                yield Hit(0.9 * score, write(f"Open ‘{name}’"), open_it, text=name)


def _offered(command: Command) -> bool:
    """Whether it is something to do, and no way to move about or to type."""
    return command.group in (DOING, EVERYWHERE) and command.action not in _NOT_HERE


def _also(command: Command) -> str:
    return LOOK if command.id.startswith("look") else ALSO.get(command.id, "")


async def _open(moot: MootApp, place: object) -> None:
    from moot_client.home import Place

    assert isinstance(place, Place)
    moot.open_place(place)


class WordsProvider(Provider):
    """Everything that was written, and everybody; what people wrote is never markup."""

    @override
    async def search(self, query: str) -> Hits:
        from moot_client.tui.app import MootApp

        moot = self.app
        if not isinstance(moot, MootApp) or moot.desk is None or len(query.strip()) < LEAST_TYPED:
            return
        found = await asyncio.to_thread(self._look, query)
        for rank, hit in enumerate(found.hits):
            if can_show(hit.key):
                by = f" ({hit.by})" if hit.by else ""
                tags = write(
                    (f"  {hit.kind}", DIM), line(by, DIM), (f"  {hit.state}" if hit.state else "", DIM)
                )
                run = partial(_show, moot, hit.key)
                text = hit.title.text or hit.key
                told = line(found.told).plain if found.told and not rank else None
                yield Hit(WORDS - rank / 100, emphasis(hit.title) + tags, run, text=text, help=told)
        more = write("Search everything for ", line(f"‘{query[:60]}’"))
        yield Hit(LAST, more, partial(_seek, moot, query), text=query, help="The same with the words around.")

    def _look(self, query: str) -> Found:
        from moot_client.tui.app import MootApp

        moot = self.app
        assert isinstance(moot, MootApp)
        return search(moot.desk.db, moot.desk.me, query, FOUND) if moot.desk else Found()


async def _show(moot: MootApp, key: str) -> None:
    main = await to_places(moot)
    if main is not None:
        main.open_found(key)


async def _seek(moot: MootApp, words: str) -> None:
    main = await to_places(moot)
    if main is not None:
        await main.action_search(words)
