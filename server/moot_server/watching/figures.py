"""What a relay counts. Plain numbers, so that a frame costs no lock; read while they change.

Sockets count in the event loop, a core in its one thread; no number is changed by both. Codes of
refusals are the protocol's own words, never somebody's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Bounds of the histograms."""


class Histogram:
    """How often something took how long."""

    def __init__(self) -> None:
        self.counts = [0] * (len(SECONDS) + 1)
        self.sum = 0.0

    def add(self, seconds: float) -> None:
        """It took so long once."""
        self.counts[bisect_left(SECONDS, seconds)] += 1
        self.sum += seconds


@dataclass(slots=True)
class Figures:
    """Of one relay since it started; those that say `now` are as things stand."""

    # sockets
    connections_now: int = 0
    opened: int = 0
    turned_away: int = 0
    """Sockets for which there was no room before the handshake."""
    closed: Counter[str] = field(default_factory=Counter)
    """By the relay's word for it, or 'left'."""
    slow_readers: int = 0
    frames_in: int = 0
    frames_out: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    batches: int = 0
    batch_seconds: Histogram = field(default_factory=Histogram)
    """From a batch's first frame to its last answer, the disk's sync in between."""
    defects: int = 0
    # the core
    members_now: int = 0
    viewers_now: int = 0
    """Who reads by a viewer link."""
    communities_now: int = 0
    """In memory."""
    waiting_now: int = 0
    """Restored communities that wait for a convenor."""
    changes: int = 0
    """Stored."""
    refused: Counter[str] = field(default_factory=Counter)
    """Changes and pages that were not taken, by code; the connection went on."""
    storage_failures: int = 0
    storage_fails_now: bool = False
    """Whether the last attempt to store something failed."""
    # the store
    commit_seconds: Histogram = field(default_factory=Histogram)

    def stored(self, changes: int) -> None:
        """So many changes were committed."""
        self.changes += changes
        self.storage_fails_now = False

    def not_stored(self) -> None:
        """A commit failed."""
        self.storage_failures += 1
        self.storage_fails_now = True
