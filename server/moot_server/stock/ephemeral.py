"""Messages that are passed on and never kept: who is there, where their cursor stands.

They come by many ways, so each is passed on once: a sender counts up within its session.

Between processes over one database they are called across, where they are small enough. Of each connection
only the newest few are, so that who says much keeps back nobody else's.
"""

from __future__ import annotations

from collections import OrderedDict

from moot_server.events import Call
from moot_shared.errors import FormatError
from moot_shared.limits import KIB, Limits
from moot_shared.wire import cbor
from moot_shared.wire.stock import Ephemeral

SESSIONS = 10_000  # whose count is remembered
LARGEST = 64 * KIB
LARGEST_ACROSS = 4 * KIB
ACROSS = 8  # messages of a connection that wait to be called across at a time


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


def call(message: Ephemeral, connection: int) -> list[Call]:
    """A message that came by this connection, to be called across; nothing where it is too large for that."""
    if len(message.data) > LARGEST_ACROSS:
        return []
    said = ["ephemeral", message.document, message.sender, message.session, message.count, message.data]
    return [Call(b"%d %d" % (connection, message.count % ACROSS), cbor.encode(said))]


def read(word: bytes, limits: Limits) -> Ephemeral | None:
    """What another process has called; None for what this version does not know."""
    try:
        found = cbor.decode(word, limits)
    except FormatError:
        return None
    match found:
        case [
            "ephemeral",
            bytes() as name,
            str() as sender,
            str() as session,
            int() as count,
            bytes() as data,
        ]:
            return Ephemeral(name, sender, session, count, data)
    return None
