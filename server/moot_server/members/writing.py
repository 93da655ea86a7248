"""What writes: pages and receipts, admitted and committed together, and answered only then.

Where the commit fails (disk full, read-only), the transaction is rolled back, the communities that it
touched are loaded again from rows, each sender is told that the relay cannot store, and reading goes
on as before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from logging import WARNING

from moot_server.events import Output
from moot_server.members.community import Community, Taken
from moot_server.members.door import Door
from moot_server.members.fanout import Fanout
from moot_server.members.filling import Filling
from moot_server.members.others import Others
from moot_server.members.peers import Peer
from moot_server.members.restored import Restored
from moot_server.storage.closed import Closing
from moot_server.storage.store import Store
from moot_server.watching.figures import Figures
from moot_server.watching.journal import note
from moot_shared.errors import FormatError, StorageError
from moot_shared.identity import verify
from moot_shared.ids import KEY_BYTES
from moot_shared.trust.seal import receipt_message
from moot_shared.wire.glance import glance
from moot_shared.wire.messages import Message, Page, Receipt, Refusal, Stored


@dataclass(frozen=True, slots=True)
class Signed:
    """A receipt was kept, if it said anything new; `settles` where it opens a restored community."""

    news: bool
    settles: bool


Result = Taken | Signed | Refusal


class Writing:
    """Of all connections that are in."""

    def __init__(
        self,
        store: Store,
        door: Door,
        find: Callable[[bytes], Community],
        forget: Callable[[bytes], None],
        restored: Restored,
        filling: Filling,
        figures: Figures,
        others: Others,
    ) -> None:
        """`forget` drops a community from memory, which may be ahead of the disk."""
        self._store = store
        self._door = door
        self._find = find
        self._forget = forget
        self._restored = restored
        self._filling = filling
        self._figures = figures
        self._others = others

    def write(self, said: Sequence[tuple[Peer, Message]], now: int) -> dict[int, Result]:
        """Commit all pages and receipts together: peer -> what became of theirs."""
        writing = [
            (peer, message)
            for peer, message in said
            if peer.stage == "in" and isinstance(message, Page | Receipt)
        ]
        if not writing:
            return {}
        written: dict[int, Result] = {}
        closed: list[Closing] = []
        stored = False
        touched = {peer.community for peer, _ in writing}
        try:
            with self._store.transaction(touched):
                for community in touched:
                    self._others.catch_up(self._find(community))
                for peer, message in writing:
                    written[peer.number] = self._keep(peer, message, now)
                for community in {peer.community for peer, _ in writing if _of_trust(written[peer.number])}:
                    closed += self._restored.log(self._find(community))
            stored = True
        except StorageError as error:
            self._figures.not_stored()
            note("cannot store", WARNING, trouble=str(error))
            for community in touched:
                self._forget(community)
            text = f"{error} Nothing is lost: your work is safe on your machine and is sent again later."
            return {peer.number: Refusal("storage", text) for peer, _ in writing}
        finally:
            if not stored:  # after a defect as well
                self._restored.undo(closed)
        self._restored.committed(closed)
        self._count(written.values())
        return written

    def _count(self, results: Collection[Result]) -> None:
        for result in results:
            if isinstance(result, Taken):
                self._figures.refused.update(refusal.code for refusal in result.refused.values())
            elif isinstance(result, Refusal) and result.page is not None:
                self._figures.refused[result.code] += 1
        self._figures.stored(sum(len(each.new) for each in results if isinstance(each, Taken)))

    def _keep(self, peer: Peer, message: Message, now: int) -> Result:
        community = self._find(peer.community)
        if isinstance(message, Receipt):
            return self._sign(peer, community, message)
        assert isinstance(message, Page)
        if peer.role == "invite":
            refusal = self._door.invite(community, peer.invite, now)
            if refusal is not None:
                return refusal
        try:
            batch = peer.gathering.add(message.body, message.more) or ()
            if peer.role == "invite" and any(glance(c.chunk).actor[:KEY_BYTES] != peer.key for c in batch):
                return Refusal("protocol", "Whoever comes by an invite comes alone.")
        except FormatError as error:
            return Refusal("protocol", str(error))
        peer.batch = len(batch)
        if peer.role != "host":
            refusal = self._filling.refusal(community, batch, peer, message.n)
            if refusal is not None:
                return refusal
        return community.take(batch, peer.waiting)

    def _sign(self, peer: Peer, community: Community, receipt: Receipt) -> Signed | Refusal:
        signed = receipt_message(community.id, receipt.actor, receipt.at, receipt.heads)
        if receipt.actor[:KEY_BYTES] != peer.key or not verify(peer.key, signed, receipt.signature):
            return Refusal("bad receipt", "This receipt is not signed by who sent it.")
        settles = bool(peer.settles) and self._restored.settles(
            community.id, hosting=peer.settles == "hosting"
        )
        known = community.receipts.get(receipt.actor)
        news = peer.role == "member" and (known is None or known.heads != receipt.heads)
        if news:
            community.keep_receipt(receipt)
        return Signed(news, settles)

    def answer(
        self, peer: Peer, message: Message | None, result: Result, fanout: Fanout, now: int
    ) -> list[Output]:
        """Say what became of a page or a receipt, now that it is on disk, and note it for everybody else."""
        if isinstance(result, Refusal):
            return [peer.send(result)] if result.page is not None else peer.dismiss(result.code, result.text)
        if isinstance(result, Signed):
            assert isinstance(message, Receipt)
            if result.settles:
                self._restored.settled(peer.community)
            if result.news:
                fanout.receipt(peer.community, message)
            return []
        assert isinstance(message, Page)
        community = self._find(peer.community)
        for actor, seq in result.through.items():
            peer.have[actor] = max(seq, peer.have.get(actor, 0))
        self._restored.stored(community.id, (change.hash for change in result.new))
        self._filling.grew(community.id, result.new)
        fanout.changes(community, result.new, result.facts, self._store)
        refusals: list[Output] = [peer.send(refusal) for refusal in result.refused.values()]
        return [*refusals, peer.send(Stored(message.n, result.through, now))]


def _of_trust(result: Result) -> bool:
    return isinstance(result, Taken) and result.facts
