"""The relay without sockets: batches of inputs in, outputs out, and one transaction a batch.

A batch is handled in two halves. First everything that writes - pages, receipts - is admitted and
committed together. Only then is anything said: refusals and `stored` to who sent it, the new
changes to everybody else, and whatever else was asked meanwhile. So nothing is forwarded,
declared or called stored before it is on disk.

Where the commit fails (disk full, read-only), the transaction is rolled back, the communities that
it touched are loaded again from rows, each sender is told that the relay cannot store, and reading
goes on as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from moot_server.community import Community, Taken
from moot_server.door import REMOVED, Door
from moot_server.entrance import Entrance
from moot_server.fanout import Fanout
from moot_server.feed import Feed
from moot_server.names import Names
from moot_server.pace import Pace
from moot_server.peers import Close, Closed, Frame, Input, Late, Opened, Output, Peer, Ready, Send, Wait
from moot_server.store import Store
from moot_shared.errors import FormatError, StorageError
from moot_shared.identity import verify
from moot_shared.limits import DEFAULT, Limits
from moot_shared.trust.seal import receipt_message
from moot_shared.wire.messages import (
    Done,
    Have,
    Join,
    Message,
    Page,
    Proof,
    Receipt,
    Refusal,
    Stored,
    decode,
    encode,
)

IDLE_COMMUNITIES = 32  # kept in memory while nobody is connected to them


class Core:
    """One relay. `step` is called by one thread at a time; times are Unix milliseconds."""

    def __init__(
        self,
        store: Store,
        hosting_key: bytes,
        random: Callable[[int], bytes],
        limits: Limits = DEFAULT,
        names: Names | None = None,
    ) -> None:
        self._store = store
        self._limits = limits
        self._peers: dict[int, Peer] = {}
        self._communities: dict[bytes, Community] = {}
        self.names = names or Names(store)
        self._door = Door(store, hosting_key, self.names, self._community)
        self._entrance = Entrance(store, self._door, self._community, self._peers, random, limits)
        self._pace = Pace(limits)
        self._now = 0

    def step(self, inputs: Sequence[Input], now: int) -> list[Output]:
        """Handle what has come in, in order; whatever is answered is durable."""
        self._now = now
        outputs: list[Output] = []
        for turn in _turns(inputs):
            outputs += self._turn(turn)
        self._forget_idle()
        return outputs

    def abandon(self, inputs: Sequence[Input]) -> list[Output]:
        """After a defect in `step`: forget what is in memory, and let go of who was served in it."""
        self._communities.clear()
        refusal = encode(Refusal("defect", "The relay met a defect of its own. Please report it."))
        outputs: list[Output] = []
        for each in inputs:
            if isinstance(each, Closed):
                self._peers.pop(each.peer, None)
            elif each.peer in self._peers:  # else it was just opened
                self._peers[each.peer].stage = "gone"
            outputs += [Send(each.peer, refusal), Close(each.peer)]
        return outputs

    # -- one batch -----------------------------------------------------------------------------------

    def _turn(self, turn: Sequence[Input]) -> list[Output]:
        said = [(each, self._read(each)) for each in turn]
        written = self._write([(peer, message) for _, (peer, message) in said if peer and message])
        fanout = Fanout(self._now, self._limits)
        outputs: list[Output] = []
        for each, (peer, message) in said:
            if peer is None:
                outputs += self._socket(each)
            elif peer.number in written:
                outputs += self._answer(peer, message, written[peer.number], fanout)
            elif peer.stage != "gone":
                outputs += self._hear(peer, message)
        members = [peer for peer in self._peers.values() if peer.stage == "in"]
        outputs += fanout.outputs(members)
        for community in fanout.rosters:
            outputs += self._turn_out(community)
        return outputs

    def _read(self, each: Input) -> tuple[Peer | None, Message | None]:
        """Whose frame this is, and what it says; (peer, None) for one that cannot be read."""
        peer = self._peers.get(each.peer)
        if not isinstance(each, Frame) or peer is None:
            return None, None
        try:
            return peer, decode(each.data, self._limits)
        except FormatError:
            return peer, None

    def _socket(self, each: Input) -> list[Output]:
        peer = self._peers.get(each.peer)
        if isinstance(each, Opened):
            peer, outputs = self._entrance.open(each)
            self._peers[each.peer] = peer
            return outputs
        if peer is None:
            return []
        if isinstance(each, Closed):
            del self._peers[each.peer]
        elif isinstance(each, Late) and peer.stage in ("joining", "proving"):
            return peer.dismiss("late", "The relay was not told in time who comes. Try again.")
        elif isinstance(each, Ready) and peer.stage == "in":
            return self._feed(peer)
        return []

    # -- what writes ---------------------------------------------------------------------------------

    def _write(self, said: Sequence[tuple[Peer, Message]]) -> dict[int, Taken | bool | Refusal]:
        """Commit all pages and receipts together: peer -> what became of theirs."""
        writing = [
            (peer, message)
            for peer, message in said
            if peer.stage == "in" and isinstance(message, Page | Receipt)
        ]
        if not writing:
            return {}
        written: dict[int, Taken | bool | Refusal] = {}
        try:
            with self._store.transaction():
                for peer, message in writing:
                    written[peer.number] = self._keep(peer, message)
        except StorageError as error:
            for peer, _ in writing:
                self._communities.pop(peer.community, None)
            text = f"{error} Nothing is lost: your work is safe on your machine and is sent again later."
            return {peer.number: Refusal("storage", text) for peer, _ in writing}
        return written

    def _keep(self, peer: Peer, message: Message) -> Taken | bool | Refusal:
        community = self._community(peer.community)
        if isinstance(message, Receipt):
            signed = receipt_message(community.id, message.actor, message.at, message.heads)
            if message.actor[:32] != peer.key or not verify(peer.key, signed, message.signature):
                return Refusal("bad receipt", "This receipt is not signed by who sent it.")
            if peer.role == "member":
                community.keep_receipt(message)
            return peer.role == "member"
        assert isinstance(message, Page)
        if peer.role == "invite":
            refusal = self._door.invite(community, peer.invite, self._now)
            if refusal is not None:
                return refusal
        try:
            batch = peer.gathering.add(message.body, message.more)
        except FormatError as error:
            return Refusal("protocol", str(error))
        return community.take(batch or ())

    def _answer(
        self, peer: Peer, message: Message | None, result: Taken | bool | Refusal, fanout: Fanout
    ) -> list[Output]:
        """Say what became of a page or a receipt, now that it is on disk, and note it for everybody else."""
        if isinstance(result, Refusal):
            return peer.dismiss(result.code, result.text)
        if isinstance(message, Receipt):
            if result:
                fanout.receipt(peer, message)
            return []
        assert isinstance(message, Page)
        assert isinstance(result, Taken)
        community = self._community(peer.community)
        for actor, seq in result.through.items():
            peer.have[actor] = max(seq, peer.have.get(actor, 0))
        outputs: list[Output] = [peer.send(refusal) for refusal in result.refused.values()]
        outputs.append(peer.send(Stored(message.n, result.through, self._now)))
        fanout.changes(community, result, self._store)
        if peer.role != "host":
            seconds = self._pace.spend(peer.key, len(result.new) + len(result.refused), self._now)
            if seconds:
                outputs.append(Wait(peer.number, seconds))
        if peer.role != "member" and community.roster.may_connect(peer.key, self._now):
            outputs += self._admit(peer, community)
        return outputs

    # -- what only reads -----------------------------------------------------------------------------

    def _hear(self, peer: Peer, message: Message | None) -> list[Output]:
        try:
            if peer.stage == "joining" and isinstance(message, Join):
                return self._entrance.challenge(peer, message)
            if peer.stage == "proving" and isinstance(message, Proof):
                return self._entrance.prove(peer, message, self._now)
            if peer.stage == "in" and isinstance(message, Have):
                return self._learn(peer, message)
        except StorageError as error:
            return peer.dismiss("storage", str(error))
        if message is None or peer.stage != "in":
            return peer.dismiss(
                "protocol", "The relay does not understand this. Is Moot up to date on both sides?"
            )
        return []

    def _learn(self, peer: Peer, have: Have) -> list[Output]:
        """They have said what they have: send what they lack."""
        community = self._community(peer.community)
        peer.have = {actor: seq for actor, (seq, _) in have.clock.items()}
        for fork in community.history.forks(have.clock):
            peer.have[fork.actor] = 0  # they need the branch that is kept here, from its beginning
        if peer.role == "host":
            return [peer.send(Done((), self._now))]
        return self._begin(peer, community)

    def _admit(self, peer: Peer, community: Community) -> list[Output]:
        """An invite's holder, or who brought the community back, is on the roster now."""
        was_reading, peer.role, peer.invite = peer.feed is not None, "member", None
        return [] if was_reading else self._begin(peer, community)

    def _begin(self, peer: Peer, community: Community) -> list[Output]:
        history = community.history
        version = {actor: (seq, b"") for actor, seq in peer.have.items()}
        lacking = (entry.hash for entry in history.missing_from(version))
        peer.feed = Feed(community.id, self._store, self._limits, lacking)
        peer.have = {
            actor: max(seq, peer.have.get(actor, 0)) for actor, (seq, _) in history.version().items()
        }
        receipts = [
            peer.send(receipt) for receipt in community.receipts.values() if receipt.actor != peer.actor
        ]
        return [*receipts, *self._feed(peer)]

    def _feed(self, peer: Peer) -> list[Output]:
        if peer.feed is None or peer.feed.live:
            return []
        try:
            page = peer.feed.next()
        except StorageError as error:
            return peer.dismiss("storage", str(error))
        if page is None:
            heads = self._community(peer.community).history.heads()
            return [peer.send(Done(heads[: self._limits.sync_heads], self._now))]
        send = peer.send(Page(page.body, more=page.more, at=self._now))
        return [Send(send.peer, send.data, more=True)]

    # -- communities ---------------------------------------------------------------------------------

    def _community(self, community: bytes) -> Community:
        found = self._communities.get(community)
        if found is None:
            found = self._communities[community] = Community(community, self._store, self._limits)
        return found

    def _turn_out(self, community: Community) -> list[Output]:
        """Who may no longer be here, after what was said about who belongs."""
        outputs: list[Output] = []
        for peer in list(self._peers.values()):
            if peer.stage != "in" or peer.community != community.id:
                continue
            if peer.role == "member" and not community.roster.may_connect(peer.key, self._now):
                outputs += peer.dismiss(REMOVED.code, REMOVED.text)
            elif peer.role == "invite":
                refusal = self._door.invite(community, peer.invite, self._now)
                outputs += peer.dismiss(refusal.code, refusal.text) if refusal else []
        return outputs

    def _forget_idle(self) -> None:
        if len(self._communities) <= IDLE_COMMUNITIES:
            return
        busy = {peer.community for peer in self._peers.values()}
        for community in [c for c in self._communities if c not in busy]:
            del self._communities[community]


def _turns(inputs: Sequence[Input]) -> Iterable[list[Input]]:
    """Parts of a batch in which each connection has one input at most, so that order holds within each."""
    turn: list[Input] = []
    seen: set[int] = set()
    for each in inputs:
        if each.peer in seen:
            yield turn
            turn, seen = [], set()
        turn.append(each)
        seen.add(each.peer)
    if turn:
        yield turn
