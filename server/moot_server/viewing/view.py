"""A community as one document of automerge-repo, to be read."""

from __future__ import annotations

from collections.abc import Callable

from moot_server.members.community import Community
from moot_server.storage.store import Snapshot, Store
from moot_shared.format.leb import write_uleb
from moot_shared.trust.ancestry import Ancestry
from moot_shared.wire.viewing import document_of


class View:
    """What conversations need of it (`stock.talk.Log`); the index is the members'."""

    def __init__(self, community: bytes, store: Store, look: Callable[[bytes], Community]) -> None:
        self.id = community
        self.document = document_of(community)
        """By which id it is asked for."""
        self.shared: dict[tuple[int, int], bytes] = {}
        """What was said to some and may be said to others, until something is added."""
        self._store = store
        self._look = look
        self._length = 0

    @property
    def ancestry(self) -> Ancestry:
        """The index of what is stored; StorageError where it cannot be read."""
        return self._look(self.id).history.ancestry

    def grown(self) -> bool:
        """Whether something has come since this was last asked."""
        length = len(self.ancestry.entries)
        if length == self._length:
            return False
        self._length, self.shared = length, {}
        return True

    def piece(self, place: int) -> bytes:
        """A change as it stands in a message."""
        chunk = self._store.row(self.id, self.ancestry.entries[place].hash).chunk
        return write_uleb(len(chunk)) + chunk

    def snapshot(self) -> Snapshot | None:
        """All of it in one piece, if that was made of what is here."""
        found = self._store.snapshot(self.id)
        place = self.ancestry.place
        return found if found is not None and all(head in place for head in found.heads) else None
