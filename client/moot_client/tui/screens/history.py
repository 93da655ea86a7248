"""h: what was done to a thing, the newest first; what each did to its words; and an earlier text back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Key
from textual.widgets import Static
from typing_extensions import override

from moot_client.history.history import FIRST, Event, History, history
from moot_client.history.restore import back, before, named, stands
from moot_client.replica.commands import Edit, Say
from moot_client.tui.arriving.behind import Behind
from moot_client.tui.commands.registry import COMMANDS, bindings, key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import DIM, fit, line, spread, write
from moot_client.tui.looks.sheet import Block
from moot_client.tui.looks.signs import Signs
from moot_client.tui.screens.base import MootScreen
from moot_client.tui.sheets.history import at_the_same_time, event_blocks, headline
from moot_client.tui.widgets.items import Item, heading
from moot_client.tui.widgets.page import Page
from moot_client.tui.widgets.rowlist import RowList
from moot_client.views.phrases import count
from moot_shared.errors import InputError, NotFound

Answer = tuple[Edit | Say, str]
"""What is to be done, and how that is said."""


class HistoryScreen(MootScreen):
    """Events, and the selected one's words. It ends with what brings a text back, or None."""

    CSS_PATH = "history.tcss"
    BINDINGS = bindings("back", "history", "restore")

    def __init__(self, desk: Desk, key: str) -> None:
        super().__init__(desk)
        self.key_words = {"open": "read it"}
        self._key = key
        self._first = FIRST
        self._reading: Behind[History | None] = Behind(self, self._read, self._show)
        self._found: History | None = None
        self._room = 0
        self._read_last = ""  # the event whose words stand on the page
        self.able = False
        self.list = RowList(desk.signs)
        self.page = Page(desk.signs, id="event")

    @override
    def body(self) -> ComposeResult:
        with Horizontal(id="both"):
            with Vertical(classes="list"):
                yield self.list
            with Vertical(classes="reading"):
                yield Static(self.desk.signs.rule * 400, classes="between", markup=False)
                yield self.page

    def on_mount(self) -> None:
        """Read it behind the interface: there may be thousands of changes."""
        self.top.crumb("", write("History"), write(""))
        self.list.focus()
        self._reading.ask()

    @override
    def rows_changed(self) -> None:
        super().rows_changed()
        self._reading.ask()

    def _read(self) -> History | None:
        try:
            return history(self.desk.db, self.desk.me, self._key, self._first)
        except NotFound:
            return None

    def _show(self, found: History | None) -> None:
        self._found = found
        if found is None:
            self.page.show((Block("", write("Nothing is known here of what was done to this.")),), fresh=True)
            return
        self.top.crumb("back", line(found.title), write(("history", DIM)))
        self.list.show(list(self._items(found)), adopt=True, mine=True)
        self._show_event()

    def _items(self, found: History) -> Iterator[Item]:
        self._room = max((len(self.desk.when(event.at)) for event in found.events if event.at), default=0)
        for event in found.events:
            yield Item(event.id, self._drawn(event), event.id)
        if found.earlier:
            yield heading(f"{count(found.earlier, 'earlier change')}: go on down to read them")

    def _drawn(self, event: Event) -> Callable[[int, Signs], Content]:
        def draw(width: int, signs: Signs) -> Content:
            when = fit(write((self.desk.when(event.at) if event.at else "", DIM)), self._room, signs.more)
            left = when + write("  ") + headline(event, width - self._room - 2, signs.more)
            beside = at_the_same_time(event)
            if left.cell_length + len(beside) >= width:
                beside = "same time" if beside else ""
            return spread(left, write((beside, DIM)), width, signs.more)

        return draw

    # -- one event ------------------------------------------------------------------------------

    @property
    def event(self) -> Event | None:
        """What is selected."""
        row = self.list.selected
        events = self._found.events if self._found else ()
        return next((event for event in events if row is not None and event.id == row.id), None)

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._show_event()
        rows = self.list.rows
        if self._found and self._found.earlier and rows and self.list.selected in rows[-3:]:
            self._first += FIRST
            self._reading.ask()

    def _show_event(self) -> None:
        event, found = self.event, self._found
        if event is None or found is None:
            return
        blocks = tuple(event_blocks(self.desk, found, event, self._then(found, event)))
        self.page.show(blocks, fresh=event.id != self._read_last)
        self._read_last = event.id
        self.refresh_bindings()

    def _then(self, found: History, event: Event) -> str:
        """What the key does about it, where it does something."""
        answer = self._answer(found, event)
        self.able = not isinstance(answer, str)
        if isinstance(answer, str):
            return ""
        if event.statement:
            return f"{key_of('restore')} says this again as it was."
        how = "back how it was before this" if stands(found, event) else "this text back"
        return f"{key_of('restore')} brings {how}: {named(found, answer[0])}."

    def _answer(self, found: History, event: Event) -> Answer | str:
        """What the key does about an event; or why there is nothing to do."""
        newest = not event.statement and stands(found, event)
        try:
            command = before(found, event) if newest else back(found, event)
        except InputError as error:
            return str(error)
        return command, f"Brought back: {named(found, command)}"

    def on_key(self, event: Key) -> None:
        """The key that restores, where it does nothing and is not on the keys line: it says why."""
        if event.key not in COMMANDS["restore"].keys_now:
            return
        if self.event is not None and self._found is not None and not self.able:
            self.status.say(str(self._answer(self._found, self.event)))

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return (self.able or None) if action == "restore" else super().check_action(action, parameters)

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        """Enter: to its words, to read them all; only r changes anything."""
        event.stop()
        self.page.focus()

    def action_restore(self) -> None:
        """r: the earlier text, as an edit of what stands now; one sees it where one came from."""
        event, found = self.event, self._found
        if event is None or found is None:
            return
        answer = self._answer(found, event)
        if not isinstance(answer, str):
            self.dismiss(answer)

    def action_history(self) -> None:
        """The key that opened it closes it."""
        self.dismiss(None)

    def action_back(self) -> None:
        """Esc: from the words to the list, then to exactly where one was."""
        if self.page.has_focus:
            self.list.focus()
        else:
            self.dismiss(None)
