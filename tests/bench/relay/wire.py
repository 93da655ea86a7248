"""Changes of one operation and sync messages, written and read with next to no work.

Both are what stock clients write and read; only, a load generator that applied each change to a document
would measure itself. tests/bench/test_wire.py gives them to the binding.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

MAGIC = b"\x85\x6f\x4a\x83"
CHANGE, DEFLATED = 1, 2
HASH = 32


def uleb(number: int) -> bytes:
    """An unsigned LEB128 number."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def sleb(number: int) -> bytes:
    """A signed LEB128 number."""
    out = bytearray()
    while not -64 <= number < 64:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number & 0x7F)
    return bytes(out)


def read_uleb(data: bytes, at: int) -> tuple[int, int]:
    """The number there, and where it ends."""
    byte = data[at]
    if byte < 0x80:
        return byte, at + 1
    number, shift = byte & 0x7F, 7
    while True:
        at += 1
        byte = data[at]
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at + 1
        shift += 7


@dataclass(frozen=True, slots=True)
class Change:
    """What a load generator has to know of a change."""

    hash: bytes
    deps: list[bytes]
    last_op: int
    """Taking it to have one operation."""
    raw: bytes


def put(actor: bytes, seq: int, start: int, deps: list[bytes], key: str, value: int, over: int = 0) -> Change:
    """Set a number at the root; `over` is the counter of this actor's operation that it replaces."""
    name, number = key.encode(), sleb(value)
    columns = [
        (0x15, b"\x7f" + uleb(len(name)) + name),
        (0x34, b"\x01"),
        (0x42, b"\x7f\x01"),
        (0x56, b"\x7f" + uleb(len(number) << 4 | 4)),
        (0x57, number),
        (0x70, b"\x7f\x01" if over else b"\x7f\x00"),
    ]
    if over:
        columns += [(0x71, b"\x7f\x00"), (0x73, b"\x7f" + sleb(over))]
    table = uleb(len(columns)) + b"".join(uleb(kind) + uleb(len(data)) for kind, data in columns)
    body = b"".join(
        (uleb(len(deps)), *deps, uleb(len(actor)), actor, uleb(seq), uleb(start), b"\0\0\0", table,
         *(data for _, data in columns))
    )  # fmt: skip
    hashed = bytes((CHANGE,)) + uleb(len(body)) + body
    name_of = sha256(hashed).digest()
    return Change(name_of, deps, start, MAGIC + name_of[:4] + hashed)


@lru_cache(maxsize=20_000)  # ten listeners in this process are brought the same one
def read_change(chunk: bytes) -> Change:
    """A change chunk, deflated or not."""
    size, at = read_uleb(chunk, 9)
    if chunk[8] == DEFLATED:
        body = zlib.decompress(chunk[at:], -15)
        name = sha256(bytes((CHANGE,)) + uleb(len(body)) + body).digest()
    else:
        body, name = chunk[at:], sha256(chunk[8:]).digest()
    count, at = read_uleb(body, 0)
    deps = [body[at + HASH * n : at + HASH * (n + 1)] for n in range(count)]
    size, at = read_uleb(body, at + HASH * count)
    _, at = read_uleb(body, at + size)
    start, _ = read_uleb(body, at)
    return Change(name, deps, start, chunk)


@dataclass(slots=True)
class Message:
    """A sync message of version one, with an empty filter."""

    heads: list[bytes]
    need: list[bytes] = field(default_factory=list)
    common: list[bytes] = field(default_factory=list)
    changes: list[bytes] = field(default_factory=list)

    def encode(self) -> bytes:
        """As bytes."""
        parts = [b"\x42", _hashes(self.heads), _hashes(self.need), b"\1", _hashes(self.common), b"\0"]
        parts.append(uleb(len(self.changes)))
        for change in self.changes:
            parts += (uleb(len(change)), change)
        return b"".join(parts)


def read_message(data: bytes) -> Message:
    """What a relay has sent; its filter is passed over."""
    if data[0] != 0x42:
        raise ValueError(f"a sync message of kind {data[0]:#x}: none was asked for")
    heads, at = _read_hashes(data, 1)
    need, at = _read_hashes(data, at)
    count, at = read_uleb(data, at)
    common: list[bytes] = []
    for _ in range(count):
        common, at = _read_hashes(data, at)
        size, at = read_uleb(data, at)
        at += size
    changes: list[bytes] = []
    count, at = read_uleb(data, at)
    for _ in range(count):
        size, at = read_uleb(data, at)
        changes.append(data[at : at + size])
        at += size
    return Message(heads, need, common, changes)


def _hashes(some: list[bytes]) -> bytes:
    return uleb(len(some)) + b"".join(some)


def _read_hashes(data: bytes, at: int) -> tuple[list[bytes], int]:
    count, at = read_uleb(data, at)
    end = at + HASH * count
    return [data[n : n + HASH] for n in range(at, end, HASH)], end
