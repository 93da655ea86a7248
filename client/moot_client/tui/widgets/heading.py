"""One line above a list or a page. It never takes more room than that: nothing else is laid out anew."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget
from typing_extensions import override


class Heading(Widget):
    """Some words on one line; drawn again only where they are others."""

    def __init__(self) -> None:
        super().__init__(classes="head")
        self._words = Content("")

    def say(self, words: Content) -> None:
        """Show these words."""
        if not words.is_same(self._words):
            self._words = words
            self.refresh()

    @override
    def render(self) -> Content:
        return self._words
