"""CBOR, strictly: what a stranger may make this machine build is settled before it is built.

The library alone would follow tags into cyclic references, regular expressions and numbers of
a megabyte, and would overlook what stands after the end. So each frame is walked first, item
by item, and only plain ones of bounded number and depth are decoded at all.
"""

from __future__ import annotations

import cbor2

from moot_shared.errors import FormatError
from moot_shared.limits import DEFAULT, Limits

ITEMS = 100_000  # in one frame: a version of 5,000 actors has 20,000
_BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = 2, 3, 4, 5, 6, 7
_PLAIN_SIMPLE = frozenset({20, 21, 22, 23, 25, 26, 27})  # false, true, null, undefined, floats


def encode(value: object) -> bytes:
    """One value as CBOR."""
    return cbor2.dumps(value)


def decode(data: bytes, limits: Limits = DEFAULT) -> object:
    """The one value in `data`; FormatError for anything but plain items of exactly that length."""
    try:
        end, _ = _walk(data, 0, limits.cbor_depth, ITEMS)
        if end != len(data):
            raise _unreadable()
        return cbor2.loads(
            data, max_depth=limits.cbor_depth, allow_indefinite=False, allow_duplicate_keys=False
        )
    except (cbor2.CBORError, ValueError, IndexError) as error:
        raise _unreadable() from error


def present(value: object) -> bool:
    """Whether a field has a value: JavaScript sends `undefined` for those that have none."""
    return value is not cbor2.undefined


def _walk(data: bytes, position: int, depth: int, budget: int) -> tuple[int, int]:
    """Pass over one item: where it ends, and how many more items may follow."""
    if budget <= 0:
        raise _unreadable()
    major, argument = data[position] >> 5, data[position] & 31
    position += 1
    if (major == _SIMPLE and argument not in _PLAIN_SIMPLE) or major == _TAG or argument > 27:
        raise _unreadable()
    size = argument
    if argument > 23:
        width = 1 << argument - 24
        if position + width > len(data):
            raise _unreadable()
        size = int.from_bytes(data[position : position + width], "big")
        position += width
    budget -= 1
    if major in (_BYTES, _TEXT):
        position += size
        if position > len(data):
            raise _unreadable()
    elif major in (_ARRAY, _MAP):
        if depth == 0 or size > budget:
            raise _unreadable()
        for _ in range(size):
            if major == _MAP:
                if data[position] >> 5 not in (_BYTES, _TEXT):
                    raise _unreadable()
                position, budget = _walk(data, position, depth - 1, budget)
            position, budget = _walk(data, position, depth - 1, budget)
    return position, budget


def _unreadable() -> FormatError:
    return FormatError("This message cannot be read.")
