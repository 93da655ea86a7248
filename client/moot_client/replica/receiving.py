"""What became of changes from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moot_shared.frozen import frozen

if TYPE_CHECKING:
    from moot_shared.trust.intake import NotTaken


@frozen
class Received:
    """How many changes of a batch were new, which were refused and why, and how many wait for others."""

    new: int
    refused: tuple[NotTaken, ...] = ()
    waiting: int = 0
