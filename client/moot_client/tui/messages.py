"""What crosses screens: somebody wrote something, the connection changed, a paste was too large."""

from __future__ import annotations

from textual.message import Message

from moot_client.tui.company.link import Link


class RowsChanged(Message):
    """Something was committed on this machine, by whom ever. Sent from any thread."""


class TooMuch(Message):
    """More was pasted than a field can hold: whoever hears it keeps the whole text aside."""

    def __init__(self, text: str, most: int) -> None:
        super().__init__()
        self.text, self.most = text, most

    @property
    def sentence(self) -> str:
        """How much it was, and how much the field takes."""
        return too_much(len(self.text), self.most)


def too_much(characters: int, most: int) -> str:
    """That so many characters do not go into a field that takes `most` in all."""
    return f"{characters:,} characters are more than this field takes: {most:,} in all."


class LinkChanged(Message):
    """It stands differently with the relay. Sent from any thread."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.link = link
