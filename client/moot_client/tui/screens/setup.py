"""A short form before there is a community to keep drafts in: found, join, put on a relay."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Static
from typing_extensions import override

from moot_client.sync.events import Event, Progress
from moot_client.tui.commands.registry import bindings
from moot_client.tui.company.status import under_way
from moot_client.tui.forms.rows import FieldRow
from moot_client.tui.looks.ink import CARE, DIM, STRONG, text, write
from moot_client.tui.looks.signs import Signs
from moot_client.tui.messages import TooMuch
from moot_client.tui.widgets.bottom import KeysLine
from moot_client.tui.widgets.prosebox import LineBox
from moot_client.tui.widgets.topline import TopLine
from moot_shared.errors import InputError, MootError
from moot_shared.kinds.fields import Field

if TYPE_CHECKING:
    from moot_client.tui.app import MootApp

Work = Callable[[Mapping[str, str]], Any]


class SetupScreen(Screen[Any]):
    """Fields, a sentence above them, and what finishing does; dismissed with what the work answers."""

    CSS_PATH = "setup.tcss"
    AUTO_FOCUS = ""  # screens put the focus where it belongs
    BINDINGS = bindings("finish_typing", "stop_typing", "next_field", "last_field")

    def __init__(
        self, signs: Signs, title: str, words: str, fields: Mapping[str, Field[Any]], finish: str, busy: str
    ) -> None:
        super().__init__(classes="setup")
        self.key_words = {"finish_typing": finish, "stop_typing": "back"}
        self.top = TopLine(signs)
        self._title, self._words, self._busy = title, words, busy
        self._working = False
        self._fields = dict(fields)
        self.rows = {name: FieldRow(None, name, field, "") for name, field in fields.items()}
        self._signs = signs

    @property
    def moot(self) -> MootApp:
        """The application, by its own type."""
        from moot_client.tui.app import MootApp

        assert isinstance(self.app, MootApp)
        return self.app

    @override
    def compose(self) -> ComposeResult:
        yield self.top
        with VerticalScroll(id="work", can_focus=False):
            yield Static(self._words, classes="plain", markup=False)
            yield from self.rows.values()
            yield Static("", id="told", classes="plain", markup=False)
        with Vertical(id="bottom"):
            yield KeysLine(self._signs)

    def on_mount(self) -> None:
        """Ready to type."""
        self.top.crumb("", write((self._title, STRONG)), write(""))
        for name, words in self.moot.left_words.pop(self._title, {}).items():
            self.rows[name].words = words
        next(iter(self.rows.values())).enter()

    def work(self, words: Mapping[str, str]) -> Any:
        """What finishing does, in a thread; a MootError is shown as it stands."""
        raise NotImplementedError

    def tell(self, words: str, *, care: bool = False) -> None:
        """Say something under the fields."""
        self.query_one("#told", Static).update(text(words, CARE if care else DIM))

    def going(self, event: Event) -> None:
        """How it goes, from the thread that works: what is large is told in numbers."""
        if isinstance(event, Progress):
            words = under_way(event).plain if event.done < event.of else self._busy
            self.call_later(self.tell, words)

    def asked(self) -> list[str]:
        """The fields that are asked for just now."""
        return list(self.rows)

    def line_entered(self, box: LineBox) -> None:
        """Enter goes on to the next field; after the last one, it finishes."""
        last = self.rows[self.asked()[-1]]
        if last.has_focus_within:
            self.action_finish_typing()
        else:
            self.focus_next()

    @on(LineBox.Changed)
    def typed(self) -> None:
        """What was wrong may be right now."""
        for row in self.rows.values():
            row.trouble("")
        self.tell(self.hint())

    @on(TooMuch)
    def _too_much(self, event: TooMuch) -> None:
        event.stop()
        self.tell(event.sentence, care=True)

    def hint(self) -> str:
        """What stands under the fields while nothing is wrong."""
        return ""

    def action_finish_typing(self) -> None:
        """Check the fields, then do it in a thread."""
        words = {name: self.rows[name].words for name in self.asked()}
        for name, said in words.items():
            try:
                self._fields[name].check(said)
            except InputError as error:
                self.rows[name].trouble(str(error))
                self.rows[name].enter()
                return
        if not self._working:
            self._working = True
            self.tell(self._busy)
            self.run_worker(self._work(words), group="setup", exit_on_error=False)

    async def _work(self, words: Mapping[str, str]) -> None:
        try:
            answer = await asyncio.to_thread(self.work, words)
        except MootError as error:
            self.tell(str(error), care=True)
            return
        finally:
            self._working = False
        self.dismiss(answer)

    def action_stop_typing(self) -> None:
        """Esc: what was typed is there again when one comes back. It is on no disk: some of it is secret."""
        if not self._working:
            self.moot.left_words[self._title] = {
                name: row.words for name, row in self.rows.items() if row.words
            }
            self.dismiss(None)

    def action_next_field(self) -> None:
        """Tab."""
        self.focus_next()

    def action_last_field(self) -> None:
        """Shift+Tab."""
        self.focus_previous()
