"""What became of changes from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from moot_shared.trust.intake import NotTaken


@dataclass(frozen=True, slots=True)
class Received:
    """How many changes of a batch were new, which were refused and why, and how many wait for others."""

    new: int
    refused: tuple[NotTaken, ...] = ()
    waiting: int = 0
