"""Shortcuts for the two things that come all the time: the same frame again, and word that all has arrived.

A client writes each of its frames alike but for the data in it. So the bytes around the data are kept
from a frame that was read properly, and the next one that has the same is known by comparing them.
"""

from __future__ import annotations

from dataclasses import dataclass

from moot_shared.errors import FormatError
from moot_shared.format.leb import uleb, write_uleb
from moot_shared.wire.stock import Sync, data_head

_MOST = 16  # kept of one connection
_LONGEST = 1024  # bytes around the data; honest frames have a few hundred
_WIDTHS = {0x58: 1, 0x59: 2, 0x5A: 4}
_HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class _Around:
    before: bytes
    after: bytes
    document: bytes
    request: bool


class Frames:
    """What stood around the data of a connection's last sync frames."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: list[_Around] = []

    def read(self, frame: bytes) -> Sync | None:
        """The frame, if one like it was learnt."""
        for index, around in enumerate(self._kept):
            if frame.startswith(around.before) and frame.endswith(around.after):
                data = _data(frame, len(around.before), len(frame) - len(around.after))
                if data is not None:
                    if index:
                        self._kept.insert(0, self._kept.pop(index))
                    return Sync(around.document, data, around.request)
        return None

    def learn(self, frame: bytes, message: Sync) -> None:
        """Keep what stands around the data of a frame that was read."""
        head = data_head(len(message.data))
        at = frame.find(head + message.data)
        around = len(frame) - len(head) - len(message.data)
        if len(message.data) >= _HASH_BYTES and at > 0 and around <= _LONGEST:
            after = frame[at + len(head) + len(message.data) :]
            self._kept.insert(0, _Around(frame[:at], after, message.document, message.request))
            del self._kept[_MOST:]


def _data(frame: bytes, start: int, end: int) -> bytes | None:
    """The byte string that fills a frame exactly from `start` to `end`."""
    if end - start < 2:
        return None
    width = _WIDTHS.get(frame[start], 0)
    at = start + 1 + width
    if not width or at + int.from_bytes(frame[start + 1 : at], "big") != end:
        return None
    return frame[at:end]


def acknowledges(data: bytes, opening: bytes) -> bytes | None:
    """The flags of a sync message that says: I have exactly this, lack nothing and bring nothing.

    `opening` is how such a message begins (`opening_of`). None for any other message.
    """
    if not data.startswith(opening):
        return None
    try:
        have, at = uleb(data, len(opening))
        for _ in range(min(have, 2)):
            shared, at = uleb(data, at)
            length, at = uleb(data, at + _HASH_BYTES * shared)
            at += length
        changes, at = uleb(data, at)
        if changes or have > 1:
            return None
        return data[at:]
    except FormatError:
        return None


def opening_of(heads: tuple[bytes, ...]) -> bytes:
    """Type, heads and no wishes: the beginning of a message from somebody who has exactly these."""
    return b"\x42" + write_uleb(len(heads)) + b"".join(heads) + b"\0"
