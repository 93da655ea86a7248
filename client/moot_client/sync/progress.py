"""How far a large exchange has come, in changes: real numbers, or nothing.

What the relay has stands in its welcome, and what is here is known; so both sides are counted whole, and
nothing is guessed: whoever is cut off in the middle reads on where they were. 'About', since others go on
writing meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable

from moot_client.sync.events import Progress
from moot_shared.wire.fields import Version
from moot_shared.wire.pages import CHANGES

LEAST = CHANGES  # what goes in one page is here before anybody could read how far it is


class Measure:
    """Of one connection."""

    def __init__(self) -> None:
        self._theirs: Version = {}
        self._to_come = self._here = 0
        self._to_go = self._all = self._gone = 0

    def begin(self, theirs: Version, here: Version) -> list[Progress]:
        """What the relay has, and what is here (but for what is given up for the relay's branch)."""
        self._theirs, self._all = theirs, _beyond(here, {})
        self._to_come = _beyond(theirs, here)
        self._to_go = _beyond(here, theirs)
        return self.came(lambda: here) + self.left(lambda: self._to_go)

    def came(self, here: Callable[[], Version]) -> list[Progress]:
        """More came in, so that this is here now; asked only where it is worth telling."""
        if self._to_come <= LEAST:
            return []
        of = _beyond(self._theirs, {})
        self._here = max(self._here, of - _beyond(self._theirs, here()))
        return [Progress(self._here, of, sending=False)]

    def all_came(self) -> list[Progress]:
        """The relay has sent all that it had."""
        to_come, self._to_come = self._to_come, 0
        of = _beyond(self._theirs, {})
        return [Progress(of, of, sending=False)] if to_come > LEAST else []

    def left(self, changes: Callable[[], int]) -> list[Progress]:
        """So many are still to be stored by the relay; counted only where it is worth telling."""
        if self._to_go <= LEAST:
            return []
        left = changes()
        if left == 0:
            self._to_go = 0
        self._gone = max(self._gone, self._all - left)  # more may be written here meanwhile
        return [Progress(self._gone, self._all, sending=True)]


def _beyond(some: Version, others: Version) -> int:
    """How many changes of `some` are not in `others`."""
    return sum(max(seq - others.get(actor, (0, b""))[0], 0) for actor, (seq, _) in some.items())
