"""A text as others will read it, while one is still writing it."""

from __future__ import annotations

from textual.app import ComposeResult
from typing_extensions import override

from moot_client.tui.commands import bindings
from moot_client.tui.desk import Desk
from moot_client.tui.ink import DIM, STRONG, write
from moot_client.tui.lightly import parts
from moot_client.tui.screens.base import MootScreen
from moot_client.tui.sheet import Block
from moot_client.tui.widgets.page import Page
from moot_shared.text import paragraphs


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
        self.top.crumb(
            "", write(("Preview", STRONG)), write(("as it will be read; nothing is said yet", DIM))
        )
        blocks: list[Block] = []
        for paragraph in paragraphs(self._words):
            for number, part in enumerate(parts(paragraph)):
                blocks.append(Block("", part.words, gap=not number, hang=part.lead))
        self._page.show(blocks or [Block("", write(("Nothing is written yet.", DIM)))], fresh=True)
        self._page.focus()

    def action_preview(self) -> None:
        """Ctrl+R again."""
        self.dismiss()

    def action_stop_typing(self) -> None:
        """Esc."""
        self.dismiss()
