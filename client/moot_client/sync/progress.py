"""How far a large exchange has come, in changes: real numbers, or nothing.

What the relay has stands in its welcome, and what is here is known; so both sides of the difference are
counted, and nothing is guessed. 'About', since others go on writing meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from moot_client.sync.events import Progress
from moot_shared.wire.fields import Version
from moot_shared.wire.pages import CHANGES

LEAST = CHANGES  # what goes in one page is here before anybody could read how far it is


class Measure:
    """Of one connection."""

    def __init__(self) -> None:
        self._to_come = self._came = 0
        self._to_go = 0

    def begin(self, theirs: Mapping[bytes, tuple[int, bytes]], here: Version) -> list[Progress]:
        """What the relay has, and what is here (but for what is given up for the relay's branch)."""
        self._to_come = _beyond(theirs, here)
        self._to_go = _beyond(here, theirs)
        return self.came(0) + self.left(lambda: self._to_go)

    def came(self, changes: int) -> list[Progress]:
        """So many more came in."""
        if self._to_come <= LEAST:
            return []
        self._came += changes
        return [Progress(min(self._came, self._to_come), self._to_come, sending=False)]

    def all_came(self) -> list[Progress]:
        """The relay has sent all that it had."""
        to_come, self._to_come = self._to_come, 0
        return [Progress(to_come, to_come, sending=False)] if to_come > LEAST else []

    def left(self, changes: Callable[[], int]) -> list[Progress]:
        """So many are still to be stored by the relay; counted only where it is worth telling."""
        if self._to_go <= LEAST:
            return []
        to_go, left = self._to_go, changes()
        if left == 0:
            self._to_go = 0
        return [Progress(max(to_go - left, 0), to_go, sending=True)]


def _beyond(some: Version, others: Version) -> int:
    """How many changes of `some` are not in `others`."""
    return sum(max(seq - others.get(actor, (0, b""))[0], 0) for actor, (seq, _) in some.items())
