"""Whose change a chunk is, without decoding it: enough to keep count of what was sent."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from moot_shared.errors import FormatError
from moot_shared.format.leb import uleb
from moot_shared.ids import ACTOR_BYTES

_BODY_SIZE_AT = 9  # magic 4, checksum 4, type 1
_HASH_BYTES = 32


class Glance(NamedTuple):
    """A change's name (actor, seq) and its hash, as its bytes claim; nothing is checked."""

    actor: bytes
    seq: int
    hash: bytes


def glance(chunk: bytes) -> Glance:
    """Read the beginning of a canonical (uncompressed) chunk; FormatError where it has none."""
    _, position = uleb(chunk, _BODY_SIZE_AT)
    deps, position = uleb(chunk, position)
    size, position = uleb(chunk, position + deps * _HASH_BYTES)
    actor = chunk[position : position + size]
    if len(actor) != ACTOR_BYTES:
        raise FormatError("This change was made by another program than Moot.")
    seq, _ = uleb(chunk, position + size)
    return Glance(actor, seq, hashlib.sha256(memoryview(chunk)[8:]).digest())
