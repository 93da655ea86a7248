"""What is opened in place, above the bottom lines.

A line stands where the rule is: nothing else on the screen moves, so nothing else is drawn anew. It is put up
once, out of sight, and opened again and again; a box takes room of the work's, and is made anew each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.widget import Widget
from typing_extensions import override

from moot_client.tui.looks.ink import ACCENT, write

if TYPE_CHECKING:
    from moot_client.tui.forms.keeper import Keeper


class Bar(Widget):
    """One line or a small box; `first` is where the typing begins."""

    command: str
    """The one that opens it, and goes on with a draft of what was typed here."""
    keeper: Keeper | None = None
    """Of what is typed here, where that is worth keeping."""

    class Left(Message):
        """Esc: nothing is said, and what was begun stays a draft."""

        def __init__(self, bar: Bar) -> None:
            super().__init__()
            self.bar = bar

    @property
    def first(self) -> Widget:
        """What has the focus when it opens."""
        return self

    def hold(self, fields: Mapping[str, str]) -> None:
        """Have words in it as if they were typed: those of a draft of its own."""

    @property
    def held(self) -> Mapping[str, str]:
        """All that stands in it, to `hold` again."""
        return {}

    async def keep_typing(self) -> bool:
        """It is left: what was typed is on disk; False where that did not work."""
        return self.keeper is None or await self.keeper.save()

    def on_key(self, event: Key) -> None:
        """Tab stays where one types: the next keys would go to what is behind."""
        if event.key in ("tab", "shift+tab"):
            event.stop()
            self.action_other()

    def action_other(self) -> None:
        """To its other part, where there are two."""

    def action_stop_typing(self) -> None:
        """Esc."""
        self.post_message(self.Left(self))


class Line(Bar):
    """What is asked stands at its left, what follows at its right; between them is what is typed.

    Both are drawn by the line itself: each widget less is a millisecond less until it is there.
    """

    DEFAULT_CSS = """
    Line { layout: horizontal; height: 1; padding: 0 2; background: $surface; & > LineBox { width: 1fr; } }
    """

    def __init__(self, command: str, ask: str, first: Widget, typed: Widget) -> None:
        """`first` begins behind what is asked, `typed` ends before what follows; they may be one."""
        super().__init__()
        self.command = command
        self._ask, self._then = write((ask, ACCENT)), write()
        self._first, self._box = first, typed
        first.styles.margin = (0, 0, 0, self._ask.cell_length + 1)

    @override
    def compose(self) -> ComposeResult:
        yield from dict.fromkeys((self._first, self._box))

    @property
    @override
    def first(self) -> Widget:
        return self._first

    def follows(self, words: str, role: str) -> None:
        """Say at the right what follows."""
        self._then = write((words, role))
        top, _, bottom, left = self._box.styles.margin
        self._box.styles.margin = (top, self._then.cell_length + 1, bottom, left)
        self.refresh()

    @override
    def render(self) -> Content:
        room = self.content_size.width - self._ask.cell_length - self._then.cell_length
        return self._ask + " " * max(room, 1) + self._then


def bar_of(focused: Widget | None) -> Bar | None:
    """The bar that has the focus: while it is there, only its own keys mean something."""
    nodes = focused.ancestors_with_self if focused else []
    return next((node for node in nodes if isinstance(node, Bar)), None)
