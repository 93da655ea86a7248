"""Changes that came before those that they are built on: of one connection, so many at most."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from moot_shared.format.outline import Outline
from moot_shared.limits import Limits


@dataclass(slots=True)
class Room:
    """What waits in all conversations of one connection."""

    changes: int = 0
    bytes: int = 0


class Orphans:
    """Held in memory until what they wait for is here; forgotten with the conversation."""

    __slots__ = ("_held", "_limits", "_room")

    def __init__(self, limits: Limits, room: Room) -> None:
        """`room` is shared by the conversations of a connection."""
        self._limits = limits
        self._room = room
        self._held: dict[bytes, Outline] = {}

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, change_hash: object) -> bool:
        return change_hash in self._held

    def keep(self, change: Outline) -> bool:
        """Hold a change, if there is room."""
        room = self._room
        if room.changes >= self._limits.orphans_per_peer:
            return False
        if room.bytes + len(change.raw) > self._limits.orphan_bytes:
            return False
        self._held[change.hash] = change
        room.changes += 1
        room.bytes += len(change.raw)
        return True

    def missing(self, known: Container[bytes]) -> set[bytes]:
        """What they are built on and nobody has brought."""
        deps = {dep for change in self._held.values() for dep in change.deps}
        return {dep for dep in deps if dep not in known and dep not in self._held}

    def ready(self, known: Container[bytes]) -> list[Outline]:
        """Those that need wait no more; they are let go of."""
        found = [each for each in self._held.values() if all(dep in known for dep in each.deps)]
        for change in found:
            del self._held[change.hash]
            self._room.changes -= 1
            self._room.bytes -= len(change.raw)
        return found
