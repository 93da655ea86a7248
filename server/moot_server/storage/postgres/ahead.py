"""Rows in memory: those that were just stored, and those that will be asked for next.

Who catches up asks for one row after the other, in the order in which they were stored, and each question
takes a journey to the database. So more is brought along each time that somebody goes on where the last
answer has ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from moot_shared.trust.cache import Cache
from moot_shared.trust.seal import Sealed

Row = tuple[bytes, bytes, bytes | None]
"""A change's hash, its chunk, and its seal."""
FIRST, MOST = 4, 128
_KEPT_BYTES = 16 << 20
_PLACES = 1000
_ROW_BYTES = 300  # what a row takes in memory beside its chunk, about


class Ahead:
    """Of one store."""

    def __init__(self) -> None:
        self._kept: Cache[tuple[bytes, bytes], Sealed] = Cache(_KEPT_BYTES)
        self._next: dict[tuple[bytes, bytes], int] = {}

    def get(self, community: bytes, change_hash: bytes) -> Sealed | None:
        """A row, if it is here."""
        return self._kept.get((community, change_hash))

    def keep(self, community: bytes, rows: Iterable[Row]) -> None:
        """These are stored."""
        for change_hash, chunk, seal in rows:
            self._kept.keep((community, change_hash), Sealed(chunk, seal), _ROW_BYTES + len(chunk))

    def how_many(self, community: bytes, change_hash: bytes) -> int:
        """How many rows to ask for, from this one on."""
        return self._next.pop((community, change_hash), FIRST)

    def brought(self, community: bytes, rows: Sequence[Row], asked: int) -> None:
        """What came of it; the last one is only a sign where the next question will begin."""
        if len(rows) < asked:
            self.keep(community, rows)
            return
        self.keep(community, rows[:-1])
        if len(self._next) >= _PLACES:
            self._next.clear()
        self._next[community, rows[-1][0]] = min(MOST, 4 * asked)
