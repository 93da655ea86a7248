"""One reader: a connection that came by a viewer link.

knocking --join, and a good link--> in
   either --trouble, or the socket's end--> gone
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from typing_extensions import override

from moot_server.events import Opened
from moot_server.stock.talk import Talk


class ReadersTalk(Talk):
    """A conversation in which nothing is ever asked for: what a reader has written stays theirs."""

    __slots__ = ()

    @override
    def ask(self, hashes: object) -> None:
        """They may have changes that are unknown here; nobody wants them."""


@dataclass(slots=True)
class Reader:
    """Who they are, and how far they are."""

    opened: Opened
    stage: Literal["knocking", "in", "gone"] = "knocking"
    counted: bool = True
    """Whether the members' core has them among its strangers."""
    name: str = ""
    """As which they came."""
    opening: bytes = b""
    """How each sync frame to them begins."""
    community: bytes = b""
    link: bytes = b""
    """The public key of the link that they came by."""
    talk: Talk | None = None
    """Once they have asked for the document."""
    waiting: bool = False
    """Whether what was sent has to leave before more is made."""

    @property
    def number(self) -> int:
        """By which inputs and outputs name it."""
        return self.opened.peer
