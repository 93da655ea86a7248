"""Recovery words: shown once, one of them typed back; skippable, and asked for again on Today."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static
from typing_extensions import override

from moot_client.tui.commands.registry import bindings, key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import ACCENT, DIM, STRONG, joined, write
from moot_client.tui.places import WORDS_CONFIRMED
from moot_client.tui.screens.base import MootScreen
from moot_client.tui.widgets.prosebox import LineBox
from moot_shared.trust.lines import CommunityLine

_COLUMNS, _BETWEEN = 4, "  "
_MARGINS = 9  # left and right of the words, and a scroll bar
_WORDS = (
    "These words are you: with the community's line they bring you back when this machine is lost. "
    "Nobody can send them to you. Write them on paper, in this order."
)
_WITH = "The line, which moot words shows again:"
_NOWHERE = (
    "This community is on no relay yet, so there is nowhere to bring you back from. Once it is on one, "
    "moot words shows its line, too."
)


class WordsScreen(MootScreen):
    """First the words, then one question about them."""

    CSS_PATH = "words.tcss"
    BINDINGS = bindings("written", "later")

    def __init__(self, desk: Desk, words: tuple[str, ...], asked: int) -> None:
        super().__init__(desk)
        self._words = words
        self._asked = asked % len(words)
        self._asking = False

    @override
    def body(self) -> ComposeResult:
        with VerticalScroll(id="paper"):
            yield Static(_WORDS, classes="plain", markup=False)
            yield Static(id="words")
            yield Static(self._line(), id="line")
            yield Static(id="ask")
            yield LineBox(id="answer")

    def on_mount(self) -> None:
        """The words, on something that scrolls where they need it."""
        self.top.crumb("", write(("Your recovery words", STRONG)), write(""))
        self.query_one("#answer").display = False
        later = f"{key_of('later')} does it later; Today asks again."
        self.query_one("#ask", Static).update(
            write((f"{key_of('written')} when you have written them down. {later}", DIM))
        )
        self.query_one("#paper").focus()
        self._draw()

    @override
    def on_resize(self) -> None:
        super().on_resize()
        self._draw()

    def _draw(self) -> None:
        self.query_one("#words", Static).update(self._table(self.app.size.width - _MARGINS))
        self.call_after_refresh(self._hint)

    def _hint(self) -> None:
        """Where not everything fits, say so."""
        hidden = self.query_one("#paper").max_scroll_y > 0
        self.keys.hint(write(("Down: more", ACCENT)) if hidden else write(""))

    def _table(self, width: int) -> Content:
        """In columns that read downwards, as many as there is room for."""
        cell = max(map(len, self._words)) + 3
        columns = max(1, min(_COLUMNS, (width + len(_BETWEEN)) // (cell + len(_BETWEEN))))
        height = -(-len(self._words) // columns)
        rows = []
        for row in range(height):
            cells = [
                write((f"{at + 1:>2} ", DIM), (f"{self._words[at]:<{cell - 3}}", STRONG))
                for at in range(row, len(self._words), height)
            ]
            rows.append(joined(cells, _BETWEEN))
        return joined(rows, "\n")

    def _line(self) -> Content:
        """The words alone say who one is, not where: that is the community's line."""
        replica = self.desk.replica
        relay = replica.relay_url() or replica.place.relay
        if not relay:
            return write(_NOWHERE)
        line = CommunityLine(relay, replica.community, replica.place.name)
        return write(_WITH, "\n", (str(line), ACCENT))

    def action_written(self) -> None:
        """Written down: ask for one of them."""
        if not self._asking:
            self._asking = True
            self.key_words = {"written": "that is it", "later": "back to the words", "submit": "that is it"}
            self._show_paper(False)
            answer = self.query_one("#answer", LineBox)
            answer.display = True
            answer.focus()
            self.query_one("#ask", Static).update(write((f"Which is word {self._asked + 1}?", ACCENT)))
            self.status.hush()

    def _show_paper(self, shown: bool) -> None:
        for part in ("#words", "#line"):
            self.query_one(part).display = shown
        self.call_after_refresh(self._hint)

    @on(LineBox.Submitted)
    async def _answered(self, event: LineBox.Submitted) -> None:
        event.stop()
        if event.value.strip().casefold() == self._words[self._asked]:
            replica = self.desk.replica
            await self.desk.write(lambda: replica.set_own(WORDS_CONFIRMED, True))
            self.dismiss(True)
            self.moot.say("That is it. Keep the paper where you keep your passport")
        else:
            words = f"That is not word {self._asked + 1}. {key_of('later')} goes back to the words."
            self.status.say(words, care=True)

    def action_later(self) -> None:
        """Esc: from the question to the words, from the words on without them."""
        if self._asking:
            self._asking = False
            self.key_words = {}
            self._show_paper(True)
            self.query_one("#answer").display = False
            self.status.hush()
            self.on_mount()
        else:
            self.dismiss(False)
