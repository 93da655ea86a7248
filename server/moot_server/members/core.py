"""The relay without sockets: batches of inputs in, outputs out, and one transaction a batch.

A batch is handled in two halves. First everything that writes - pages, receipts - is admitted and
committed together (`writing`). Only then is anything said: refusals and `stored` to who sent it, the
new changes to everybody else, and whatever else was asked meanwhile (`entrance`, `reading`). So
nothing is forwarded, declared or called stored before it is on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from moot_server.events import (
    Called,
    Close,
    Closed,
    Elsewhere,
    Frame,
    Input,
    Late,
    Opened,
    Output,
    Ready,
    Send,
    Told,
    called_of,
    told_of,
    turns_of,
)
from moot_server.members.community import Community
from moot_server.members.door import Door, ended
from moot_server.members.entrance import Entrance
from moot_server.members.fanout import Fanout
from moot_server.members.filling import Filling
from moot_server.members.names import Names
from moot_server.members.others import Others
from moot_server.members.pacing import Pacing
from moot_server.members.peers import Peer
from moot_server.members.presence import Presence
from moot_server.members.reading import Reading
from moot_server.members.restored import Restored
from moot_server.members.writing import Writing
from moot_server.storage.closed import ClosedLog
from moot_server.storage.store import Store
from moot_server.watching.figures import Figures
from moot_shared.errors import FormatError, StorageError
from moot_shared.limits import DEFAULT, Limits
from moot_shared.wire.messages import Ephemeral, Have, Join, Message, Proof, Refusal, decode, encode


class Core:
    """One relay. `step` is called by one thread at a time; times are Unix milliseconds."""

    def __init__(
        self,
        store: Store,
        closed: ClosedLog,
        hosting_key: bytes,
        random: Callable[[int], bytes],
        limits: Limits = DEFAULT,
        names: Names | None = None,
        figures: Figures | None = None,
        *,
        shared: bool = False,
    ) -> None:
        """`shared`: other processes may serve members of the same communities."""
        self._store = store
        self._limits = limits
        self._peers: dict[int, Peer] = {}
        self._communities: dict[bytes, Community] = {}
        self._used: dict[bytes, int] = {}  # community -> when somebody was last seen to be connected to it
        self._looked = 0
        self._figures = figures or Figures()
        self._pacing = Pacing(limits, shared=shared)
        self._now = 0
        self.viewed: set[bytes] = set()
        """Communities that somebody reads from elsewhere: they stay in memory."""
        self.names = names or Names(store)
        self._filling = Filling(store, limits)
        self._restored = restored = Restored(store, closed)
        find = self._community
        self._others = Others(store, restored, self._filling)
        self._door = Door(store, hosting_key, self.names, restored, self._fresh)
        self._entrance = Entrance(store, self._door, find, self._peers, random, limits)
        self._presence = Presence(self._peers, limits, shared=shared)
        self._reading = Reading(store, find, self._filling, self._presence, limits)
        self._writing = Writing(
            store, self._door, find, self._forget, restored, self._filling, self._figures, self._others
        )

    def step(self, inputs: Sequence[Input], now: int) -> list[Output]:
        """Handle what has come in, in order; whatever is answered is durable."""
        self._now = now
        outputs: list[Output] = []
        for turn in turns_of([each for each in inputs if not isinstance(each, Elsewhere | Called)]):
            outputs += self._turn(turn)
        elsewhere = told_of(inputs)
        if elsewhere:
            outputs += self._catch_up(elsewhere)
        called = called_of(inputs)
        self._pacing.hear(called, now)
        outputs += self._presence.hear(called, now)
        self._forget_idle()
        return outputs

    def abandon(self, inputs: Sequence[Input]) -> list[Output]:
        """After a defect in `step`: forget what is in memory, and let go of who was served in it.

        And of everybody in the same communities: what was committed, and not passed on, they get when they
        are back.
        """
        served = {self._peers[each.peer].community for each in inputs if each.peer in self._peers}
        for community in list(self._communities):
            self._forget(community)
        refusal = encode(Refusal("defect", "The relay met a defect of its own. Please report it."))
        outputs: list[Output] = []
        for each in inputs:
            if isinstance(each, Closed):
                self._peers.pop(each.peer, None)
                self._presence.forget(each.peer)
            elif each.peer in self._peers:  # else it was just opened
                self._peers[each.peer].stage = "gone"
            outputs += [Send(each.peer, refusal), Close(each.peer)]
        for peer in self._peers.values():
            if peer.stage == "in" and peer.community in served:
                peer.stage = "gone"
                outputs += [Send(peer.number, refusal), Close(peer.number)]
        return outputs

    # -- one batch -----------------------------------------------------------------------------------

    def _turn(self, turn: Sequence[Input]) -> list[Output]:
        said = [(each, self._read(each)) for each in turn]
        writing = [(peer, message) for _, (peer, message) in said if peer and message]
        written = self._writing.write(writing, self._now)
        fanout = Fanout(self._now, self._limits)
        self._pass_on(fanout)  # what stood before it
        outputs: list[Output] = []
        for each, (peer, message) in said:
            if peer is None:
                outputs += self._socket(each)
            elif peer.number in written:
                outputs += self._writing.answer(peer, message, written[peer.number], fanout, self._now)
                outputs += self._pacing.after(peer, message, self._now)
                outputs += self._welcomed(peer)
            elif peer.stage != "gone":
                outputs += self._hear(peer, message)
                outputs += self._pacing.after(peer, message, self._now)
        return outputs + self._told(fanout)

    def _told(self, fanout: Fanout) -> list[Output]:
        """What everybody else is sent."""
        self._pass_on(fanout)
        members = [peer for peer in self._peers.values() if peer.stage == "in"]
        behind, self._others.behind = self._others.behind, set()
        outputs: list[Output] = []
        for peer in [peer for peer in members if peer.feed and peer.community in behind]:
            outputs += self._reading.again(peer, self._now)
        fanout.rosters += [self._communities[each] for each in behind & self._communities.keys()]
        outputs += fanout.outputs(members)
        for community in fanout.rosters:
            outputs += self._turn_out(community)
        return outputs

    def _pass_on(self, fanout: Fanout) -> None:
        for community in self._others.pass_on(fanout):
            self._forget(community)

    def _catch_up(self, told: Mapping[bytes | None, Told | None]) -> list[Output]:
        """Take in what other processes have stored, of all that is here or of these communities."""
        here = {peer.community for peer in self._peers.values() if peer.stage == "in"}
        here |= self._communities.keys()
        for community in here if None in told else here & told.keys():
            with suppress(StorageError):  # the store says once it is worth trying again
                self._others.catch_up(self._community(community), told.get(community))
        return self._told(Fanout(self._now, self._limits))

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
            return self._presence.gone(peer)
        if isinstance(each, Late) and peer.stage in ("joining", "proving"):
            return self._entrance.late(peer)
        if isinstance(each, Ready) and peer.stage == "in":
            return self._reading.ready(peer, self._now)
        return []

    def _hear(self, peer: Peer, message: Message | None) -> list[Output]:
        """A frame that writes nothing."""
        try:
            if peer.stage == "joining" and isinstance(message, Join):
                return self._entrance.challenge(peer, message)
            if peer.stage == "proving" and isinstance(message, Proof):
                return self._entrance.prove(peer, message, self._now)
            if peer.stage == "in" and isinstance(message, Have):
                return self._reading.learn(peer, message, self._now)
            if peer.stage == "in" and isinstance(message, Ephemeral):
                return self._presence.pass_on(peer, message, self._now)
        except StorageError as error:
            return peer.dismiss("storage", str(error))
        if message is None or peer.stage != "in":
            return peer.dismiss(
                "protocol", "The relay does not understand this. Is Moot up to date on both sides?"
            )
        return []

    def _welcomed(self, peer: Peer) -> list[Output]:
        """An invite's holder, or who brought the community back, may be on the roster by now."""
        if peer.stage != "in" or peer.role == "member":
            return []
        roster = self._community(peer.community).roster
        return self._reading.admit(peer, self._now) if roster.may_connect(peer.key, self._now) else []

    # -- communities ---------------------------------------------------------------------------------

    @property
    def door(self) -> Door:
        """The judge of who may come in."""
        return self._door

    def look(self, community: bytes) -> Community:
        """A community, to be read; StorageError where it cannot be."""
        return self._community(community)

    def _community(self, community: bytes) -> Community:
        found = self._communities.get(community)
        if found is None:
            found = Community(community, self._store, self._limits)
            connected = any(p.feed and p.community == community for p in self._peers.values())
            self._others.loaded(found, connected)
            self._communities[community] = found
        return found

    def _fresh(self, community: bytes) -> Community:
        """With all that other processes have stored by now."""
        found = self._community(community)
        self._others.catch_up(found)
        return found

    def _turn_out(self, community: Community) -> list[Output]:
        """Who may no longer be here, after what was said about who belongs."""
        outputs: list[Output] = []
        for peer in list(self._peers.values()):
            if peer.stage != "in" or peer.community != community.id:
                continue
            if peer.role == "member" and not community.roster.may_connect(peer.key, self._now):
                over = ended(community, peer.key)
                outputs += peer.dismiss(over.code, over.text)
            elif peer.role == "invite":
                refusal = self._door.invite(community, peer.invite, self._now)
                outputs += peer.dismiss(refusal.code, refusal.text) if refusal else []
        return outputs

    def _forget(self, community: bytes) -> None:
        self._communities.pop(community, None)
        self._used.pop(community, None)
        self._filling.forget(community)
        self._others.forget(community)

    def _forget_idle(self) -> None:
        """Let go of communities to which nobody is connected: too many at once, others after a while."""
        idle_ms, most = round(self._limits.community_idle_s * 1000), self._limits.communities_idle
        if self._now - self._looked < idle_ms / 4 and len(self._communities) <= most:
            return
        self._looked = self._now
        busy = {peer.community for peer in self._peers.values() if peer.stage == "in"} | self.viewed
        too_many = len(self._communities) > most
        for community in list(self._communities):
            if community in busy:
                self._used[community] = self._now
            elif too_many or self._now - self._used.setdefault(community, self._now) >= idle_ms:
                self._forget(community)
        self._pacing.forget(self._now)
        figures = self._figures
        figures.communities_now, figures.waiting_now = len(self._communities), self._restored.how_many()
        figures.members_now = sum(peer.stage == "in" for peer in self._peers.values())
