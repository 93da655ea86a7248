"""What happens when: one heap of virtual times, and the dice of the whole world."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable

from tests.simulation.trouble import Died

BEGIN_MS = 1_760_000_000_000


class Schedule:
    """Virtual time. Nothing here ever waits."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.now = self.begin = BEGIN_MS
        self.steps = 0
        self.bury: Callable[[], None] = lambda: None
        """What is done when a process has died in the middle of something."""
        self._heap: list[tuple[int, int, Callable[[], None]]] = []
        self._number = 0

    def at(self, when: int, what: Callable[[], None]) -> None:
        """Do something at a time, after everything that was put there before it."""
        self._number += 1
        heapq.heappush(self._heap, (max(when, self.now), self._number, what))

    def after(self, ms: int, what: Callable[[], None]) -> None:
        """Do something so many milliseconds from now."""
        self.at(self.now + ms, what)

    def run(self, until: int) -> None:
        """Let time pass."""
        while self._heap and self._heap[0][0] <= until:
            self.now, _, what = heapq.heappop(self._heap)
            self.steps += 1
            try:
                what()
            except Died:
                self.bury()
        self.now = max(self.now, until)
