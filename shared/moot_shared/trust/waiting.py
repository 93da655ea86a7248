"""Changes that came before those that they are built on: kept in memory, so many at most."""

from __future__ import annotations

from collections.abc import Container, Iterable

from moot_shared.format.change import Change
from moot_shared.frozen import frozen
from moot_shared.limits import DEFAULT, Limits
from moot_shared.trust.history import History


@frozen
class Item:
    """A decoded change and the seal that came with it."""

    change: Change
    seal: bytes | None


class Waiting:
    """Changes that came before those that they are built on: so many at most, in memory only."""

    def __init__(self, limits: Limits = DEFAULT) -> None:
        self._limits = limits
        self._items: list[Item] = []
        self._missing: set[bytes] = set()

    def __len__(self) -> int:
        return len(self._items)

    def take(self, arrived: Container[bytes], history: History) -> list[Item]:
        """All of them, if something that they wait for has arrived; nothing otherwise."""
        if not any(dep in arrived or dep in history for dep in self._missing):
            return []
        items, self._items, self._missing = self._items, [], set()
        return items

    def keep(self, items: Iterable[Item], missing: Container[bytes]) -> list[Item]:
        """Keep them until something of `missing` arrives; those for which there is no room."""
        over = []
        here = {item.change.hash for item in self._items}
        room = self._limits.orphan_bytes - sum(len(item.change.raw) for item in self._items)
        for item in items:
            if item.change.hash in here:
                continue
            room -= len(item.change.raw)
            if len(self._items) < self._limits.orphans_per_peer and room >= 0:
                self._items.append(item)
                self._missing.update(dep for dep in item.change.deps if dep in missing)
            else:
                over.append(item)
        return over
