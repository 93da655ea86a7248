"""Bloom filters, as sync messages carry them: a small picture of which changes the sender has.

A filter is a row of bits. Three numbers that stand in a change's hash choose a few of them (the
probes), and adding the change sets these. Where one is not set, the sender surely lacks the
change; where all are set, it has it, or chance set them (one in a hundred with the usual numbers).

The parameters are the sender's choice, and other readers trust them: no bits divide by zero, a
huge number of entries is memory set aside, countless probes never end. Here they are checked
against each other, against the bytes that really came and against `limits.py` before a filter is.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from moot_shared.format.leb import malformed, uleb, write_uleb
from moot_shared.limits import DEFAULT, Limits

USUAL_BITS_PER_ENTRY, USUAL_PROBES = 10, 7  # one false answer in a hundred
_THREE_NUMBERS = struct.Struct("<III")


@dataclass(frozen=True, slots=True)
class BloomFilter:
    """A filter that `entries` changes were added to; without entries it holds nothing."""

    entries: int
    bits_per_entry: int
    probes: int
    bits: bytes

    def __contains__(self, change_hash: bytes) -> bool:
        """Whether the sender has a change: a no is sure, a yes is not."""
        if not self.entries:
            return False
        bits, size = self.bits, 8 * len(self.bits)
        x, y, z = _THREE_NUMBERS.unpack_from(change_hash)
        x %= size
        if not bits[x >> 3] >> (x & 7) & 1:
            return False
        y, z = y % size, z % size
        for _ in range(1, self.probes):
            x = (x + y) % size
            if not bits[x >> 3] >> (x & 7) & 1:
                return False
            y = (y + z) % size
        return True

    def encode(self) -> bytes:
        """The filter as it stands in a message."""
        if not self.entries:
            return b""
        numbers = (self.entries, self.bits_per_entry, self.probes)
        return b"".join(map(write_uleb, numbers)) + self.bits

    def _places(self, change_hash: bytes) -> Iterator[int]:
        size = 8 * len(self.bits)
        x, y, z = (number % size for number in _THREE_NUMBERS.unpack_from(change_hash))
        yield x
        for _ in range(1, self.probes):
            x = (x + y) % size
            y = (y + z) % size
            yield x


EMPTY = BloomFilter(0, USUAL_BITS_PER_ENTRY, USUAL_PROBES, b"")
"""The filter that holds nothing: `have` then means what its `last_sync` says and no more."""


def filter_of(hashes: Collection[bytes]) -> BloomFilter:
    """A filter that holds these changes, with the usual parameters."""
    if not hashes:
        return EMPTY
    bits = bytearray(_size(len(hashes), USUAL_BITS_PER_ENTRY))
    empty = BloomFilter(len(hashes), USUAL_BITS_PER_ENTRY, USUAL_PROBES, bytes(bits))
    for change_hash in hashes:
        for place in empty._places(change_hash):
            bits[place >> 3] |= 1 << (place & 7)
    return BloomFilter(len(hashes), USUAL_BITS_PER_ENTRY, USUAL_PROBES, bytes(bits))


def read_filter(data: bytes, limits: Limits = DEFAULT) -> BloomFilter:
    """Exactly one filter; FormatError where its parameters do not fit its bytes or the limits."""
    if not data:
        return EMPTY
    entries, at = uleb(data, 0)
    bits_per_entry, at = uleb(data, at)
    probes, at = uleb(data, at)
    if not (
        entries
        and 0 < bits_per_entry <= limits.bloom_bits_per_entry
        and 0 < probes <= limits.bloom_probes
        and len(data) - at == _size(entries, bits_per_entry)
    ):
        raise malformed("what it says of the changes that its sender has cannot be")
    return BloomFilter(entries, bits_per_entry, probes, data[at:])


def _size(entries: int, bits_per_entry: int) -> int:
    return (entries * bits_per_entry + 7) // 8
