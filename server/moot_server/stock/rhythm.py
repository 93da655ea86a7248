"""When a document's news are passed on: at once, or together with what comes in the next moment.

A listener spends as much on a message with one change as on one with fifty, and more the more others
write beside it. As long as those who listen keep up, everything is passed on as soon as it is stored.
Where somebody writes on before any of them has taken what was sent last, they are told together, at
most forty times a second, and at most ten times where it goes on like that. Nobody sees a difference
of that size, and everybody's machine has a fraction of the work.
"""

from __future__ import annotations

from collections.abc import Iterable

SOON_MS, LATER_MS = 25, 100
"""How far apart news are passed on in a flood: when it begins, and where it goes on."""


class Rhythm:
    """Of one document. Times are Unix milliseconds."""

    __slots__ = ("_apart", "_flood", "_last", "_told", "_unheard", "due")

    def __init__(self) -> None:
        self._flood = False
        self._apart = SOON_MS
        self._last = -LATER_MS
        self._told = 0
        self._unheard: set[int] = set()  # connections that were sent something since and said nothing
        self.due = 0
        """When it is time to pass on what is held back."""

    def heard(self, number: int) -> None:
        """Something came from a listener: they have taken what they were sent."""
        self._unheard.discard(number)

    def now(self, now: int, *, pipelined: bool) -> bool:
        """Whether news may be passed on now; else they are `due` later.

        `pipelined`: their writer did not wait for an answer to what it sent before.
        """
        since = now - self._last
        if since >= 2 * self._apart or since < 0:
            self._flood, self._apart = False, SOON_MS
        if pipelined or (self._told and len(self._unheard) == self._told and since < self._apart):
            self._flood = True
        if self._flood and 0 <= since < self._apart:
            self.due = self._last + self._apart
            return False
        return True

    def told(self, numbers: Iterable[int], now: int) -> None:
        """News were sent to these connections."""
        if self._flood:
            self._apart = min(2 * self._apart, LATER_MS)
        self._unheard = set(numbers)
        self._told = len(self._unheard)
        self._last = now
