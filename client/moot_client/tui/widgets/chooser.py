"""One of a few words, all of them in sight: left and right choose."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from typing_extensions import override

from moot_client.tui.commands.registry import bindings
from moot_client.tui.looks.ink import ACCENT, DIM, joined, line, write


class Chooser(Widget, can_focus=True):
    """A line of words with one chosen; the chosen one stands in brackets, so that no colour is needed."""

    DEFAULT_CSS = """
    Chooser { height: 1; padding: 0 1; background: $surface; &:focus { background: $boost; } }
    """
    BINDINGS = bindings("step(-1)", "step(1)")

    class Changed(Message):
        """Another word was chosen."""

    def __init__(self, options: Sequence[str], chosen: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.options = tuple(options) if chosen in options else (*options, chosen)
        self._at = self.options.index(chosen)

    @property
    def words(self) -> str:
        """The chosen word."""
        return self.options[self._at]

    @words.setter
    def words(self, word: str) -> None:
        if word not in self.options:
            self.options = (*self.options, word)
        self._at = self.options.index(word)
        self.refresh()

    def action_step(self, by: int) -> None:
        """Choose the next word, or the one before."""
        self._at = (self._at + by) % len(self.options)
        self.refresh()
        self.post_message(self.Changed())

    @override
    def render(self) -> Content:
        parts: list[Content] = []
        for at, option in enumerate(self.options):
            word = line(option or "not yet").plain
            parts.append(write((f"[{word}]", ACCENT)) if at == self._at else write((f" {word} ", DIM)))
        whole = joined(parts, " ")
        if whole.cell_length <= self.size.width:
            return whole
        return parts[self._at] + write((f"  {self._at + 1} of {len(self.options)}", DIM))
