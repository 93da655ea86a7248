"""One line in place: a question, a short answer, Enter. For the filter and for hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import on
from textual.message import Message
from typing_extensions import override

from moot_client.tui.commands.registry import bindings
from moot_client.tui.desk import Desk
from moot_client.tui.forms.keeper import Keeper
from moot_client.tui.looks.ink import DIM
from moot_client.tui.widgets.bars import Line
from moot_client.tui.widgets.prosebox import LineBox


class LineBar(Line):
    """A label, a line to type in, and a few words on what Enter does."""

    BINDINGS = bindings("stop_typing")
    key_words = {"submit": "keep", "stop_typing": "leave"}

    class Kept(Message):
        """Enter."""

        def __init__(self, bar: LineBar, words: str) -> None:
            super().__init__()
            self.bar, self.words = bar, words

    def __init__(self, command: str, ask: str, then: str, typed: Callable[[str], None] | None = None) -> None:
        """`typed` hears of each letter at once: what follows from it is in the same picture."""
        self._line = LineBox()
        super().__init__(command, ask, self._line, self._line)
        self.follows(then, DIM)
        self.about = ""
        """The key of the record that it is about, where there is one."""
        self.stands = ""
        """The words with which it began."""
        self._tells = typed
        self._heard = ""

    def begin(self, words: str, about: str = "") -> LineBar:
        """Itself, with these words in it, to be changed."""
        self.about, self.keeper = about, None
        self.stands = self._heard = words
        self._line.begin(words)
        return self

    def keep_in(self, desk: Desk, form: str, subject: str) -> LineBar:
        """Itself: what is typed and left is a draft, and offered again: before it is on screen.

        What stands there is typed over: one gives other hours, not more figures of the same.
        """
        draft = desk.replica.draft(form, subject)
        self._line.begin(draft.get("text", self.stands), typed_over=True)
        self.keeper = Keeper(self, desk, form, subject, self._collect, lambda words, care: None)
        self.keeper.began_with(draft)
        return self

    @property
    @override
    def held(self) -> Mapping[str, str]:
        return {"text": self._line.words}

    @override
    def hold(self, fields: Mapping[str, str]) -> None:
        self._line.value = fields["text"]

    def _collect(self) -> dict[str, str]:
        words = self._line.words
        return {"text": words} if words.strip() and words != self.stands else {}

    def on_mount(self) -> None:
        """Follow what is typed."""
        self.watch(self._line, "value", self._hear, init=False)

    def _hear(self, words: str) -> None:
        if words != self._heard and self._tells is not None:
            self._heard = words
            self._tells(words)

    @on(LineBox.Changed)
    def _typed(self, event: LineBox.Changed) -> None:
        event.stop()
        if self.keeper is not None:
            self.keeper.touched()

    @on(LineBox.Submitted)
    def _kept(self, event: LineBox.Submitted) -> None:
        event.stop()
        self.post_message(self.Kept(self, event.value))
