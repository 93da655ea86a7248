"""What crosses screens: somebody wrote something, the connection changed, a paste was too large."""

from __future__ import annotations

from textual.message import Message

from moot_client.tui.company.link import Link


class RowsChanged(Message):
    """Something was committed on this machine, by whom ever. Sent from any thread."""


class TooMuch(Message):
    """More was pasted than a field can hold: whoever hears it keeps the whole text aside."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class LinkChanged(Message):
    """It stands differently with the relay. Sent from any thread."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.link = link
