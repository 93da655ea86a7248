"""One line in place: my dots on an issue, and why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from textual import on
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.widget import Widget
from typing_extensions import override

from moot_client.tui.commands.registry import bindings, key_of
from moot_client.tui.desk import Desk
from moot_client.tui.forms.drafts import VOTE
from moot_client.tui.forms.keeper import Keeper
from moot_client.tui.looks.ink import ACCENT, CARE, DIM, write
from moot_client.tui.looks.signs import Signs
from moot_client.tui.widgets.bars import Line
from moot_client.tui.widgets.prosebox import LineBox
from moot_shared.kinds.vote import MOST_DOTS_ON_ONE


class Dots(Widget, can_focus=True):
    """Dots to give: left and right, or a figure."""

    DEFAULT_CSS = "Dots { width: auto; height: 1; & > .dots--led { background: $boost; } }"
    COMPONENT_CLASSES = {"dots--led"}
    BINDINGS = bindings("by(-1)", "by(1)", "keep_dots")

    class Changed(Message):
        """Another number of dots."""

    class OutOfRange(Message):
        """A figure that is no number of dots."""

    class Typed(Message):
        """A letter: the reason begins."""

        def __init__(self, letter: str) -> None:
            super().__init__()
            self.letter = letter

    def __init__(self, signs: Signs, kept: Callable[[], Awaitable[None]]) -> None:
        """`kept` is awaited at Enter: no message of it has to find its way first."""
        super().__init__()
        self.count = self._most = 0
        self._signs, self._kept = signs, kept

    @override
    def watch_has_focus(self, _has_focus: bool) -> None:
        self.refresh()  # no stylesheet asks for it

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
            else:
                self.post_message(self.OutOfRange())
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

    async def action_keep_dots(self) -> None:
        """Enter: these dots."""
        await self._kept()

    @override
    def render(self) -> Content:
        empty = self._signs.hollow * (MOST_DOTS_ON_ONE - self.count)
        dots = write(" ", (self._signs.dot * self.count, ACCENT), (empty, DIM), " ")
        return dots.stylize_before(self.get_visual_style("dots--led")) if self.has_focus else dots


class VoteBar(Line):
    """My dots on one issue after the other."""

    BINDINGS = bindings("stop_typing", "other")
    key_words = {"submit": "keep", "stop_typing": "leave"}

    def __init__(self, desk: Desk, kept: Callable[[VoteBar, int, str], Awaitable[None]]) -> None:
        """`kept` is awaited at Enter, with these dots and this reason."""
        self._dots = Dots(desk.signs, self._keep)
        self._line = LineBox(placeholder=f"0 to 5; {key_of('other')}: why")
        super().__init__("vote", "Your dots", self._dots, self._line)
        self._desk, self._kept = desk, kept
        self.key = ""
        self.stands = (0, "")
        self._why, self._left = "", 0

    def begin(self, key: str, dots: int, why: str, left: int, subject: str) -> VoteBar:
        """Itself: on this issue are so many, for this reason; `left` I could give, those on it included.

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
        return self

    @property
    @override
    def held(self) -> Mapping[str, str]:
        return {"why": self._line.words, "dots": str(self._dots.count)}

    @override
    def hold(self, fields: Mapping[str, str]) -> None:
        self._dots.set(int(fields["dots"]))
        self._line.value = fields["why"]

    def _collect(self) -> dict[str, str]:
        """The reason, and the dots that go with it; dots alone are a key to press again."""
        held = dict(self.held)
        return held if held["why"].strip() and held["why"] != self._why else {}

    def _tell(self) -> None:
        if self._dots.count == self._left == 0:
            self.follows("no dots left: take some back elsewhere first", CARE)
        else:
            self.follows(f"{self._left - self._dots.count} left after this", DIM)

    @on(Dots.Changed)
    def _changed(self, event: Dots.Changed) -> None:
        event.stop()
        self._tell()
        self._begun()

    @on(Dots.OutOfRange)
    def _out_of_range(self, event: Dots.OutOfRange) -> None:
        event.stop()
        self.follows(f"0 to {MOST_DOTS_ON_ONE} dots on one issue", CARE)

    @on(LineBox.Changed)
    def _begun(self) -> None:
        if self.keeper is not None:
            self.keeper.touched()

    @on(LineBox.Submitted)
    async def _submitted(self, event: LineBox.Submitted) -> None:
        event.stop()
        await self._keep()

    async def _keep(self) -> None:
        await self._kept(self, self._dots.count, self._line.words)

    @on(Dots.Typed)
    def _reason(self, event: Dots.Typed) -> None:
        event.stop()
        self.screen.set_focus(self._line)
        self._line.insert_text_at_cursor(event.letter)

    @override
    def action_other(self) -> None:
        """Between the dots and the reason."""
        self.screen.set_focus(self._line if self._dots.has_focus else self._dots)
