"""Changes that came before those that they are built on: of one conversation, so many at most."""

from __future__ import annotations

from collections.abc import Container

from moot_shared.limits import Limits


class Orphans:
    """Held in memory until what they wait for is here; forgotten with the conversation."""

    __slots__ = ("_bytes", "_held", "_limits")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held: dict[bytes, tuple[tuple[bytes, ...], bytes]] = {}  # hash -> deps, chunk
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, change_hash: object) -> bool:
        return change_hash in self._held

    def keep(self, change_hash: bytes, deps: tuple[bytes, ...], chunk: bytes) -> bool:
        """Hold a change, if there is room."""
        if len(self._held) >= self._limits.orphans_per_peer:
            return False
        if self._bytes + len(chunk) > self._limits.orphan_bytes:
            return False
        self._held[change_hash] = deps, chunk
        self._bytes += len(chunk)
        return True

    def missing(self, known: Container[bytes]) -> set[bytes]:
        """What they are built on and nobody has brought."""
        deps = {dep for deps, _ in self._held.values() for dep in deps}
        return {dep for dep in deps if dep not in known and dep not in self._held}

    def ready(self, known: Container[bytes]) -> list[bytes]:
        """The chunks of those that need wait no more; they are let go of."""
        found = [each for each, (deps, _) in self._held.items() if all(dep in known for dep in deps)]
        return [self._let_go(each) for each in found]

    def _let_go(self, change_hash: bytes) -> bytes:
        _, chunk = self._held.pop(change_hash)
        self._bytes -= len(chunk)
        return chunk
