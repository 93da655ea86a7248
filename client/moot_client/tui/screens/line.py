"""One line to copy and send: an invite, or a second machine of one's own."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static
from typing_extensions import override

from moot_client.tui.commands.registry import bindings
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import STRONG, write
from moot_client.tui.screens.base import MootScreen


class LineScreen(MootScreen):
    """The line alone on its rows, so that it can be marked with a mouse as well."""

    CSS_PATH = "line.tcss"
    BINDINGS = bindings("copy_line", "done")

    def __init__(self, desk: Desk, title: str, words: str, line: str, back: str = "People") -> None:
        super().__init__(desk)
        self._title, self._words, self._line, self._back = title, words, line, back

    @override
    def body(self) -> ComposeResult:
        yield Static(self._words, classes="plain", markup=False)
        yield Static(self._line, id="line", markup=False)

    def on_mount(self) -> None:
        """Say what it is."""
        self.top.crumb(self._back, write((self._title, STRONG)), write(""))

    def action_copy_line(self) -> None:
        """Into the clipboard, where the terminal allows it."""
        self.app.copy_to_clipboard(self._line)
        self.status.say("Copied, where your terminal allows it; else mark it with the mouse")

    def action_done(self) -> None:
        """Done."""
        self.dismiss()
