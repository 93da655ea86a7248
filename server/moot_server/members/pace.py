"""How fast a member may keep the relay busy: what comes faster is read later, and never refused.

The unit is a change. Whatever else costs the relay work is worth so many of them: what one has is
compared with the whole history, and no frame is free. Who comes back every few seconds - a script
that syncs after each of its commands - must not feel any of it.
"""

from __future__ import annotations

from collections import OrderedDict

from moot_shared.limits import Limits
from moot_shared.wire.messages import Have, Message, Page, Receipt

LONGEST_S = 1.0  # a returning traveller's backlog, or an emptied relay's refill, still moves
MEMBERS = 10_000
FRAME, HAVE, RECEIPT = 1, 2, 1
BYTES = 16 * 1024  # of a page that are worth a change, whatever is in it


def cost(message: Message | None, batch: int) -> int:
    """What a frame has cost, in changes; `batch` is how many were judged where it is a page."""
    if isinstance(message, Have):
        return HAVE
    if isinstance(message, Receipt):
        return RECEIPT
    if isinstance(message, Page):
        return max(FRAME, len(message.body) // BYTES, batch)
    return FRAME


class Pace:
    """A bucket of changes a member, filled at a steady rate up to a burst."""

    def __init__(self, limits: Limits) -> None:
        self._rate = limits.changes_per_second
        self._burst = float(limits.changes_burst)
        self._buckets: OrderedDict[bytes, tuple[float, int]] = OrderedDict()  # key -> what is left, when (ms)

    def spend(self, key: bytes, changes: int, now: int) -> float:
        """Seconds to wait before more of this member is read, now that they have cost so many changes."""
        left, before = self._buckets.pop(key, (self._burst, now))
        left = min(self._burst, left + self._rate * max(now - before, 0) / 1000) - changes
        self._buckets[key] = (max(left, -self._burst), now)
        if len(self._buckets) > MEMBERS:
            self._buckets.popitem(last=False)
        return min(LONGEST_S, max(0.0, -left / self._rate))

    def forget(self, now: int) -> None:
        """Let go of buckets that are full again: they are as if they had never been."""
        full = self._burst / self._rate * 2000  # from the deepest debt
        while self._buckets and now - next(iter(self._buckets.values()))[1] > full:
            self._buckets.popitem(last=False)
