"""Times, sizes and counts as commands say them."""

from __future__ import annotations

from datetime import UTC, datetime

from moot_shared.limits import KIB


def many(number: int, one: str, more: str) -> str:
    """A number of something."""
    return f"{number:,} {one if number == 1 else more}"


def held(communities: int, changes: int) -> str:
    """How much is in a store."""
    return f"{many(communities, 'community', 'communities')}, {many(changes, 'change', 'changes')}"


def size(number: float) -> str:
    """Bytes, as people say them."""
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if number < KIB or unit == "GiB":
            return f"{number:,.0f} {unit}" if unit == "bytes" else f"{number:,.1f} {unit}"
        number /= KIB
    raise AssertionError


def when(milliseconds: int) -> str:
    """A moment, in this machine's time."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def stamp(milliseconds: int) -> str:
    """A moment, as part of a file's name."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y%m%d-%H%M%S")
