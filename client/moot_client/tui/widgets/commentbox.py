"""A remark, typed in place: what it is about stays in sight above."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static
from typing_extensions import override

from moot_client.store import drafts
from moot_client.tui.commands.registry import bindings
from moot_client.tui.desk import Desk
from moot_client.tui.forms.keeper import Keeper
from moot_client.tui.looks.ink import ACCENT, CARE, DIM, line, spread
from moot_client.tui.targets import record_of
from moot_client.tui.widgets.bars import Bar
from moot_client.tui.widgets.prosebox import ProseBox
from moot_shared.errors import InputError
from moot_shared.kinds import Comment

MORE = "another draft of yours on this: Today lists them"


class CommentBox(Bar):
    """`subject` is what the statement is about: a new remark's ends in '/'; or of a draft on that."""

    DEFAULT_CSS = """
    CommentBox { layout: vertical; height: 8; padding: 0 1;
        & > Static { height: 1; padding: 0 1; } & > ProseBox { height: 1fr; }
    }
    """
    BINDINGS = bindings("finish_typing", "stop_typing")
    key_words = {"finish_typing": "say it"}
    command = "comment"

    class Done(Message):
        """Ctrl+S with something to say."""

        def __init__(self, box: CommentBox, words: str) -> None:
            super().__init__()
            self.box, self.words = box, words

    def __init__(self, desk: Desk, subject: str, about: str, words: str = "") -> None:
        super().__init__()
        self._desk = desk
        self.subject = drafts.about(subject)
        subject, others = _next(desk, subject)
        draft = desk.replica.draft("comment", subject)
        self._about, self._was, self._said = about, words, line(f"  {MORE}" if others else "", DIM)
        self._box = ProseBox(draft.get("text", words), placeholder="What you would say across the table")
        keeper = self.keeper = Keeper(self, desk, "comment", subject, self._collect, self._told)
        keeper.began_with(draft)
        self._touched = keeper.touched

    @property
    def writing_in(self) -> str:
        """The key of the record that the remark is about."""
        return record_of(self.subject)

    def _collect(self) -> dict[str, str]:
        words = self._box.words
        return {"text": words} if words.strip() and words != self._was else {}

    @override
    def compose(self) -> ComposeResult:
        yield Static()
        yield self._box

    def on_resize(self) -> None:
        """What it is about gives way to what is said of the words."""
        about, room = line(self._about, ACCENT), max(self.size.width - 2, 20)
        self.query_one(Static).update(spread(about, self._said, room, self._desk.signs.more))

    @property
    @override
    def first(self) -> Widget:
        return self._box

    def _told(self, words: str, care: bool) -> None:
        self._said = line(words and f"  {words}", CARE if care else DIM)
        self.on_resize()

    @on(ProseBox.Changed)
    def _typed(self) -> None:
        self._touched()

    def action_finish_typing(self) -> None:
        """Ctrl+S: say it, if it can be said."""
        try:
            words = Comment.fields["text"].check(self._box.words)
        except InputError as error:
            self._told(str(error), True)
            return
        self.post_message(self.Done(self, words))


def _next(desk: Desk, subject: str) -> tuple[str, bool]:
    """The draft to go on with: where there is none but one that was kept beside another, that one.

    And whether there are more of them.
    """
    about = drafts.about(subject)
    there = sorted(
        s for form, s, _ in desk.replica.drafts() if form == "comment" and drafts.about(s) == about
    )
    if subject not in there and subject == about and there:
        subject = there[0]
    return subject, len(there) > 1
