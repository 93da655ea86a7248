"""Places of changes in their log, as sets."""

from __future__ import annotations

from collections.abc import Iterable


def bits_of(places: Iterable[int]) -> int:
    """A number with a bit for each of these places."""
    found = list(places)
    bits = bytearray((max(found, default=0) >> 3) + 1)
    for place in found:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")


def newest(deps: dict[int, tuple[int, ...]]) -> list[int]:
    """Of these places, those on which none of the others is built."""
    built_on = {dep for below in deps.values() for dep in below}
    return [place for place in deps if place not in built_on]
