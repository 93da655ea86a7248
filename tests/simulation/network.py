"""The virtual network: connections that keep order and deliver, until they are cut.

A cut can fall at any byte: what had not arrived whole by then is lost, in both directions. One end may
learn of it long after the other (half-open), and either may be slow to take what comes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tests.simulation.schedule import Schedule

LONG_MS = 45_000  # the longest that an end does not notice that the other is gone


class End(Protocol):
    """Who is at one end of a connection."""

    def frame(self, wire: Wire, data: bytes) -> None:
        """A whole frame has arrived."""

    def ended(self, wire: Wire) -> None:
        """The connection is over, as far as this end knows."""


@dataclass
class Way:
    """One direction of a connection."""

    end: End
    latency_ms: int
    ms_per_kb: float
    free_at: int = 0


class Wire:
    """One connection between a machine and a relay."""

    def __init__(self, schedule: Schedule, number: int, client: End, relay: End) -> None:
        dice = schedule.dice
        self.number = number
        self._schedule = schedule
        self._cut = False
        slow = dice.random() < 0.1
        self._ways = {
            "up": Way(relay, dice.randint(1, 400), dice.random() * (40 if slow else 1)),
            "down": Way(client, dice.randint(1, 400), dice.random() * (40 if slow else 1)),
        }

    def send(self, direction: str, data: bytes, left: Callable[[], None] = lambda: None) -> None:
        """Put a frame on its way; `left` is called when it has left the sender's buffer."""
        if self._cut:
            return
        way, now = self._ways[direction], self._schedule.now
        start = max(now, way.free_at)
        way.free_at = start + int(len(data) / 1024 * way.ms_per_kb)
        self._schedule.at(way.free_at, lambda: None if self._cut else left())
        self._schedule.at(way.free_at + way.latency_ms, lambda: self._arrive(way, data))

    def _arrive(self, way: Way, data: bytes) -> None:
        if not self._cut:
            way.end.frame(self, data)

    def hang_up(self, direction: str) -> None:
        """One end is done: the other learns of it after all that was sent."""
        if not self._cut:
            way = self._ways[direction]
            when = max(self._schedule.now, way.free_at) + way.latency_ms
            self._schedule.at(when, self.cut)

    def cut(self, *, unnoticed: bool = False) -> None:
        """It breaks now; each end learns of it at once, or much later."""
        if self._cut:
            return
        self._cut = True
        for way in self._ways.values():
            late = self._schedule.dice.randint(1_000, LONG_MS) if unnoticed else 0
            self._schedule.after(late, lambda way=way: way.end.ended(self))  # type: ignore[misc]
