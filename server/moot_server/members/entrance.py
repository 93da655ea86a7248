"""From an open socket to somebody who is in: a challenge, a proof, and a place for them.

All of this is said to strangers, so it is counted: so many of them wait at one address and in all,
and so many machines of one member are in at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from moot_server.events import Close, Opened, Output
from moot_server.members.community import Community
from moot_server.members.door import Door
from moot_server.members.peers import Peer
from moot_server.storage.store import Store
from moot_shared.ids import KEY_BYTES
from moot_shared.limits import Limits
from moot_shared.trust.waiting import Waiting
from moot_shared.wire.messages import NONCE_BYTES, PROTOCOL, Challenge, Error, Join, Proof, Refusal
from moot_shared.wire.messages import Peer as Welcome
from moot_shared.wire.pages import Gathering

_SOON = "Try again in a moment."


class Entrance:
    """Lets connections in, one after the other."""

    def __init__(
        self,
        store: Store,
        door: Door,
        find: Callable[[bytes], Community],
        peers: Mapping[int, Peer],
        random: Callable[[int], bytes],
        limits: Limits,
    ) -> None:
        self._store = store
        self._door = door
        self._find = find
        self._peers = peers
        self._random = random
        self._limits = limits

    def open(self, opened: Opened) -> tuple[Peer, list[Output]]:
        """A socket was opened: who waits behind it, and what to tell them where there are too many."""
        peer = Peer(opened, self._random(NONCE_BYTES), Gathering(self._limits), Waiting(self._limits))
        waiting = [other for other in self._peers.values() if other.stage in ("joining", "proving")]
        here = sum(other.opened.address == opened.address for other in waiting)
        most, most_here = self._limits.strangers, self._limits.strangers_per_address
        if here >= most_here:
            return peer, peer.dismiss(
                "busy", f"{most_here} from your address are at the relay's door. {_SOON}"
            )
        if len(waiting) >= most:
            return peer, peer.dismiss("busy", f"{most} are at the relay's door at once. {_SOON}")
        return peer, []

    def late(self, peer: Peer) -> list[Output]:
        """The time to prove oneself is over."""
        seconds = self._limits.authentication_timeout_s
        text = f"The relay was not told within {seconds:g} seconds who comes. Try again."
        return peer.dismiss("late", text)

    def challenge(self, peer: Peer, join: Join) -> list[Output]:
        """They have said their first word."""
        if PROTOCOL not in join.supported_protocol_versions:
            peer.stage = "gone"
            error = Error("The relay speaks version 1 of the protocol only.")
            return [peer.send(error), Close(peer.number)]
        peer.stage, peer.sender_id = "proving", join.sender_id
        return [peer.send(Challenge(peer.nonce, self._store.relay_id()))]

    def prove(self, peer: Peer, proof: Proof, now: int) -> list[Output]:
        """They have said who they are: let them in, or say why not."""
        role = self._door.judge(proof, peer, now)
        if isinstance(role, Refusal):
            return peer.dismiss(role.code, role.text)
        outputs: list[Output] = []
        key, peers = proof.actor[:KEY_BYTES], self._peers.values()
        others = [p for p in peers if p.stage == "in" and p.community == proof.community and p.key == key]
        for other in others:
            if other.actor == proof.actor:  # the same machine, back before its old socket has ended
                outputs += other.dismiss("replaced", "This machine has connected again.")
        most = self._limits.connections_per_member
        if sum(other.stage == "in" for other in others) >= most:
            text = f"The relay lets in {most} of your machines at once. Close Moot on one, then try again."
            return [*outputs, *peer.dismiss("busy", text)]
        peer.stage, peer.role, peer.invite = "in", role, proof.invite
        peer.settles = self._door.may_settle(proof)
        peer.community, peer.actor = proof.community, proof.actor
        return [*outputs, peer.send(self._welcome(peer, now))]

    def _welcome(self, peer: Peer, now: int) -> Welcome:
        history = self._find(peer.community).history
        last = history.last(peer.actor)
        return Welcome(
            sender_id=self._store.relay_id().hex(),
            target_id=peer.sender_id,
            relay=self._store.relay_id(),
            clock=history.version(),
            at=now,
            last=(last.seq, last.hash) if last else None,
            frame_bytes=self._limits.frame_bytes,
        )
