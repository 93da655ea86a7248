"""The places, one at a time, and everything that can be done to what is selected."""

from __future__ import annotations

from contextlib import suppress

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.events import ScreenResume
from typing_extensions import override

from moot_client.tui.arriving.behind import Behind
from moot_client.tui.commands.registry import COMMANDS, bindings, key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import ACCENT, DIM, fit, line, write
from moot_client.tui.pictures.showing import Picturing
from moot_client.tui.places import PLACES, make
from moot_client.tui.places.view import PlaceView
from moot_client.tui.screens.acts import Acts
from moot_client.tui.screens.finding import Finding
from moot_client.tui.sensible import Sensible
from moot_client.tui.targets import kind_of
from moot_shared.errors import MootError


class MainScreen(Finding, Picturing, Acts):
    """What one sees most of the time."""

    BINDINGS = bindings(
        *("new", "write", "vote", "pledge", "use", "lesson", "finish", "comment", "edit", "tie", "review"),
        *("remove", "convenor", "step_down", "claim", "vouch", "take_back", "depart"),
        *("archive", "others", "put_away", "copy", "undo", "find", "away", "back", "community", "device"),
        *("search", "history", "picture"),
        *(f"place('{place}')" for place in PLACES),
    )

    def __init__(self, desk: Desk, place: str = "today") -> None:
        super().__init__(desk)
        self.views: dict[str, PlaceView] = {}  # a place is made when one comes to it
        self.here = place if place in PLACES else "today"
        self._called = desk.place.name
        self._sensible = Sensible(desk)
        self._naming = Behind(self, self._read_name, self._named)
        self._arrived = self._lined = False

    @property
    @override
    def view(self) -> PlaceView:
        if self.here not in self.views:
            self.views[self.here] = PlaceView(self.desk, make(self.here))
        return self.views[self.here]

    @override
    def body(self) -> ComposeResult:
        yield self.view

    async def on_mount(self) -> None:
        """Show the place that was asked for."""
        self._arrive()

    # -- keeping up ----------------------------------------------------------------------------

    @override
    def on_screen_resume(self, event: ScreenResume) -> None:
        super().on_screen_resume(event)
        if self._arrived:
            self.view.load(adopt=False)

    @override
    def on_resize(self) -> None:
        super().on_resize()
        self.view.make_room()
        if self._arrived:
            self.call_after_refresh(lambda: self.view.load(adopt=False))

    @override
    def rows_changed(self) -> None:
        super().rows_changed()
        if not self._lined and self.desk.is_whole:
            self._lined = True
            self.run_worker(self.put_up_lines(), group="lines", exit_on_error=False)
        self._naming.ask()
        self.view.load(adopt=False, mine=self.desk.doing > 0)

    @override
    def company_changed(self) -> None:
        super().company_changed()
        if self.here == "people":
            self.view.load(adopt=False, mine=True)
        else:
            self.view.look_again()

    @property
    @override
    def writing_in(self) -> str:
        return str(getattr(self.bar, "writing_in", ""))

    @on(PlaceView.Changed)
    def _selection_changed(self) -> None:
        self._draw_top()
        self.refresh_bindings()

    def _read_name(self) -> str:
        from moot_client.views.community import community

        return community(self.desk.db).name or self.desk.place.name

    def _named(self, name: str) -> None:
        if name != self._called:
            self._called = name
            self._draw_top()

    def _draw_top(self) -> None:
        view = self.view
        over = view.opened and not view.wide  # then the keys have the room of words about the list
        if over and view.sheet:
            room = self.size.width - len(self.here) - len(f" {self.desk.signs.back}   ")
            self.top.crumb(self.here.capitalize(), view.sheet.title, view.sheet.beside(room))
        else:
            self.top.places(self._called, self.here)
        self.keys.hint(write() if over else self._only() if view.narrowed.strip() else view.hint)
        self.key_words = view.place.key_words

    # -- moving between places ---------------------------------------------------------------------

    async def action_place(self, place: str) -> None:
        """Go to a place; each is as it was left. Once more goes to its list."""
        if not await self.no_bar():
            return
        if place == self.here:
            while self.view.deep:
                self.view.back()
        else:
            self._leave()
            self.here = place
            with self.app.batch_update():  # one picture, in which it is there
                for name, view in self.views.items():
                    view.display = name == place
                if not self.view.is_attached:
                    await self.query_one("#work").mount(self.view)
        self._arrive()

    def _arrive(self) -> None:
        self.view.place.arrive(self.desk)
        self.view.load(adopt=True)
        self.view.enter()
        self._draw_top()
        self._arrived = True

    def _leave(self) -> None:
        self.run_worker(self.view.place.leave(self.desk), group="look", exit_on_error=False)

    @override
    async def keep_typing(self) -> bool:
        kept = await self.bars_kept()
        with suppress(MootError):  # it only means that today's news is told once more
            await self.view.place.leave(self.desk)
        return kept

    @override
    def keep_typing_now(self) -> None:
        self.bars_kept_now()

    def action_back(self) -> None:
        """Back to exactly where one was; a narrowed list is whole again."""
        if self.view.deep:
            self.view.back()
        elif self.filtered:
            self.filter("")

    # -- narrowing -----------------------------------------------------------------------------------

    @property
    def filtered(self) -> str:
        """The words by which this place's list is narrowed."""
        return self.view.narrowed

    def filter(self, words: str) -> None:
        """Narrow this place's list; '' shows all of it."""
        if words != self.view.narrowed:
            self.view.list.narrow(words)
            self._draw_top()

    def _only(self) -> Content:
        """By what the list is narrowed; a list that lacks lines must not look whole."""
        words = line(self.view.narrowed.strip(), ACCENT)
        words = fit(words, min(words.cell_length, 20), self.desk.signs.more)
        back = "" if self.view.deep else f"   {key_of('back')} shows all"
        return write(("only: ", DIM), words, (back, DIM))

    async def action_find(self) -> None:
        """Narrow the list as one types."""
        if self.view.opened and not self.view.wide:
            self.view.back()
        await self.open_bar(lambda: self.finder().begin(self.view.narrowed))

    def action_away(self) -> None:
        """Show what is closed or put away too, or not any more."""
        place = self.view.place
        place.everything = not place.everything
        self.view.load(adopt=True)
        self.status.say(place.away_words[0 if place.everything else 1])

    # -- what makes sense now ----------------------------------------------------------------------

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        command = COMMANDS.get(action)
        if action == "back":
            return True if self.view.deep or self.view.narrowed else None
        if action == "undo":
            return True if self.desk.undo.entries else None
        if command is not None and command.places and self.here not in command.places:
            return None
        if command is None or not command.kinds:
            return True
        target = self.view.target
        return (kind_of(target) in command.kinds and self._sensible.on(target, action)) or None
