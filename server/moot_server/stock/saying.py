"""Sync messages, joined from parts that many of them have in common."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence

from moot_shared.format.bloom import filter_of
from moot_shared.format.chunk import DEFLATED
from moot_shared.format.leb import uleb, write_uleb
from moot_shared.format.sync import Version

NOTHING = b"\0"
"""A `have` that names nothing: whoever reads it sends what it was asked for by name, and no more."""
_WORTH_DEFLATING = 256  # bytes
_BODY_SIZE_AT = 9


def sync_message(
    heads: tuple[bytes, ...],
    need: tuple[bytes, ...],
    have: bytes,
    pieces: Sequence[bytes],
    version: Version = Version.ONE,
) -> bytes:
    """A sync message; `have` as it stands in it."""
    parts = [bytes((version,))]
    for hashes in (heads, need):
        parts += (write_uleb(len(hashes)), *hashes)
    parts += (have, write_uleb(len(pieces)), *pieces)
    return b"".join(parts)


def have_of(both: tuple[bytes, ...], more: Collection[bytes] = ()) -> bytes:
    """In a message: the newest changes that both sides have, and a filter of those that are here as well."""
    bloom = filter_of(more).encode()
    return b"".join((b"\x01", write_uleb(len(both)), *both, write_uleb(len(bloom)), bloom))


def piece_of(raw: bytes) -> bytes:
    """A change as it stands in a message: its length, and its chunk, deflated where that is shorter."""
    chunk = _deflated(raw) if len(raw) > _WORTH_DEFLATING else raw
    return write_uleb(len(chunk)) + chunk


def _deflated(raw: bytes) -> bytes:
    """A change chunk in its shorter form."""
    _, start = uleb(raw, _BODY_SIZE_AT)
    deflater = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflater.compress(memoryview(raw)[start:]) + deflater.flush()
    if len(body) >= len(raw) - start:
        return raw
    return raw[:8] + bytes((DEFLATED,)) + write_uleb(len(body)) + body
