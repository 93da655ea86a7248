"""What became of changes from elsewhere, and how they travel."""

from __future__ import annotations

from dataclasses import dataclass

from moot_shared.trust.intake import NotTaken


@dataclass(frozen=True, slots=True)
class Sealed:
    """A change as it travels: its canonical chunk, and the seal beside it if there is one."""

    chunk: bytes
    seal: bytes | None


@dataclass(frozen=True, slots=True)
class Received:
    """How many changes of a batch were new, which were refused and why, and how many wait for others."""

    new: int
    refused: tuple[NotTaken, ...] = ()
    waiting: int = 0
