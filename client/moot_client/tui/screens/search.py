"""Search everything: one line to type into, what it finds under it; Enter opens, Esc goes back."""

from __future__ import annotations

import threading
from contextlib import suppress

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Click
from textual.timer import Timer
from textual.widgets import Static
from typing_extensions import override

from moot_client.tui.arriving.behind import Behind
from moot_client.tui.commands.registry import bindings, key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import ACCENT, DIM, STRONG, line, write
from moot_client.tui.looks.sheet import Block
from moot_client.tui.screens.base import MootScreen
from moot_client.tui.sheets import sheet_for
from moot_client.tui.targets import can_show
from moot_client.tui.widgets.hitlist import HitList
from moot_client.tui.widgets.page import Page
from moot_client.tui.widgets.prosebox import LineBox
from moot_client.tui.widgets.rowlist import RowList
from moot_client.views.asking import asked
from moot_client.views.hits import Found
from moot_client.views.search import search
from moot_shared.errors import NotFound

SHOWN = 60
PATIENT_S, RESTS_S = 0.4, 0.1
EMPTY = (
    "Type what you look for: words from an issue, a review, a lesson or a comment, or somebody's name. "
    "Their beginnings are enough, and a slip of the fingers does no harm."
)
KINDS = (
    "review: or lesson: or person: before the words looks among these alone, and comment: in what was said. "
    '"Words in quotes" stand side by side.'
)
NO_WORD = "There is no word in that yet: type some letters."
NOTHING = "Fewer words find more, and so do beginnings of words: hand for handover. {} goes back."


class SearchScreen(MootScreen):
    """s. It ends with the words that were typed and what was opened ('' where one only went back)."""

    CSS_PATH = "search.tcss"
    BINDINGS = bindings("back", "down", "up", "page_down", "page_up")

    def __init__(self, desk: Desk, words: str = "") -> None:
        super().__init__(desk)
        self.key_words = {"down": "next one"}
        self._words = words
        self._stop = threading.Event()
        self._search: Behind[tuple[str, Found]] = Behind(self, self._read, self._show)
        self._patience: Timer | None = None
        self._resting: Timer | None = None
        self._shown: tuple[str, Found] = ("", Found())
        self._opens = False  # Enter came before the answer: that opens what it finds
        self.list = HitList(desk.signs)
        self.page = Page(desk.signs, id="found")
        self._told = Static("", classes="told", markup=False)
        self._empty = Static("", classes="nothing", markup=False)

    @override
    def body(self) -> ComposeResult:
        with Horizontal(id="asked"):
            yield Static(write(("Find", ACCENT)), classes="ask")
            yield LineBox(self._words, placeholder="words, or somebody's name")
        yield self._told
        with Horizontal(id="both"):
            with Vertical(classes="list"):
                yield self._empty
                yield self.list
            with Vertical(classes="reading"):
                yield self.page

    def on_mount(self) -> None:
        """What was looked for last is there again, marked, so that typing replaces it."""
        self.top.crumb("", write(("Search everything", STRONG)), write(""))
        self.list.can_focus = self.page.can_focus = False
        box = self.query_one(LineBox)
        box.focus()
        box.action_select_all()
        self._look()

    # -- looking --------------------------------------------------------------------------------

    @on(LineBox.Changed)
    def _typed(self, event: LineBox.Changed) -> None:
        event.stop()
        self._asked_for(event.value)

    def _asked_for(self, words: str) -> None:
        if words != self._words:
            self._words, self._opens = words, False
            self._look()

    def _look(self) -> None:
        """The newest words win: what is still looked for before them ends."""
        self._stop.set()
        self._stop = threading.Event()
        if self._patience is not None:
            self._patience.stop()
        self._patience = self.set_timer(PATIENT_S, self._looking)
        self._search.ask()

    def _looking(self) -> None:
        if self._shown[0] != self._words:
            self._told.update(write(("Looking", DIM)))

    def _read(self) -> tuple[str, Found]:
        words, stop = self._words, self._stop
        return words, search(self.desk.db, self.desk.me, words, SHOWN, stop.is_set)

    def _show(self, answer: tuple[str, Found]) -> None:
        words, found = answer
        if words != self._words:
            return  # the next answer is on its way
        self._shown = answer
        self.list.show_hits(found.hits)
        self.set_class(not found.hits, "-empty")
        self.key_words = {"down": "next one", **({"submit": "open"} if found.hits else {})}
        told = [found.told, f"The first {len(found.hits)}; another word makes it less." if found.more else ""]
        self._told.update(line(" ".join(each for each in told if each), DIM))
        self._empty.update(self._says(words, found))
        self.refresh_bindings()
        if self._opens:
            self.call_later(self._open)

    def _says(self, words: str, found: Found) -> Content:
        """What to do where nothing is listed."""
        if not words.strip():
            return write((EMPTY, DIM), "\n\n", (KINDS, DIM))
        if not asked(words).terms:
            return write((NO_WORD, DIM))
        nothing = "" if found.told else "Nothing here has these words. "
        return write((nothing + NOTHING.format(key_of("back")), DIM))

    # -- moving, opening -------------------------------------------------------------------------

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        """Beside the list stands what is selected, once the cursor rests."""
        event.stop()
        if self._resting is not None:
            self._resting.stop()
        if self.has_class("-wide"):
            self._resting = self.set_timer(RESTS_S, self._preview)

    def _preview(self) -> None:
        item = self.list.selected
        blocks: tuple[Block, ...] = ()
        if item is not None and can_show(item.target):
            with suppress(NotFound):
                sheet = sheet_for(self.desk, item.target)
                blocks = (*sheet.blocks, *sheet.talk)
        self.page.show(blocks, fresh=True)

    def action_down(self) -> None:
        """One thing down; the line stays where one types."""
        self.list.action_down()

    def action_up(self) -> None:
        """One up."""
        self.list.action_up()

    def action_page_down(self) -> None:
        """A page of things down."""
        self.list.action_page_down()

    def action_page_up(self) -> None:
        """A page up."""
        self.list.action_page_up()

    def line_entered(self, box: LineBox) -> None:
        """Enter opens what is selected, once it was found by what stands in the line now."""
        self._asked_for(box.value)
        if self._shown[0] == self._words:
            self._open()
        else:
            self._opens = True

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        event.stop()
        self._open()

    def on_click(self, event: Click) -> None:
        """The line takes the typing again, wherever one clicks."""
        self.query_one(LineBox).focus()

    def _open(self) -> None:
        self._opens, item = False, self.list.selected
        if item is None:
            self.status.say("There is nothing to open yet: type some words")
        else:
            self.dismiss((self._words, item.target))

    def action_back(self) -> None:
        """Esc: to exactly where one was."""
        self._stop.set()
        self.dismiss((self._words, ""))

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("down", "up", "page_down", "page_up"):
            return True if self._shown[1].hits else None
        return super().check_action(action, parameters)
