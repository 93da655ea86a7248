"""Messages that are passed on and never kept: who is there, where their cursor stands.

They come by many ways, so each is passed on once: a sender counts up within its session.
"""

from __future__ import annotations

from collections import OrderedDict

from moot_shared.limits import KIB
from moot_shared.wire.stock import Ephemeral

SESSIONS = 10_000  # whose count is remembered
LARGEST = 64 * KIB


class Passing:
    """What was passed on already."""

    def __init__(self) -> None:
        self._counts: OrderedDict[tuple[str, str], int] = OrderedDict()

    def fresh(self, message: Ephemeral) -> bool:
        """Whether a message is to be passed on; if so, it is not the next time."""
        source = message.sender, message.session
        if len(message.data) > LARGEST or message.count <= self._counts.get(source, -1):
            return False
        self._counts[source] = message.count
        self._counts.move_to_end(source)
        if len(self._counts) > SESSIONS:
            self._counts.popitem(last=False)
        return True
