"""Recovery words: shown once, one of them typed back; skippable, and asked for again on Today."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static
from typing_extensions import override

from moot_client.tui.desk import Desk
from moot_client.tui.ink import ACCENT, DIM, STRONG, joined, write
from moot_client.tui.places.today import WORDS_CONFIRMED
from moot_client.tui.screens.base import MootScreen
from moot_client.tui.widgets.prosebox import LineBox

_ROWS = 6


class WordsScreen(MootScreen):
    """First the words, then one question about them."""

    CSS_PATH = "words.tcss"
    BINDINGS = [
        Binding("enter", "on", "I have written them down", show=True),
        Binding("escape", "later", "later", show=True),
    ]

    def __init__(self, desk: Desk, words: tuple[str, ...], asked: int) -> None:
        super().__init__(desk)
        self._words = words
        self._asked = asked % len(words)
        self._asking = False

    @override
    def body(self) -> ComposeResult:
        yield Static(
            "These words are you. They bring you back on another machine when this one is lost. Nobody else "
            "has them, and nobody can send them to you. Write them down on paper, in this order.",
            classes="plain",
            markup=False,
        )
        yield Static(id="words")
        yield Static(id="ask")
        yield LineBox(id="answer")

    def on_mount(self) -> None:
        """The words, in columns that read downwards."""
        self.top.crumb("", write(("Your recovery words", STRONG)), write(""))
        self.query_one("#answer").display = False
        self.query_one("#words", Static).update(self._table())
        self.query_one("#ask", Static).update(
            write(("Enter when you have written them down. Esc does it later; Today asks again.", DIM))
        )

    def _table(self) -> Content:
        columns = range(0, len(self._words), _ROWS)
        rows = []
        for row in range(_ROWS):
            cells = [
                write((f"{at + row + 1:>2} ", DIM), (f"{self._words[at + row]:<10}", STRONG))
                for at in columns
                if at + row < len(self._words)
            ]
            rows.append(joined(cells, "   "))
        return joined(rows, "\n")

    def action_on(self) -> None:
        """Written down: ask for one of them."""
        if not self._asking:
            self._asking = True
            self.key_words = {"on": "that is it", "later": "back to the words", "submit": "that is it"}
            self.query_one("#words").display = False
            answer = self.query_one("#answer", LineBox)
            answer.display = True
            answer.focus()
            self.query_one("#ask", Static).update(write((f"Which is word {self._asked + 1}?", ACCENT)))
            self.status.hush()

    @on(LineBox.Submitted)
    async def _answered(self, event: LineBox.Submitted) -> None:
        event.stop()
        if event.value.strip().casefold() == self._words[self._asked]:
            replica = self.desk.replica
            await self.desk.write(lambda: replica.set_own(WORDS_CONFIRMED, True))
            self.dismiss(True)
            self.moot.say("That is it. Keep the paper where you keep your passport")
        else:
            self.status.say(f"That is not word {self._asked + 1}. Esc goes back to the words.", care=True)

    def action_later(self) -> None:
        """Esc: from the question to the words, from the words on without them."""
        if self._asking:
            self._asking = False
            self.key_words = {}
            self.query_one("#words").display = True
            self.query_one("#answer").display = False
            self.status.hush()
            self.on_mount()
        else:
            self.dismiss(False)
