"""One line in place: my dots on an issue, and why."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static
from typing_extensions import override

from moot_client.tui.commands.registry import bindings
from moot_client.tui.desk import Desk
from moot_client.tui.forms.drafts import VOTE
from moot_client.tui.forms.keeper import Keeper
from moot_client.tui.looks.ink import ACCENT, CARE, DIM, write
from moot_client.tui.looks.signs import Signs
from moot_client.tui.widgets.bars import Bar
from moot_client.tui.widgets.prosebox import LineBox
from moot_shared.kinds.vote import MOST_DOTS_ON_ONE


class Dots(Widget, can_focus=True):
    """Dots to give: left and right, or a figure."""

    DEFAULT_CSS = "Dots { width: auto; height: 1; padding: 0 1; &:focus { background: $boost; } }"
    BINDINGS = bindings("by(-1)", "by(1)", "keep_dots")

    class Changed(Message):
        """Another number of dots."""

    class Typed(Message):
        """A letter: the reason begins."""

        def __init__(self, letter: str) -> None:
            super().__init__()
            self.letter = letter

    class Kept(Message):
        """Enter."""

    def __init__(self, signs: Signs) -> None:
        super().__init__()
        self.count = self._most = 0
        self._signs = signs

    def begin(self, count: int, most: int) -> None:
        """Of so many."""
        self.count, self._most = count, most
        self.refresh()

    def on_key(self, event: Key) -> None:
        """A figure is so many dots. Letters begin the reason: they are no commands of the place beneath."""
        letter = event.character or ""
        if letter and letter in "0123456789":
            event.stop()
            if int(letter) <= MOST_DOTS_ON_ONE:
                self.set(int(letter))
        elif letter.isprintable() and letter and letter not in "+-":
            event.stop()
            self.post_message(self.Typed(letter.lstrip()))  # a space goes over to the reason

    def action_by(self, by: int) -> None:
        """One more, or one fewer."""
        self.set(self.count + by)

    def set(self, count: int) -> None:
        """So many; never more than there are."""
        self.count = max(0, min(count, self._most))
        self.refresh()  # as wide as it was: all dots are drawn, given or not
        self.post_message(self.Changed())

    def action_keep_dots(self) -> None:
        """Enter: these dots."""
        self.post_message(self.Kept())

    @override
    def render(self) -> Content:
        empty = self._signs.hollow * (MOST_DOTS_ON_ONE - self.count)
        return write((self._signs.dot * self.count, ACCENT), (empty, DIM))


class VoteBar(Bar):
    """My dots on one issue after the other."""

    is_line = True
    DEFAULT_CSS = """
    VoteBar { layout: horizontal; height: 1; padding: 0 2; background: $surface;
        & > .ask { width: auto; padding-right: 1; } & > LineBox { width: 1fr; }
        & > .then { width: auto; padding-left: 1; }
    }
    """
    BINDINGS = bindings("stop_typing", "other")
    key_words = {"submit": "keep", "stop_typing": "leave"}

    class Kept(Message):
        """Enter: these dots, for this reason."""

        def __init__(self, bar: VoteBar, dots: int, why: str) -> None:
            super().__init__()
            self.bar, self.dots, self.why = bar, dots, why

    class Left(Message):
        """Esc: the vote stays as it was, and a reason that was begun stays a draft."""

        def __init__(self, bar: VoteBar) -> None:
            super().__init__()
            self.bar = bar

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.key = ""
        self.stands = (0, "")
        self._desk = desk
        self._why, self._left = "", 0
        self._dots = Dots(desk.signs)
        self._line = LineBox(placeholder="0 to 5; Tab: why, if you like")
        self._then = Static(classes="then")

    def begin(self, key: str, dots: int, why: str, left: int, subject: str) -> None:
        """On this issue are so many, for this reason; `left` I could still give, those on it included.

        `subject` names the draft: the issue's key, or that of one that is kept beside another.
        """
        draft = self._desk.replica.draft(VOTE, subject)
        self.key, self.stands = key, (dots, why.strip())
        self._why, self._left = why, left
        self._dots.begin(int(draft.get("dots", dots)), min(left, MOST_DOTS_ON_ONE))
        self._line.begin(draft.get("why", why))
        self._tell()
        self.keeper = Keeper(self, self._desk, VOTE, subject, self._collect, lambda words, care: None)
        self.keeper.began_with(draft)

    @override
    def hold(self, fields: Mapping[str, str]) -> None:
        self._dots.set(int(fields["dots"]))
        self._line.value = fields["why"]

    def _collect(self) -> dict[str, str]:
        """The reason, and the dots that go with it; dots alone are a key to press again."""
        why = self._line.words
        return {"why": why, "dots": str(self._dots.count)} if why.strip() and why != self._why else {}

    @override
    def compose(self) -> ComposeResult:
        yield Static(write(("Your dots", ACCENT)), classes="ask")
        yield self._dots
        yield self._line
        yield self._then

    @property
    @override
    def first(self) -> Widget:
        return self._dots

    def _tell(self) -> None:
        left = self._left - self._dots.count
        none = self._dots.count == 0 and self._left == 0
        words = (
            ("no dots left: take some back elsewhere first", CARE)
            if none
            else (f"{left} left after this", DIM)
        )
        self._then.update(write(words))

    @on(Dots.Changed)
    def _changed(self, event: Dots.Changed) -> None:
        event.stop()
        self._tell()
        self._begun()

    @on(LineBox.Changed)
    def _begun(self) -> None:
        if self.keeper is not None:
            self.keeper.touched()

    @on(Dots.Kept)
    @on(LineBox.Submitted)
    def _keep(self, event: Message) -> None:
        event.stop()
        self.post_message(self.Kept(self, self._dots.count, self._line.words))

    @on(Dots.Typed)
    def _reason(self, event: Dots.Typed) -> None:
        event.stop()
        self.screen.set_focus(self._line)
        self._line.insert_text_at_cursor(event.letter)

    def action_other(self) -> None:
        """Between the dots and the reason."""
        self.screen.set_focus(self._line if self._dots.has_focus else self._dots)

    def action_stop_typing(self) -> None:
        """Esc."""
        self.post_message(self.Left(self))
