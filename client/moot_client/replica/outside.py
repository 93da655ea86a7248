"""What a replica takes from the outside, so that a simulation can hand it other clocks, dice and disks."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from moot_client.store.disk import REAL_DISK, Disk
from moot_shared.frozen import frozen
from moot_shared.ids import ulid


@frozen
class Outside:
    """A clock (Unix milliseconds, shown and never used to decide), a source of randomness, and a disk."""

    now: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    random: Callable[[int], bytes] = os.urandom
    disk: Disk = REAL_DISK

    def ulid(self) -> str:
        """A fresh ULID."""
        return ulid(max(self.now(), 0), self.random(10))


REAL = Outside()
