"""What may stand in a field of a message: small functions that return the value or raise FormatError.

They are named in the annotations of `messages`, so each message is declared once. What they may
cost stands in the limits that whoever reads the message has set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from moot_shared.errors import FormatError
from moot_shared.ids import ACTOR_BYTES
from moot_shared.limits import Limits

T = TypeVar("T")
Reader = Callable[[object, Limits], T]
HASH_BYTES = 32
SIGNATURE_BYTES = 64
HIGHEST = (1 << 63) - 1

Version = Mapping[bytes, tuple[int, bytes]]
"""actor -> (its last seq, the hash of that change): exactly what somebody has."""

Word = tuple[bytes, tuple[bytes, ...], int, bytes]
"""What a receipt says: actor, heads, at, signature."""


def unfit(value: object) -> FormatError:
    """The error for a field that holds something else than it should."""
    return FormatError(f"A message holds something unexpected ({type(value).__name__}).")


def exactly(size: int) -> Reader[bytes]:
    """So many bytes."""

    def read(value: object, limits: Limits) -> bytes:
        if isinstance(value, bytes) and len(value) == size:
            return value
        raise unfit(value)

    return read


def octets(value: object, limits: Limits) -> bytes:
    """Bytes; the frame limits how many."""
    if isinstance(value, bytes):
        return value
    raise unfit(value)


def text(limit: int) -> Reader[str]:
    """Text of so many characters at most."""

    def read(value: object, limits: Limits) -> str:
        if isinstance(value, str) and len(value) <= limit:
            return value
        raise unfit(value)

    return read


def whole(value: object, limits: Limits) -> int:
    """A number that fits SQLite's columns, not below zero."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= HIGHEST:
        return value
    raise unfit(value)


def yes(value: object, limits: Limits) -> bool:
    """Yes or no."""
    if isinstance(value, bool):
        return value
    raise unfit(value)


def maybe(read: Reader[T]) -> Reader[T | None]:
    """A field that may be empty."""
    return lambda value, limits: None if value is None else read(value, limits)


def several(read: Reader[T], most: Callable[[Limits], int]) -> Reader[tuple[T, ...]]:
    """A list of so many at most."""

    def read_all(value: object, limits: Limits) -> tuple[T, ...]:
        if isinstance(value, list) and len(value) <= most(limits):
            return tuple(read(item, limits) for item in value)
        raise unfit(value)

    return read_all


def link(value: object, limits: Limits) -> tuple[int, bytes]:
    """A sequence number and the hash of the change that has it."""
    if isinstance(value, list | tuple) and len(value) == 2:
        return whole(value[0], limits), exactly(HASH_BYTES)(value[1], limits)
    raise unfit(value)


def word(value: object, limits: Limits) -> Word:
    """A machine's signed word on what it has."""
    if isinstance(value, list | tuple) and len(value) == 4:
        heads = several(exactly(HASH_BYTES), lambda limits: limits.sync_heads)(value[1], limits)
        actor, signature = exactly(ACTOR_BYTES)(value[0], limits), exactly(SIGNATURE_BYTES)(value[3], limits)
        return actor, heads, whole(value[2], limits), signature
    raise unfit(value)


def by_actor(read: Reader[T]) -> Reader[dict[bytes, T]]:
    """Something of each of a document's actors; the frame limits how many."""
    actor = exactly(ACTOR_BYTES)

    def read_all(value: object, limits: Limits) -> dict[bytes, T]:
        if isinstance(value, dict):
            return {actor(key, limits): read(item, limits) for key, item in value.items()}
        raise unfit(value)

    return read_all


def plain(value: object, limits: Limits) -> dict[str, object]:
    """A map of the other protocol's own, which is passed over."""
    if isinstance(value, dict):
        return {str(key): item for key, item in value.items()}
    raise unfit(value)
