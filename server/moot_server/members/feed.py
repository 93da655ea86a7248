"""What one connection has yet to be sent: its backlog as fast as the socket takes it, then as it comes.

    catching up --backlog is empty--> live

A newcomer's backlog may be far larger than what a slow socket may hold unsent, so the next page
is made when the last has left. In the live stage pages are pushed, made once for all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from moot_server.storage.store import Store
from moot_shared.limits import Limits
from moot_shared.trust.seal import Sealed
from moot_shared.wire.pages import Packed, pack


class Feed:
    """The changes that a connection lacks, by hash, in causal order."""

    def __init__(self, community: bytes, store: Store, limits: Limits, lacking: Iterable[bytes]) -> None:
        self._community = community
        self._store = store
        self._limits = limits
        self._backlog = deque(lacking)
        self._pages = pack(self._rows(), limits)
        self.live = False

    def add(self, hashes: Iterable[bytes]) -> None:
        """More has come while they catch up."""
        self._backlog.extend(hashes)

    def next(self) -> Packed | None:
        """The next page of the backlog; None once there is none, and from then on it is live."""
        page = next(self._pages, None)
        if page is None and self._backlog:
            self._pages = pack(self._rows(), self._limits)
            page = next(self._pages, None)
        self.live = page is None
        return page

    def _rows(self) -> Iterator[Sealed]:
        while self._backlog:
            yield self._store.row(self._community, self._backlog.popleft())
