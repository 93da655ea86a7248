"""The envelope of a change: magic, checksum, type, length, body.

A change is hashed, signed and stored uncompressed (type 1). On the way it may come deflated
(type 2): it is inflated here, never beyond a limit, and from then on it is the type 1 chunk
that its hash is over.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import NamedTuple

from moot_shared.format.leb import malformed, uleb, write_uleb
from moot_shared.limits import Limits

MAGIC = b"\x85\x6f\x4a\x83"
CHANGE, DEFLATED = 1, 2
_BODY_SIZE_AT = 9


class Chunk(NamedTuple):
    """A change that is what it claims to be: hash, canonical chunk, where its body begins."""

    hash: bytes
    raw: bytes
    start: int


def open_chunk(data: bytes, limits: Limits) -> Chunk:
    """Check the envelope of one change chunk; FormatError unless `data` is exactly one."""
    if len(data) <= _BODY_SIZE_AT or data[:4] != MAGIC:
        raise malformed("it does not begin as one")
    if len(data) > limits.change_inflated_bytes:
        raise malformed("it is too large")
    size, start = uleb(data, _BODY_SIZE_AT)
    if start + size != len(data):
        raise malformed("it is not as long as it says")
    if data[8] == DEFLATED:
        if len(data) > limits.change_bytes:
            raise malformed("it is too large")
        body = _inflated(data[start:], limits.change_inflated_bytes)
        head = bytes((CHANGE,)) + write_uleb(len(body))
        data, start = data[:8] + head + body, 8 + len(head)
    elif data[8] != CHANGE:
        raise malformed("it is of another type")
    digest = hashlib.sha256(memoryview(data)[8:]).digest()
    if digest[:4] != data[4:8]:
        raise malformed("it was damaged on the way")
    return Chunk(digest, data, start)


def _inflated(deflated: bytes, limit: int) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        body = inflater.decompress(deflated, limit)
    except zlib.error:
        raise malformed("it was not deflated properly") from None
    if inflater.unconsumed_tail or (not inflater.eof and len(body) == limit):
        raise malformed("it is too large")
    if not inflater.eof or inflater.unused_data:
        raise malformed("it was not deflated properly")
    return body
