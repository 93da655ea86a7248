"""The two lines at the bottom: what is safe where (or what has just happened), and the keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.content import Content
from textual.events import Click
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from typing_extensions import override

from moot_client.tui.commands.keyboard import is_letter, key_name
from moot_client.tui.commands.registry import COMMANDS
from moot_client.tui.looks.ink import CARE, DIM, STRONG, joined, line, spread, write
from moot_client.tui.looks.signs import FULL, Signs
from moot_client.tui.widgets.bars import bar_of

SAID_FOR_S = 6.0
NOTHING = Content("")
_GAP = 3  # cells between two keys
ALWAYS = ("finish_typing", "stop_typing", "back", "help")  # nobody may be left without these
PALETTE_FROM = 72  # columns
LAST = ("palette", "back", "help")
_ORDER = list(COMMANDS)


def _rank(action: str) -> int:
    """How far to the left a key stands: how to finish first, how to get out and help last."""
    if action in ("finish_typing", "submit", "keep_dots"):
        return -3
    if action == "stop_typing":
        return -2
    if action in LAST:
        return len(_ORDER) + LAST.index(action)
    return _ORDER.index(action) if action in COMMANDS else -1


class StatusLine(Widget):
    """What is safe where; for a moment, what has just been done or what went wrong."""

    DEFAULT_CSS = "StatusLine { height: auto; max-height: 3; padding: 0 2; }"

    def __init__(self) -> None:
        super().__init__()
        self._standing = self._stays = NOTHING
        self._said: Content | None = None
        self._timer: Timer | None = None

    def stand(self, content: Content, stays: Content = NOTHING) -> None:
        """The three claims as they are now; and what of them stays in its place while something is said."""
        self._standing, self._stays = content, stays
        self._redraw()

    def say(self, words: str, *, care: bool = False) -> None:
        """Say something for a moment; with `care` it stays until something else is said."""
        if self._timer is not None:
            self._timer.stop()
        self._said = line(words, CARE if care else STRONG)
        self._timer = None if care else self.set_timer(SAID_FOR_S, self.hush)
        self._redraw()

    def hush(self) -> None:
        """Back to what is safe where."""
        if self._said is not None:
            self._said = None
            self._redraw()

    def _redraw(self) -> None:
        """In the room that there is, where that is enough: everything else stays where it is."""
        width, height = self.content_size
        lines = len(self.render().wrap(width)) if width else 0
        self.refresh(layout=lines != height)

    @property
    def text(self) -> str:
        """What is shown, as plain text."""
        return self.render().plain

    @override
    def render(self) -> Content:
        return self._standing if self._said is None else self._stays + self._said


class KeysLine(Widget):
    """The keys that are valid now; what does not fit is under `?`."""

    DEFAULT_CSS = "KeysLine { height: 1; padding: 0 2; }"

    def __init__(self, signs: Signs = FULL, words: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._signs = signs
        self._words = words or {}  # better ones for some keys, on every screen
        self._hint = Content("")
        self._asked = False
        self._drawn: list[tuple[str, str, bool]] = []
        self._at: list[tuple[int, int, str]] = []  # where each key was drawn: from, to, key

    def on_mount(self) -> None:
        """Follow what the screen says of its keys."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        if not self._asked:
            self._asked = True
            self.call_after_refresh(self._look)  # what a key has changed is painted first

    def _look(self) -> None:
        self._asked = False
        if self.is_attached and self._valid() != self._drawn:
            self.refresh()

    def hint(self, content: Content) -> None:
        """A few words at the right end: dots left."""
        if not content.is_same(self._hint):
            self._hint = content
            self.refresh()

    def valid(self) -> list[tuple[str, str, bool]]:
        """The keys that make sense now, with their words, and whether they are never left out."""
        return [(key_name(key), words, always) for key, words, always in self._valid()]

    def _valid(self) -> list[tuple[str, str, bool]]:
        focused = self.screen.focused
        typing = typing_in(self.screen)
        better, later = dict(self._words), set[str]()
        for node in reversed(focused.ancestors_with_self if focused else [self.screen]):
            better.update(getattr(node, "key_words", {}))
            later.update(getattr(node, "keys_later", ()))
        bar = bar_of(focused)
        room = self.size.width >= PALETTE_FROM and not typing  # else what one can do here comes first
        always = (*ALWAYS, "palette") if room else ALWAYS
        shown = {
            active.binding.action: active.binding
            for active in self.screen.active_bindings.values()
            if active.enabled
            and (active.binding.show or active.binding.action in better)
            and (bar is None or bar in active.node.ancestors_with_self)
        }
        ordered = sorted(shown, key=lambda action: (action in LAST, action in later, _rank(action)))
        found: list[tuple[str, str, bool]] = []
        for action in ordered:
            keys = COMMANDS[action].keys_now if action in COMMANDS else (shown[action].key,)
            key = next((key for key in keys if not (typing and is_letter(key))), "")
            if key:
                words = str(better.get(action, shown[action].description))
                found.append((key, words, action in always))
        return found

    def on_click(self, event: Click) -> None:
        """A key may be clicked as well as pressed."""
        at = event.x - self.styles.padding.left
        for start, end, key in self._at:
            if start <= at < end:
                self.app.simulate_key(key)

    @override
    def render(self) -> Content:
        width = self.size.width
        room = width - (self._hint.cell_length + 2 if self._hint else 0)
        self._drawn = self._valid()
        entries = [
            (key, write((key_name(key), STRONG), " ", (words, DIM)), last) for key, words, last in self._drawn
        ]
        room -= sum(entry.cell_length + _GAP for _, entry, last in entries if last) - _GAP
        kept: list[Content] = []
        self._at, at = [], 0
        for key, entry, last in entries:
            if last or entry.cell_length + _GAP <= room:
                kept.append(entry)
                self._at.append((at, at + entry.cell_length, key))
                at += entry.cell_length + _GAP
                room -= 0 if last else entry.cell_length + _GAP
        return spread(joined(kept, " " * _GAP), self._hint, width, self._signs.more)


def typing_in(screen: Screen[Any]) -> bool:
    """Whether letters are typed into something on this screen, and are no commands."""
    return screen.focused is not None and screen.focused.check_consume_key("x", "x")
