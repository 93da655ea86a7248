"""What a member is sent: what they lack when they come, page by page as the socket takes it.

Only one page of a backlog is on its way to a connection at a time, however often it says what it
has: so a reader who asks and does not read costs one page of memory.
"""

from __future__ import annotations

from collections.abc import Callable

from moot_server.events import Output, Send
from moot_server.members.community import Community
from moot_server.members.feed import Feed
from moot_server.members.filling import Filling
from moot_server.members.passing import gathered
from moot_server.members.peers import Peer
from moot_server.members.presence import Presence
from moot_server.storage.store import Store
from moot_shared.errors import StorageError
from moot_shared.limits import Limits
from moot_shared.wire.messages import Done, Have, Page


class Reading:
    """Of all connections that are in."""

    def __init__(
        self,
        store: Store,
        find: Callable[[bytes], Community],
        filling: Filling,
        presence: Presence,
        limits: Limits,
    ) -> None:
        self._store = store
        self._find = find
        self._filling = filling
        self._presence = presence
        self._limits = limits

    def learn(self, peer: Peer, have: Have, now: int) -> list[Output]:
        """They have said what they have: send what they lack."""
        community = self._find(peer.community)
        peer.have = {actor: seq for actor, (seq, _) in have.clock.items()}
        for fork in community.history.forks(have.clock):
            peer.have[fork.actor] = 0  # they need the branch that is kept here, from its beginning
        if peer.role == "host":
            return [peer.send(Done((), now))]
        return self._begin(peer, community, now)

    def admit(self, peer: Peer, now: int) -> list[Output]:
        """An invite's holder, or who brought the community back, is on the roster now."""
        was_reading, peer.role, peer.invite = peer.feed is not None, "member", None
        return [] if was_reading else self._begin(peer, self._find(peer.community), now)

    def again(self, peer: Peer, now: int) -> list[Output]:
        """Send whatever they lack, and every receipt: it is not known what they were sent meanwhile."""
        peer.feed = None
        try:
            return self._begin(peer, self._find(peer.community), now)
        except StorageError as error:
            return peer.dismiss("storage", str(error))

    def _begin(self, peer: Peer, community: Community, now: int) -> list[Output]:
        history = community.history
        version = {actor: (seq, b"") for actor, seq in peer.have.items()}
        lacking = (entry.hash for entry in history.missing_from(version))
        told_before = peer.feed is not None  # of receipts: those that came since were passed on
        peer.feed = Feed(community.id, self._store, self._limits, lacking)
        peer.have = {
            actor: max(seq, peer.have.get(actor, 0)) for actor, (seq, _) in history.version().items()
        }
        others = [r for r in community.receipts.values() if r.actor != peer.actor and not told_before]
        receipts: list[Output] = [peer.send(message) for message in gathered(others, self._limits)]
        return receipts if peer.paging else [*receipts, *self._feed(peer, now)]

    def ready(self, peer: Peer, now: int) -> list[Output]:
        """The page that was on its way has left."""
        peer.paging = False
        return self._feed(peer, now)

    def _feed(self, peer: Peer, now: int) -> list[Output]:
        if peer.feed is None or peer.feed.live:
            return []
        try:
            page = peer.feed.next()
        except StorageError as error:
            return peer.dismiss("storage", str(error))
        if page is None:
            try:
                heads = self._find(peer.community).history.heads()
                fill = self._filling.worth_a_word(peer.community)
            except StorageError as error:  # it had left memory
                return peer.dismiss("storage", str(error))
            done = peer.send(Done(heads[: self._limits.sync_heads], now, fill))
            return [done, *self._presence.told(peer, now)]
        peer.paging = True
        send = peer.send(Page(page.body, more=page.more, at=now))
        return [Send(send.peer, send.data, more=True)]
