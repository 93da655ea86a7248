"""Sync messages, taken apart and put together, so that none is ever handed to the binding.

    type (0x42, or 0x43 for the second version)
    heads     the sender's newest changes, sorted
    need      changes that it asks for by name
    have      what it surely shared with the reader the last time, and a filter of what came since
    changes   first version: one chunk each; second: all in one piece, or a whole document
    flags     one-byte signals with their length before them; older writers end before these

The chunks are cut apart and not opened: each goes through `decode_change` or `decode_document`
by itself, so that a bad one is known by its place and takes nothing else with it.

Caps come first: a list is measured against what follows it and against `limits.py` before it is
made; a filter is looked at and not expanded; what is asked for twice is asked for once, because
an answer is as long as the question makes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from moot_shared.format.bloom import EMPTY, BloomFilter, read_filter
from moot_shared.format.chunk import split_chunks
from moot_shared.format.leb import Malformed, malformed, uleb, write_uleb
from moot_shared.format.names import read_hashes, read_sorted_hashes
from moot_shared.limits import DEFAULT, Limits

_FLAGS = 0x80  # set in a byte that holds flags; the others are capabilities of older writers
_RESET, _READ_ONLY = 0x01, 0x02
_TAKES_DOCUMENTS = 2


class Version(IntEnum):
    """Which of the two messages it is: its first byte."""

    ONE = 0x42
    TWO = 0x43


@dataclass(frozen=True, slots=True)
class Have:
    """What a sender has: everything up to `last_sync`, and, likely, what `filter` holds."""

    last_sync: tuple[bytes, ...] = ()
    filter: BloomFilter = EMPTY


@dataclass(frozen=True, slots=True)
class SyncMessage:
    """One message. `chunks` are whole chunks, in the order in which they came, not yet opened."""

    heads: tuple[bytes, ...] = ()
    need: tuple[bytes, ...] = ()
    have: tuple[Have, ...] = ()
    chunks: tuple[bytes, ...] = ()
    version: Version = Version.ONE
    flags: bytes | None = None
    """The signals as they came; None from a writer that knows none."""

    @property
    def takes_documents(self) -> bool:
        """Whether the sender reads the second version, and so whole documents."""
        return _TAKES_DOCUMENTS in (self.flags or b"")

    @property
    def read_only(self) -> bool:
        """Whether the sender will ignore changes that are sent to it."""
        return self._signals(_READ_ONLY)

    @property
    def reset(self) -> bool:
        """Whether the sender asks to be sent again what it ignored while it was read-only."""
        return self._signals(_RESET)

    def _signals(self, bit: int) -> bool:
        return any(flag & _FLAGS and flag & bit for flag in self.flags or b"")


def decode_sync_message(data: bytes, limits: Limits = DEFAULT) -> SyncMessage:
    """Read exactly one message; FormatError says what is not canonical about it."""
    try:
        return _message(data, limits)
    except Malformed as error:
        raise Malformed(error.what, "message") from None


def encode_sync_message(message: SyncMessage) -> bytes:
    """The bytes of a message. Heads and what `have` names must be sorted, as `decode` wants them."""
    parts = [bytes((message.version,)), _hashes(message.heads), _hashes(message.need)]
    parts.append(write_uleb(len(message.have)))
    for have in message.have:
        parts += (_hashes(have.last_sync), _prefixed(have.filter.encode()))
    pieces = message.chunks
    if message.version is Version.TWO and pieces:
        pieces = (b"".join(pieces),)
    parts.append(write_uleb(len(pieces)))
    parts += map(_prefixed, pieces)
    if message.flags is not None:
        parts.append(_prefixed(message.flags))
    return b"".join(parts)


def _message(data: bytes, limits: Limits) -> SyncMessage:
    if len(data) > limits.frame_bytes:
        raise malformed("it is too large")
    if not data or data[0] not in (Version.ONE, Version.TWO):
        raise malformed("it does not begin as one")
    version = Version(data[0])
    heads, at = read_sorted_hashes(data, 1, limits.sync_heads)
    need, at = read_hashes(data, at, limits.sync_need)
    have, at = _have(data, at, limits)
    chunks, at = _chunks(data, at, version, limits)
    flags = None
    if at < len(data):
        flags, at = _piece(data, at)
        if len(flags) > limits.sync_flags:
            raise malformed("it signals more than there is to signal")
    if at != len(data):
        raise malformed("it is not as long as it says")
    return SyncMessage(heads, tuple(dict.fromkeys(need)), have, chunks, version, flags)


def _have(data: bytes, at: int, limits: Limits) -> tuple[tuple[Have, ...], int]:
    count, at = uleb(data, at)
    if count > limits.sync_have:
        raise malformed("it says too often what its sender has")
    found: list[Have] = []
    for _ in range(count):
        last_sync, at = read_sorted_hashes(data, at, limits.sync_heads)
        bloom, at = _piece(data, at)
        found.append(Have(last_sync, read_filter(bloom, limits)))
    return tuple(found), at


def _chunks(data: bytes, at: int, version: Version, limits: Limits) -> tuple[tuple[bytes, ...], int]:
    count, at = uleb(data, at)
    if count > (limits.sync_changes if version is Version.ONE else 1):
        raise malformed("it brings too many changes at once")
    chunks: list[bytes] = []
    for _ in range(count):
        piece, at = _piece(data, at)
        cut = split_chunks(piece, limits.sync_changes)
        if not cut or (version is Version.ONE and len(cut) > 1):
            raise malformed("a change in it is not as long as it says")
        chunks += cut
    return tuple(chunks), at


def _piece(data: bytes, at: int) -> tuple[bytes, int]:
    length, at = uleb(data, at)
    if at + length > len(data):
        raise malformed("it is cut off")
    return data[at : at + length], at + length


def _prefixed(piece: bytes) -> bytes:
    return write_uleb(len(piece)) + piece


def _hashes(hashes: tuple[bytes, ...]) -> bytes:
    return write_uleb(len(hashes)) + b"".join(hashes)
