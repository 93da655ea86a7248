"""A place to type several lines. A paste cannot steer the terminal, and one too large is not lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from textual import events
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.widgets import Input, TextArea
from typing_extensions import override

from moot_client.tui.commands.registry import bindings
from moot_client.tui.forms.carried import Hunk
from moot_client.tui.messages import TooMuch
from moot_client.tui.widgets.rewriting import Moved, rewrite
from moot_shared.text import held, held_line

MOST_IN_A_BOX = 200_000
MOST_IN_A_LINE = 4_000
_BREAKS = re.compile(r"[ \t]*[\r\n]\s*")


class Counted(WrappedDocument):
    """A wrapped text that knows how many lines it has: asked for each line drawn, it counted all of them."""

    @property
    @override
    def height(self) -> int:
        return len(self._offset_to_line_info)


class ProseBox(TextArea):
    """Several lines; Tab goes on to the next field."""

    DEFAULT_CSS = """
    ProseBox { height: 5; border: blank; padding: 0; background: $surface;
        scrollbar-size-vertical: 1; scrollbar-visibility: hidden;
        &:focus { border: round $border; scrollbar-visibility: visible; }
        & > .text-area--cursor-line { background: transparent; }
    }
    """

    BINDINGS = bindings("preview", "own_editor", "to_start", "to_end")

    def __init__(self, words: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        self.lent = False  # to an editor of one's own, which has it open just now
        super().__init__(held(words), id=id, soft_wrap=True, tab_behavior="focus", placeholder=placeholder)
        self.cursor_blink = False
        self.move_cursor(self.document.end)

    @override
    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document(text, language)
        self.wrapped_document.__class__ = Counted

    def on_resize(self) -> None:
        """As many lines as before, broken elsewhere, are drawn anew as well."""
        self.call_after_refresh(self.refresh)

    @property
    def words(self) -> str:
        """What was typed."""
        return self.text

    def take(self, words: str, hunks: Sequence[Hunk], moved: Moved) -> None:
        """Hold other words, which are those that it holds with `hunks` carried out: others wrote them."""
        if self.is_mounted:
            rewrite(self, self.text, hunks, moved)
        else:
            self.load_text(words)

    async def action_preview(self) -> None:
        """Ctrl+R: as others will read it."""
        from moot_client.tui.screens.base import MootScreen
        from moot_client.tui.screens.preview import preview

        if isinstance(self.screen, MootScreen):
            await preview(self.screen, self)

    def action_own_editor(self) -> None:
        """Ctrl+G: go on in an editor of one's own."""
        from moot_client.tui.screens.base import MootScreen
        from moot_client.tui.words.own_editor import edit

        if isinstance(self.screen, MootScreen):
            self.screen.run_worker(edit(self.screen, self), group="own editor", exit_on_error=False)

    def action_to_start(self) -> None:
        """To the beginning of the text."""
        self.move_cursor((0, 0))

    def action_to_end(self) -> None:
        """To its end."""
        self.move_cursor(self.document.end)

    @override
    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        words = held(event.text.replace("\r\n", "\n").replace("\r", "\n"))
        if len(self.text) + len(words) > MOST_IN_A_BOX:
            self.post_message(TooMuch(event.text, MOST_IN_A_BOX))
        else:
            self.move_cursor(self.replace(words, *self.selection).end_location)


@runtime_checkable
class TakesLines(Protocol):
    """Whoever decides what Enter does in a line, at once: the next key may be on its way already."""

    def line_entered(self, box: LineBox) -> None:
        """Enter in one of its lines."""


class LineBox(Input):
    """One line of words; what is pasted over several lines becomes one, whole."""

    virtual_size = Reactive(Size(0, 0))  # how long the words are moves nothing else on the screen

    DEFAULT_CSS = """
    LineBox { height: 1; border: none; padding: 0 1; background: $surface;
        &:focus { border: none; background: $boost; text-style: none; }
    }
    """

    def __init__(self, words: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(
            held_line(words), placeholder=placeholder, id=id, select_on_focus=False, highlighter=None
        )
        self.cursor_blink = False

    @property
    def words(self) -> str:
        """What was typed."""
        return self.value

    def begin(self, words: str, *, typed_over: bool = False) -> None:
        """Hold other words, which nobody has typed; one goes on behind them, or types over them."""
        with self.prevent(self.Changed):
            self.value = held_line(words)
        self.cursor_position = len(self.value)
        if typed_over:
            self.action_select_all()
        if self.is_attached:
            self.call_after_refresh(self._look)

    def take(self, words: str, hunks: Sequence[Hunk], moved: Moved) -> None:
        """Hold other words, with the cursor in the word in which it was."""
        selection = type(self.selection)(*map(moved, self.selection))
        self.value = words
        self.selection = selection
        self._look()

    def on_focus(self) -> None:
        """What is typed is seen."""
        self.call_after_refresh(self._look)

    def on_blur(self) -> None:
        """Elsewhere, one reads it from its beginning."""
        self.call_after_refresh(self._look)

    def _look(self) -> None:
        """Of a line longer than its box: where the cursor is while one types, else the beginning."""
        at = self._cursor_offset if self.has_focus else 0
        self.scroll_to_region(Region(at, 0, 1, 1), force=True, animate=False)

    @override
    async def action_submit(self) -> None:
        owner = next((node for node in self.ancestors if isinstance(node, TakesLines)), None)
        if owner is None:
            await super().action_submit()
        else:
            owner.line_entered(self)

    @override
    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        words = held_line(_BREAKS.sub(" ", event.text.strip("\r\n")))
        if len(self.value) + len(words) > MOST_IN_A_LINE:
            self.post_message(TooMuch(event.text, MOST_IN_A_LINE))
        else:
            self.replace(words, *sorted(self.selection))
            self.call_after_refresh(self._look)  # the first words of all do not scroll by themselves
