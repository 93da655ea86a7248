"""What the interface knows of the connection, and what starts and stops it.

The engine lives in `moot_client.sync` and knows no screen; here its events become one small value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from moot_client.replica.replica import Replica


@dataclass(frozen=True, slots=True)
class Link:
    """How it stands with the relay now. `since` is Unix milliseconds; `trouble` is for people."""

    connected: bool = False
    since: int = 0
    trouble: str = ""
    url: str = ""


class Syncing(Protocol):
    """Something that keeps a community and its relay together until it is told to stop."""

    async def run(self, tell: Callable[[Link], None]) -> None:
        """Sync until cancelled; `tell` may be called from any thread."""

    def nudge(self) -> None:
        """Something was written: send it soon. Any thread."""


def syncing(replica: Replica) -> Syncing | None:
    """What keeps this replica and its relay together."""
    return None
