"""What one batch brings to everybody else: each frame is made once for all who need the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from moot_server.events import Output, Send
from moot_server.members.community import Community
from moot_server.members.passing import gathered
from moot_server.members.peers import Peer
from moot_server.storage.store import Store
from moot_shared.format.change import Change
from moot_shared.limits import Limits
from moot_shared.trust.history import Entry
from moot_shared.trust.seal import Sealed
from moot_shared.wire.messages import Page, Receipt, encode
from moot_shared.wire.pages import pack


class Fanout:
    """Gathers a batch's new changes and receipts, and who is to hear of them."""

    def __init__(self, now: int, limits: Limits) -> None:
        self._now = now
        self._limits = limits
        self._new: dict[bytes, list[tuple[Change | Entry, Sealed]]] = {}
        self._receipts: dict[bytes, dict[bytes, Receipt]] = {}  # community, actor -> its newest
        self.rosters: list[Community] = []
        """Communities in which something was said about who belongs."""

    def changes(self, community: Community, new: Sequence[Change | Entry], facts: bool, store: Store) -> None:
        """Changes that were committed; `facts`: they say something about who belongs."""
        rows = [(change, store.row(community.id, change.hash)) for change in new]
        self._new.setdefault(community.id, []).extend(rows)
        if facts and community not in self.rosters:
            self.rosters.append(community)

    def receipt(self, community: bytes, receipt: Receipt) -> None:
        """A receipt that was committed."""
        self._receipts.setdefault(community, {})[receipt.actor] = receipt

    def outputs(self, peers: Iterable[Peer]) -> list[Output]:
        """Frames for those who are live; for those who catch up, the changes join their backlog."""
        outputs: list[Output] = []
        made: dict[tuple[bytes, ...], list[bytes]] = {}
        words = {
            community: [encode(message) for message in gathered(receipts.values(), self._limits)]
            for community, receipts in self._receipts.items()
        }
        for peer in peers:
            if peer.feed is None:
                continue
            fresh = [
                (change, row)
                for change, row in self._new.get(peer.community, ())
                if change.seq > peer.have.get(change.actor, 0)
            ]
            names = tuple(change.hash for change, _ in fresh)
            for change, _ in fresh:
                peer.have[change.actor] = change.seq
            if not peer.feed.live:
                peer.feed.add(names)
            elif names:
                if names not in made:
                    made[names] = self._frames([row for _, row in fresh])
                outputs += [Send(peer.number, frame) for frame in made[names]]
            if self._receipts.get(peer.community, {}).keys() - {peer.actor}:  # their own word is no news
                outputs += [Send(peer.number, frame) for frame in words[peer.community]]
        return outputs

    def _frames(self, rows: Iterable[Sealed]) -> list[bytes]:
        return [encode(Page(page.body, more=page.more, at=self._now)) for page in pack(rows, self._limits)]
