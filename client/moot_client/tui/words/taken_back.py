"""What can still be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moot_client.tui.words.undo import Inverse


class UndoStack:
    """What was done here, last on top; it is forgotten when Moot closes."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, Inverse]] = []

    def push(self, words: str, inverse: Inverse | None) -> None:
        """Remember how to take something back."""
        if inverse is not None:
            self.entries.append((words, inverse))

    def pop(self) -> tuple[str, Inverse] | None:
        """The last thing, or None."""
        return self.entries.pop() if self.entries else None
