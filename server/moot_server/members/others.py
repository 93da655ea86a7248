"""What other processes store in the same database: taken in, and passed on to who is connected here.

A notification says in which community there is something new (`events.Elsewhere`). One takes its time, so
the same is asked before anything is judged: somebody's proof, and in the transaction what they write. What
has come that way was committed by others, and is passed on whatever becomes of this process's own writing.

Where memory was dropped while members are connected (their relay could not reach its database), they are
sent whatever they lack of what is loaded then: nobody has counted how far they were.
"""

from __future__ import annotations

from contextlib import suppress

from moot_server.events import Told
from moot_server.members.community import Community
from moot_server.members.fanout import Fanout
from moot_server.members.filling import Filling
from moot_server.members.restored import Restored
from moot_server.storage.store import News, Store
from moot_shared.errors import StorageError


class Others:
    """Of one relay. Where nobody else can write (`Store.news`), it does nothing."""

    def __init__(self, store: Store, restored: Restored, filling: Filling) -> None:
        self._store = store
        self._restored = restored
        self._filling = filling
        self._news: dict[bytes, list[tuple[Community, News]]] = {}
        self.behind: set[bytes] = set()
        """Communities whose members may lack more than is noted here."""

    def loaded(self, community: Community, connected: bool) -> None:
        """It was just read into memory; `connected`: members are here already."""
        news = community.catch_up()
        if news is None:
            return
        self._restored.elsewhere(community, waits=news.restored)
        self._log(community)
        if connected:
            self.behind.add(community.id)

    def catch_up(self, community: Community, told: Told | None = None) -> None:
        """Take in what others have stored, unless all that it was `told` of is here already.

        StorageError leaves it as it is.
        """
        news = community.catch_up(told)
        if news is None:
            return
        self._restored.elsewhere(community, waits=news.restored)
        self._filling.grew(community.id, news.entries)
        if news.facts:
            self._log(community)
        if news.entries or news.receipts:
            self._news.setdefault(community.id, []).append((community, news))

    def forget(self, community: bytes) -> None:
        """It is no longer in memory."""
        self._news.pop(community, None)
        self.behind.discard(community)

    def pass_on(self, fanout: Fanout) -> list[bytes]:
        """Note for everybody else what has come; communities of which it cannot be read now."""
        unread: list[bytes] = []
        found, self._news = self._news, {}
        for community, news in (each for some in found.values() for each in some):
            try:
                fanout.changes(community, news.entries, bool(news.facts), self._store)
            except StorageError:
                unread.append(community.id)
                continue
            for receipt in news.receipts:
                fanout.receipt(community.id, receipt)
        return unread

    def _log(self, community: Community) -> None:
        with suppress(StorageError):  # it is tried again with whatever is said next about who belongs
            self._restored.committed(self._restored.log(community))
