"""The envelope of a chunk: magic, checksum, type, length, body.

A change is hashed, signed and stored uncompressed (type 1). On the way it may come deflated
(type 2): it is inflated here, never beyond a limit, and from then on it is the type 1 chunk
that its hash is over. A whole document (type 0) is one chunk as well.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import NamedTuple

from moot_shared.format.leb import beyond, malformed, uleb, write_uleb
from moot_shared.limits import Limits

MAGIC = b"\x85\x6f\x4a\x83"
DOCUMENT, CHANGE, DEFLATED = 0, 1, 2
_TYPE_AT, _BODY_SIZE_AT = 8, 9


class Chunk(NamedTuple):
    """A change that is what it claims to be: hash, canonical chunk, where its body begins."""

    hash: bytes
    raw: bytes
    start: int


def chunk_type(chunk: bytes) -> int:
    """DOCUMENT, CHANGE or DEFLATED, of a chunk that `split_chunks` cut out."""
    return chunk[_TYPE_AT]


def split_chunks(data: bytes, most: int) -> list[bytes]:
    """Cut a row of chunks apart without opening them; FormatError if anything else is in it."""
    chunks: list[bytes] = []
    at = 0
    while at < len(data):
        _, end = _extent(data, at)
        if end > len(data) or len(chunks) == most:
            raise malformed("it is not as long as it says")
        if data[at + _TYPE_AT] not in (DOCUMENT, CHANGE, DEFLATED):
            raise malformed("it is of another type")
        chunks.append(data[at:end])
        at = end
    return chunks


def open_document(data: bytes, limits: Limits) -> int:
    """Check the envelope of one whole document; where its body begins."""
    if len(data) > limits.document_bytes:
        raise beyond("the bytes of a document", limits.document_bytes)
    start = _body(data)
    if data[_TYPE_AT] != DOCUMENT:
        raise malformed("it is of another type")
    if hashlib.sha256(memoryview(data)[_TYPE_AT:]).digest()[:4] != data[4:8]:
        raise malformed("it was damaged on the way")
    return start


def _extent(data: bytes, at: int) -> tuple[int, int]:
    """Where the body of the chunk at `at` begins, and where it says that it ends."""
    if len(data) - at <= _BODY_SIZE_AT or data[at : at + 4] != MAGIC:
        raise malformed("it does not begin as one")
    size, start = uleb(data, at + _BODY_SIZE_AT)
    return start, start + size


def _body(data: bytes) -> int:
    """Where the body begins of the one chunk that `data` is."""
    start, end = _extent(data, 0)
    if end != len(data):
        raise malformed("it is not as long as it says")
    return start


def open_chunk(data: bytes, limits: Limits) -> Chunk:
    """Check the envelope of one change chunk; FormatError unless `data` is exactly one."""
    if len(data) > limits.change_inflated_bytes:
        raise beyond("the bytes of a change", limits.change_inflated_bytes)
    start = _body(data)
    if data[_TYPE_AT] == DEFLATED:
        if len(data) > limits.change_bytes:
            raise beyond("the bytes of a change", limits.change_bytes)
        body = inflated(data[start:], limits.change_inflated_bytes)
        head = bytes((CHANGE,)) + write_uleb(len(body))
        data, start = data[:_TYPE_AT] + head + body, _TYPE_AT + len(head)
    elif data[_TYPE_AT] != CHANGE:
        raise malformed("it is of another type")
    digest = hashlib.sha256(memoryview(data)[_TYPE_AT:]).digest()
    if digest[:4] != data[4:8]:
        raise malformed("it was damaged on the way")
    return Chunk(digest, data, start)


def inflated(deflated: bytes, limit: int) -> bytes:
    """Exactly one deflated piece, never more than `limit` bytes of it."""
    if limit < 1:  # to zlib, 0 would mean no limit at all
        raise beyond("the bytes of what was deflated", limit)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        body = inflater.decompress(deflated, limit)
    except zlib.error:
        raise malformed("it was not deflated properly") from None
    if inflater.unconsumed_tail or (not inflater.eof and len(body) == limit):
        raise beyond("the bytes of what was deflated", limit)
    if not inflater.eof or inflater.unused_data:
        raise malformed("it was not deflated properly")
    return body
