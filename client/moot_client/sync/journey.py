"""From one connection to the next: where to go, for how long, and what comes after trouble.

    a farewell is due? --there--> home --trouble--> a fallback --for a while, or trouble--> home --> ...

No socket and no clock here. Whoever keeps the connections asks `next`, tells what became of the visit,
and waits for as long as the answer says.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from moot_client.replica.replica import Replica
from moot_client.sync.ways import arrived, missed, ways
from moot_shared.errors import ConnectionTrouble, MootError, StorageError


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often the engine looks and tries, in seconds."""

    inbox: float = 0.15
    look: float = 2.0
    """How often it looks whether this machine has another way out, or has slept."""
    writer: float = 1.0
    """How often it asks whether another process has let go of the community."""
    first_try: float = 1.0
    last_try: float = 60.0
    """Tries come at most so far apart; ten times as far where the relay has said no for good."""
    farewell: float = 60.0
    """How long after a farewell the next one is tried, where one is; then twice as long, and so on."""
    last_farewell: float = 3600.0
    jitter: Callable[[], float] = field(default=random.random)

    def pause(self, failures: int, *, hopeless: bool) -> float:
        """How long to wait after so many failures in a row."""
        longest = self.last_try * (10 if hopeless else 1)
        steady = longest if hopeless else min(longest, self.first_try * 2.0 ** min(failures - 1, 16))
        return steady * (0.5 + 0.5 * self.jitter())

    def until_farewell(self, tries: int) -> float:
        """How long to stay at home after so many visits where it was."""
        return min(self.last_farewell, self.farewell * 2.0 ** min(tries - 1, 16)) * (
            0.5 + 0.5 * self.jitter()
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """A connection that is due."""

    url: str
    home: str
    """The home as it was known when one set out: where it is another one by now, one goes on."""
    stay: float | None
    """For how many seconds, and at least until all is exchanged; None for as long as it lasts."""
    farewell: bool = False


class Journey:
    """Of one replica, for as long as a process has it open."""

    def __init__(self, replica: Replica, rhythm: Rhythm) -> None:
        self._replica = replica
        self._rhythm = rhythm
        self._failures = 0
        self._exchanged = False
        self._at_home: MootError | None = None  # what came of it there last, until it went well somewhere
        self._put_off = False  # whether one stays at home first, before the next farewell

    def next(self) -> Visit | None:
        """Where to go now; None where the community is on no relay."""
        self._exchanged = False
        way = ways(self._replica)
        if not way.all:
            return None
        if way.farewells and not self._put_off:
            return Visit(way.farewells[0], way.home, 0.0, farewell=True)
        url = way.all[self._failures % len(way.all)]
        if url != way.home:
            return Visit(url, way.home, self._rhythm.last_try)
        return Visit(url, way.home, self._rhythm.until_farewell(way.tries) if way.farewells else None)

    def begin_again(self) -> None:
        """Somebody asks, or the network is another one: pauses are short again."""
        self._failures = 0

    def settled(self, visit: Visit) -> bool:
        """All is exchanged; whether the community turns out to have moved."""
        if not self._exchanged:
            self._exchanged, self._at_home = True, None
            arrived(self._replica, visit.url)
        return self._replica.relay_url() != visit.home

    def ended(self, visit: Visit) -> None:
        """The visit has ended as it should."""
        self._failures = 0
        self._put_off = visit.url != visit.home and ways(self._replica).tries > 0

    def failed(self, visit: Visit | None, error: MootError) -> float | None:
        """Trouble, on a visit or before one: how many seconds to wait before going on; None for none."""
        if visit is not None and visit.farewell and isinstance(error, ConnectionTrouble):
            with suppress(StorageError):  # then it is not counted
                missed(self._replica, visit.url)
            self._failures, self._put_off = 0, True
            return None
        if visit is not None and visit.url == visit.home:
            self._at_home = error
        self._failures = 1 if self._exchanged else self._failures + 1
        return self._rhythm.pause(self._failures, hopeless=not error.retry)

    def trouble(self, error: MootError) -> MootError:
        """What to say of it: how it stands at home, also where one was elsewhere since and found nobody.

        A relay that says no for good is heard wherever it is.
        """
        passing = isinstance(error, ConnectionTrouble) and error.retry
        return self._at_home if passing and self._at_home else error
