"""A text as others will read it, while one is still writing it: beside it where there is room for both."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Resize
from textual.widgets import Static
from typing_extensions import override

from moot_client.tui.commands.registry import bindings, key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import DIM, STRONG, write
from moot_client.tui.looks.lightly import parts
from moot_client.tui.looks.sheet import Block
from moot_client.tui.screens.base import MootScreen
from moot_client.tui.widgets.page import Page
from moot_client.tui.widgets.prosebox import ProseBox
from moot_shared.text import paragraphs

BESIDE_FROM = 120  # columns
FOLLOWS_S = 0.15  # how long after a letter it stands in the preview, too
_TITLE, _NOTE = ("Preview", STRONG), ("as it will be read; nothing is said yet", DIM)


def read_blocks(words: str) -> list[Block]:
    """A text as a page shows it."""
    blocks: list[Block] = []
    for paragraph in paragraphs(words):
        for number, part in enumerate(parts(paragraph)):
            blocks.append(Block("", part.words, gap=not number, hang=part.lead))
    return blocks or [Block("", write(("Nothing is written yet.", DIM)))]


async def preview(screen: MootScreen, box: ProseBox) -> None:
    """Show a text as it will be read, or show it no more where it stands beside the form."""
    shown, work = screen.query(Beside), screen.query_one("#work")
    if shown:
        await shown.remove()
    elif screen.app.size.width >= BESIDE_FROM and work in box.ancestors:
        await work.mount(Beside(screen.desk, box))
    else:
        await screen.app.push_screen(PreviewScreen(screen.desk, box.words))


class Beside(Vertical):
    """The text in which the cursor is, or was last; it follows what is typed. The cursor stays there."""

    DEFAULT_CSS = """
    Beside { dock: right; width: 46%; max-width: 56; padding: 0 0 0 1; border-left: vkey $panel;
        & > Static { height: 2; padding: 0 0 0 2; }
    }
    """

    def __init__(self, desk: Desk, box: ProseBox) -> None:
        super().__init__()
        self._box = box
        self._words: str | None = None
        self._page = Page(desk.signs)
        self._page.can_focus = False

    @override
    def compose(self) -> ComposeResult:
        closes = (f"   {key_of('preview')} closes it", DIM)
        yield Static(write(_TITLE, closes), markup=False)
        yield self._page

    def on_mount(self) -> None:
        """Show it, and keep it true."""
        self.look()
        self.set_interval(FOLLOWS_S, self.look)

    def on_resize(self, event: Resize) -> None:
        """Where there is no room for both any more, the text needs all of it."""
        if self.app.size.width < BESIDE_FROM:
            self.remove()

    def look(self) -> None:
        """Show the words as they are by now."""
        focused = self.screen.focused
        if isinstance(focused, ProseBox):
            self._box = focused
        words = self._box.words
        if words != self._words:
            fresh, self._words = self._words is None, words
            self._page.show(read_blocks(words), fresh=fresh)


class PreviewScreen(MootScreen):
    """To read only; the same key or Esc goes back to where one was typing."""

    BINDINGS = bindings("preview", "stop_typing")

    def __init__(self, desk: Desk, words: str) -> None:
        super().__init__(desk)
        self.key_words = {"preview": "go on typing", "stop_typing": "back"}
        self._words = words
        self._page = Page(desk.signs)

    @override
    def body(self) -> ComposeResult:
        yield self._page

    def on_mount(self) -> None:
        """Show it."""
        self.top.crumb("", write(_TITLE), write(_NOTE))
        self._page.show(read_blocks(self._words), fresh=True)
        self._page.focus()

    def action_preview(self) -> None:
        """Ctrl+R again."""
        self.dismiss()

    def action_stop_typing(self) -> None:
        """Esc."""
        self.dismiss()
