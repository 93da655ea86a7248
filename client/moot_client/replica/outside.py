"""What a replica takes from the outside, so that a simulation can hand it other clocks and dice."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from moot_shared.ids import ulid


@dataclass(frozen=True, slots=True)
class Outside:
    """A clock (Unix milliseconds, shown and never used to decide) and a source of randomness."""

    now: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    random: Callable[[int], bytes] = os.urandom

    def ulid(self) -> str:
        """A fresh ULID."""
        return ulid(max(self.now(), 0), self.random(10))


REAL = Outside()
