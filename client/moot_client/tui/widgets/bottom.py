"""The two lines at the bottom: what is safe where (or what has just happened), and the keys."""

from __future__ import annotations

from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from typing_extensions import override

from moot_client.tui.commands import COMMANDS, Command
from moot_client.tui.ink import CARE, DIM, STRONG, fit, line, spread, write
from moot_client.tui.signs import FULL, Signs

SAID_FOR_S = 6.0


class StatusLine(Widget):
    """What is safe where; for a moment, what has just been done or what went wrong."""

    DEFAULT_CSS = "StatusLine { height: auto; max-height: 3; padding: 0 2; }"

    def __init__(self) -> None:
        super().__init__()
        self._standing = Content("")
        self._said: Content | None = None
        self._timer: Timer | None = None

    def stand(self, content: Content) -> None:
        """The three claims as they are now."""
        self._standing = content
        self.refresh()

    def say(self, words: str, *, care: bool = False) -> None:
        """Say something for a moment; with `care` it stays until something else is said."""
        if self._timer is not None:
            self._timer.stop()
        self._said = line(words, CARE if care else STRONG)
        self._timer = None if care else self.set_timer(SAID_FOR_S, self.hush)
        self.refresh(layout=True)

    def hush(self) -> None:
        """Back to what is safe where."""
        self._said = None
        self.refresh(layout=True)

    @property
    def text(self) -> str:
        """What is shown, as plain text."""
        return (self._said or self._standing).plain

    @override
    def render(self) -> Content:
        return self._said or self._standing


class KeysLine(Widget):
    """The keys that are valid now; what does not fit is under `?`."""

    DEFAULT_CSS = "KeysLine { height: 1; padding: 0 2; }"

    def __init__(self, signs: Signs = FULL) -> None:
        super().__init__()
        self._signs = signs
        self._hint = Content("")

    def on_mount(self) -> None:
        """Follow what the screen says of its keys."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        self.refresh()

    def hint(self, content: Content) -> None:
        """A few words at the right end: dots left."""
        self._hint = content
        self.refresh()

    def valid(self) -> list[Command]:
        """The commands that make sense now and belong on this line, in the registry's order."""
        actions = {
            active.binding.action
            for active in self.screen.active_bindings.values()
            if active.enabled and active.binding.show
        }
        return [command for action, command in COMMANDS.items() if action in actions]

    @override
    def render(self) -> Content:
        width = self.size.width
        room = width - (self._hint.cell_length + 2 if self._hint else 0)
        commands = self.valid()
        last = [c for c in commands if c.action == "help"]
        kept: list[Content] = []
        for command in [*last, *(c for c in commands if c not in last)]:
            entry = write((command.key, STRONG), " ", (self.label(command), DIM))
            if sum(e.cell_length + 3 for e in kept) + entry.cell_length <= room:
                kept.append(entry)
        ordered = kept[len(last) :] + kept[: len(last)]
        return spread(write("   ").join(ordered), self._hint, width) if ordered else fit(self._hint, width)

    def label(self, command: Command) -> str:
        """What a key does here: the screen may have a better word than the registry's."""
        words = getattr(self.screen, "key_words", {})
        return str(words.get(command.action, command.label))
