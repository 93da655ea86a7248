"""A field and its editor, chosen by what the field's declaration says that it holds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from typing_extensions import override

from moot_client.tui.desk import Desk
from moot_client.tui.forms.carried import Hunk, Run, place_after, runs_between
from moot_client.tui.looks.ink import CARE, text
from moot_client.tui.looks.signs import Signs
from moot_client.tui.widgets.chooser import Chooser
from moot_client.tui.widgets.finder import Finder
from moot_client.tui.widgets.prosebox import LineBox, ProseBox
from moot_client.views.rows import records
from moot_shared.kinds import RECORDS
from moot_shared.kinds.fields import Choice, Field, Flag, Reference

LEAST_PROSE = 5  # lines of a text's box, its frame included
OTHERS, FRAME = 14, 2  # lines of a screen that are no text's, in most forms; of a text's box that are none


def editor(desk: Desk | None, declared: Field[Any], words: str) -> Widget:
    """The editor for a field."""
    if isinstance(declared, Choice):
        return Chooser(declared.options, words)
    if isinstance(declared, Flag):
        return Chooser(("no", "yes"), words or "no")
    if isinstance(declared, Reference) and desk is not None:
        return Finder(_candidates(desk, declared), words, placeholder=declared.help)
    if declared.multiline:
        return ProseBox(words, placeholder=declared.help)
    return LineBox(words, placeholder=declared.help)


def _candidates(desk: Desk, declared: Reference) -> list[tuple[str, str]]:
    found = [row.row for kind in declared.kinds for row in records(desk.db, RECORDS[kind])]
    return [(str(row.key), row.title_line) for row in reversed(found) if not row.archived]


class FieldRow(Vertical):
    """A label at the left, the editor beside it, and under it what will not do as it is."""

    DEFAULT_CSS = """
    FieldRow { height: auto; margin-bottom: 1;
        & > Horizontal { height: auto; }
        & .label { width: 16; height: auto; padding: 0 1 0 2; color: $text-muted; }
        &.-came .label { padding-left: 0; }
        &.-here .label { color: $accent; }
        &.-tall { margin-bottom: 0; & .label { padding: 1 1 0 2; } }
        & .meanwhile, & .trouble { height: auto; padding: 0 1 0 17; display: none; }
        &.-meanwhile .meanwhile, &.-trouble .trouble { display: block; }
        & Finder, & LineBox, & ProseBox, & Chooser { width: 1fr; }
    }
    """

    def __init__(self, desk: Desk | None, field: str, declared: Field[Any], words: str) -> None:
        super().__init__()
        self.field = field
        self._desk = desk
        self._label = declared.label
        self._editor = editor(desk, declared, words)
        self.set_class(declared.multiline, "-tall")

    @override
    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(Content(self._label), classes="label")
            yield self._editor
        yield Static("", classes="meanwhile")
        yield Static("", classes="trouble")

    def on_descendant_focus(self) -> None:
        """The cursor is here."""
        self.add_class("-here")
        self.settle()
        if isinstance(self._editor, ProseBox):
            self._editor.scroll_cursor_visible()
            self.call_after_refresh(self.screen.scroll_to_widget, self._editor, animate=False)

    def on_descendant_blur(self) -> None:
        """It is elsewhere."""
        self.remove_class("-here")
        self.settle()

    def settle(self) -> None:
        """A text is seen whole where there is room: up to half of the screen where the cursor is."""
        if isinstance(self._editor, ProseBox):
            high, here = self.app.size.height, self.has_class("-here")
            room = max(high // 2 if here else (high - OTHERS) // 3, LEAST_PROSE)
            lines = self._editor.wrapped_document.height + FRAME
            self._editor.styles.height = min(lines + here, room) if lines > LEAST_PROSE else LEAST_PROSE

    @property
    def words(self) -> str:
        """What the editor holds, as text."""
        return str(getattr(self._editor, "words", ""))

    @words.setter
    def words(self, words: str) -> None:
        self.take(words)

    def take(self, words: str, runs: Sequence[Run] = (), hunks: Sequence[Hunk] = ()) -> None:
        """Hold other words from now on, the cursor where it is: others have written them."""
        old = self.words
        if isinstance(self._editor, ProseBox | LineBox):
            runs = runs or runs_between(old, words)
            self._editor.take(words, hunks or (Hunk(0, len(old), words),), partial(place_after, runs, old))
        elif isinstance(self._editor, Chooser | Finder):
            self._editor.words = words

    def meanwhile(self, words: Content) -> None:
        """Say under the field what others did in it; nothing takes that away."""
        self.query_one(".meanwhile", Static).update(words)
        self.set_class(bool(words), "-meanwhile")

    def came(self) -> None:
        """Mark it: what stands in it was changed by others while it was open."""
        sign = Signs() if self._desk is None else self._desk.signs
        self.add_class("-came")
        self.query_one(".label", Static).update(Content(f"{sign.changed} {self._label}"))

    def trouble(self, words: str) -> None:
        """Say what will not do, under the field; '' takes it away."""
        if not words and not self.has_class("-trouble"):
            return  # asked for at every key: nothing is drawn anew
        self.query_one(".trouble", Static).update(text(words, CARE))
        self.set_class(bool(words), "-trouble")

    def rename(self, label: str, help: str) -> None:
        """Ask in other words than the declaration does."""
        self._label = label
        if isinstance(self._editor, LineBox):
            self._editor.placeholder = help

    def holds(self, editor: Widget) -> bool:
        """Whether this editor is the one of this row."""
        return editor is self._editor

    @property
    def has_focus_within(self) -> bool:
        """Whether the cursor is in this field."""
        focused = self.screen.focused
        return focused is not None and self in focused.ancestors

    def enter(self) -> None:
        """Put the cursor into this field."""
        inner = self._editor.query_one(LineBox) if isinstance(self._editor, Finder) else self._editor
        self.screen.set_focus(inner)
