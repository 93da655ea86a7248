"""The yardstick: a Textual application with a header, a footer and one static widget, which a key changes."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Static
from typing_extensions import override

TEXT = "Yardstick"


class Plain(App[None]):
    """Nothing but itself."""

    BINDINGS = [("j", "change", "change")]
    turns = 0

    @override
    def compose(self) -> ComposeResult:
        yield Header()
        yield Static(TEXT)
        yield Footer()

    def action_change(self) -> None:
        """The same words, and a number that changes."""
        self.turns += 1
        self.query_one(Static).update(f"{TEXT} {self.turns}")


if __name__ == "__main__":
    Plain().run()
