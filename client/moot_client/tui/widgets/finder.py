"""Another record, found by typing some of its words."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static
from typing_extensions import override

from moot_client.tui.looks.ink import ACCENT, DIM, joined, line, write
from moot_client.tui.targets import kind_of
from moot_client.tui.widgets.prosebox import LineBox
from moot_shared.kinds import RECORDS

SHOWN = 4
SLASHES = 2  # in a record's key
Candidates = Sequence[tuple[str, str]]


class Finder(Widget):
    """A field that holds a record's key and shows its title. Up and down choose, Enter takes it.

    Words that nothing here has stay as they were typed, and are what it holds.
    """

    DEFAULT_CSS = """
    Finder { height: auto; & > Static { height: auto; padding: 0 1; display: none; }
        &.-open > Static { display: block; } }
    """

    class Changed(Message):
        """Another record was chosen, or none."""

    def __init__(
        self, candidates: Candidates, chosen: str, *, placeholder: str = "", id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._candidates = candidates
        self._titles = dict(candidates)
        self._key = self._loose = ""
        self._hold(chosen)
        self._at = 0
        self._placeholder = placeholder or "type some of its words; leave empty for none"

    @override
    def compose(self) -> ComposeResult:
        yield LineBox(self._title(), placeholder=self._placeholder)
        yield Static()

    @property
    def words(self) -> str:
        """The chosen record's key; else what was typed, or ''."""
        return self._key or self._loose

    @words.setter
    def words(self, words: str) -> None:
        self._hold(words)
        self.query_one(LineBox).value = self._title()

    def _hold(self, words: str) -> None:
        is_key = words in self._titles or (words.count("/") == SLASHES and kind_of(words) in RECORDS)
        self._key, self._loose = (words, "") if is_key else ("", words)

    def _title(self) -> str:
        return self._titles.get(self._key, "something that is not here") if self._key else self._loose

    @property
    def _matches(self) -> list[tuple[str, str]]:
        typed = self.query_one(LineBox).value.casefold().split()
        found = [pair for pair in self._candidates if all(word in pair[1].casefold() for word in typed)]
        return found[:SHOWN] if typed else []

    @on(LineBox.Changed)
    def _typed(self, event: LineBox.Changed) -> None:
        event.stop()
        if event.value == self._title():
            self._close()
            return
        self._at = 0
        self._key, self._loose = "", event.value.strip()
        self.post_message(self.Changed())
        self._draw()

    def _draw(self) -> None:
        matches = self._matches
        self.set_class(bool(self.query_one(LineBox).value), "-open")
        rows = [
            write(("> " if at == self._at else "  ", ACCENT), line(title, "bold" if at == self._at else ""))
            for at, (_, title) in enumerate(matches)
        ]
        self.query_one(Static).update(
            joined(rows, "\n") if rows else write(("nothing here has these words", DIM))
        )

    def _close(self) -> None:
        self.remove_class("-open")

    def on_key(self, event: events.Key) -> None:
        """Up and down move in what was found; Enter takes it; Tab takes it and goes on."""
        matches = self._matches if self.has_class("-open") else []
        if event.key in ("down", "up") and matches:
            self._at = (self._at + (1 if event.key == "down" else -1)) % len(matches)
            self._draw()
            event.stop()
        elif event.key in ("enter", "tab") and matches:
            self._take(matches[self._at][0])
            if event.key == "enter":
                event.stop()

    def on_descendant_blur(self) -> None:
        """Left without choosing: what was typed finds its best match, or stays as it is."""
        matches = self._matches if self.has_class("-open") else []
        if matches:
            self._take(matches[self._at][0])
        elif not self._loose:
            self._close()

    def _take(self, key: str) -> None:
        self._hold(key)
        self.query_one(LineBox).value = self._title()
        self._close()
        self.post_message(self.Changed())
