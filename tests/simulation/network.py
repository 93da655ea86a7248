"""The virtual network: connections that keep order and deliver, until they are cut - at any byte.

Each direction is a stream of bytes, in which frames lie one after the other. When it breaks, so many
bytes of what was on its way have arrived as the dice say, in each direction its own number: frames that are
whole by then are delivered, and the rest is lost, although whoever sent it saw it leave. One end may
learn of it long after the other (half-open), and what is still delivered then arrives late: after what
the same machine has said on its next connection.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from tests.simulation.schedule import Schedule

LONG_MS = 45_000  # the longest that an end does not notice that the other is gone: two pings
FRAME_HEADER = 6  # bytes
WINDOW = 16 * 1024  # bytes that somebody's system takes for who does not read

Direction = Literal["up", "down"]


class End(Protocol):
    """Who is at one end of a connection."""

    def frame(self, wire: Wire, data: bytes) -> None:
        """A whole frame has arrived."""

    def ended(self, wire: Wire) -> None:
        """The connection is over, as far as this end knows."""


@dataclass
class Way:
    """One direction of a connection: to whom, how fast, and what is on its way."""

    end: End
    latency_ms: int
    ms_per_kb: float
    free_at: int = 0
    stalled_until: int = 0
    """Until when nobody reads at its end."""
    flying: deque[bytes] = field(default_factory=deque)
    lands_at: int = 0
    """When the last of them arrives."""
    sendable: bool = True
    """Whether its sender still believes in it."""


class Wire:
    """One connection between a machine and a relay."""

    def __init__(self, schedule: Schedule, number: int, client: End, relay: End) -> None:
        dice = schedule.dice
        self.number = number
        self._schedule = schedule
        self._cut = False
        slow = dice.random() < 0.1
        self._ways: dict[Direction, Way] = {
            "up": Way(relay, dice.randint(1, 400), dice.random() * (40 if slow else 1)),
            "down": Way(client, dice.randint(1, 400), dice.random() * (40 if slow else 1)),
        }

    # -- sending -----------------------------------------------------------------------------------

    def send(self, direction: Direction, data: bytes, left: Callable[[], None] | None = None) -> None:
        """Put a frame on its way; `left` is called when it has left the sender's buffer."""
        way, now = self._ways[direction], self._schedule.now
        if not way.sendable:
            return
        start = max(now, way.free_at)
        if way.stalled_until > now and sum(map(len, way.flying)) > WINDOW:
            start = max(start, way.stalled_until)
        way.free_at = start + int(len(data) / 1024 * way.ms_per_kb)
        if left is not None:
            self._schedule.at(way.free_at, lambda: left() if way.sendable else None)
        if not self._cut:  # else it counts as sent, and never arrives
            way.flying.append(data)
            way.lands_at = way.free_at + way.latency_ms
            self._schedule.at(way.lands_at, lambda: self._arrive(way))

    def _arrive(self, way: Way) -> None:
        if self._schedule.now < way.stalled_until:
            self._schedule.at(way.stalled_until, lambda: self._arrive(way))
        elif way.flying:
            way.end.frame(self, way.flying.popleft())

    def stall(self, direction: Direction, ms: int) -> None:
        """Nobody reads at one end for a while."""
        way = self._ways[direction]
        way.stalled_until = max(way.stalled_until, self._schedule.now + ms)

    # -- the end -----------------------------------------------------------------------------------

    def hang_up(self, direction: Direction) -> None:
        """One end is done and says nothing more: the other learns of it after all that was sent."""
        way = self._ways[direction]
        if way.sendable:
            way.sendable = False
            self._schedule.at(max(self._schedule.now, way.lands_at, way.stalled_until) + 1, self.cut)

    def cut(self, *, unnoticed: bool = False) -> None:
        """It breaks now; each end learns of it at once, or much later."""
        if self._cut:
            return
        self._cut = True
        for direction, way in self._ways.items():
            self._lose(way)
            late = self._schedule.dice.randint(1_000, LONG_MS) if unnoticed else 0
            if way.flying and late:  # what has arrived lies around until then
                self.stall(direction, self._schedule.dice.randint(0, late))
            over = max(self._schedule.now + late, way.lands_at if way.flying else 0, way.stalled_until)
            self._schedule.at(over + 1, lambda way=way: self._over(way))  # type: ignore[misc]

    def _lose(self, way: Way) -> None:
        """Keep the frames that were whole when so many bytes had arrived."""
        if not way.flying:
            return
        arrived = self._schedule.dice.randint(0, sum(FRAME_HEADER + len(data) for data in way.flying))
        kept: deque[bytes] = deque()
        for data in way.flying:
            arrived -= FRAME_HEADER + len(data)
            if arrived < 0:
                break
            kept.append(data)
        way.flying = kept

    def _over(self, way: Way) -> None:
        """The end that reads here learns that there is nobody any more, and says nothing more itself."""
        for other in self._ways.values():
            if other is not way:
                other.sendable = False
        way.end.ended(self)
