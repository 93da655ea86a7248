"""Receipts, as they are passed on: as many in a frame as there is room for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from moot_shared.ids import ACTOR_BYTES
from moot_shared.limits import Limits
from moot_shared.wire.fields import HASH_BYTES, SIGNATURE_BYTES, Word
from moot_shared.wire.messages import Receipt, Receipts

FRAMING = 64  # bytes that a word takes in a frame beside what it says, at most; a hash takes three


def gathered(receipts: Iterable[Receipt], limits: Limits) -> Iterator[Receipts]:
    """The same words in few messages."""
    room = limits.frame_bytes // 2
    words: list[Word] = []
    size = 0
    for receipt in receipts:
        length = FRAMING + ACTOR_BYTES + SIGNATURE_BYTES + len(receipt.heads) * (HASH_BYTES + 3)
        if words and size + length > room:
            yield Receipts(tuple(words))
            words, size = [], 0
        words.append((receipt.actor, receipt.heads, receipt.at, receipt.signature))
        size += length
    if words:
        yield Receipts(tuple(words))
