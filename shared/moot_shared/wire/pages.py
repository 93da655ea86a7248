"""Changes and seals, packed under the frame limit and unpacked within bounds.

A page's body is, deflated (zlib): for each change the length of its chunk (LEB128), the chunk,
and then either a zero byte or a one and the 64 bytes of its seal. Changes that are deflated
together take a third of what they take one by one.

Receivers judge seals where every actor's run ends with one. `pack` therefore ends pages at such
places where it can; where seals lie too far apart for one page, it marks the pages of the batch
but the last with `more`, and `Gathering` puts them together again, up to a bound.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from moot_shared.errors import FormatError
from moot_shared.format.leb import uleb, write_uleb
from moot_shared.limits import DEFAULT, KIB, MIB, Limits
from moot_shared.trust.seal import Sealed
from moot_shared.wire.fields import SIGNATURE_BYTES
from moot_shared.wire.glance import Glance, glance

CHANGES = 500  # in one page: what is judged and committed at a time, so that nobody waits long
ENVELOPE = 64 * KIB  # of a frame, left for everything but the page's body

CARRIED = 300  # bytes that a change takes in memory beside its chunk, about


@dataclass(frozen=True, slots=True)
class Packed:
    """One page's body, whether its batch goes on, and what it holds."""

    body: bytes
    more: bool
    names: tuple[Glance, ...]


def pack(changes: Iterable[Sealed], limits: Limits = DEFAULT) -> Iterator[Packed]:
    """Changes in causal order as pages, one at a time, as they are asked for."""
    room = limits.frame_bytes - ENVELOPE
    waiting: list[tuple[bytes, Glance]] = []
    size, settled = 0, 0  # bytes waiting; how many of them, from the start, end with every run sealed
    unsealed: set[bytes] = set()
    for change in changes:
        name, item = glance(change.chunk), _item(change)
        while waiting and (size + len(item) > room or len(waiting) == CHANGES):
            cut = settled or len(waiting)
            yield _packed(waiting[:cut], more=not settled, limits=limits)
            waiting, settled = waiting[cut:], 0
            size = sum(len(rest) for rest, _ in waiting)
        waiting.append((item, name))
        size += len(item)
        (unsealed.discard if change.seal else unsealed.add)(name.actor)
        if not unsealed:
            settled = len(waiting)
    if waiting:
        yield _packed(waiting, more=False, limits=limits)


def unpack(body: bytes, limits: Limits = DEFAULT) -> tuple[Sealed, ...]:
    """What a page holds; FormatError where it is damaged or would inflate beyond bounds."""
    data = _inflated(body, limits.frame_bytes + limits.change_inflated_bytes)
    carried: list[Sealed] = []
    position = 0
    while position < len(data):
        length, position = uleb(data, position)
        chunk = data[position : position + length]
        position += length
        sealed = data[position : position + 1]
        seal = data[position + 1 : position + 1 + SIGNATURE_BYTES] if sealed == b"\1" else None
        position += 1 + len(seal or b"")
        if sealed not in (b"\0", b"\1") or (seal is not None and len(seal) != SIGNATURE_BYTES):
            raise _damaged()
        if len(carried) == CHANGES:
            raise FormatError(f"This page holds more than the {CHANGES} changes that a page may.")
        carried.append(Sealed(chunk, seal))
    return tuple(carried)


class Gathering:
    """Puts the pages of one batch together again."""

    def __init__(self, limits: Limits = DEFAULT) -> None:
        self._limits = limits
        self._parts: list[Sealed] = []
        self._size = 0

    def add(self, body: bytes, more: bool) -> tuple[Sealed, ...] | None:
        """Take in a page: the batch that it completes, or None. FormatError beyond the bound."""
        part = unpack(body, self._limits)
        self._size += sum(len(carry.chunk) + CARRIED for carry in part)
        if self._size > self._limits.batch_bytes:
            most = self._limits.batch_bytes // MIB
            raise FormatError(f"More than {most} MiB of changes came that no seal vouches for.")
        self._parts += part
        if more:
            return None
        batch = tuple(self._parts)
        self._parts, self._size = [], 0
        return batch


def _item(change: Sealed) -> bytes:
    seal = b"\1" + change.seal if change.seal else b"\0"
    return write_uleb(len(change.chunk)) + change.chunk + seal


def _packed(items: list[tuple[bytes, Glance]], *, more: bool, limits: Limits) -> Packed:
    body = zlib.compress(b"".join(item for item, _ in items))
    if len(body) > limits.frame_bytes - ENVELOPE // 2:
        raise FormatError("This change is too large to be sent.")
    return Packed(body, more, tuple(name for _, name in items))


def _inflated(body: bytes, limit: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        data = inflater.decompress(body, limit)
    except zlib.error as error:
        raise _damaged() from error
    if not inflater.eof or inflater.unused_data:
        raise _damaged()
    return data


def _damaged() -> FormatError:
    return FormatError("This page cannot be read.")
