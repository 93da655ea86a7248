"""Somebody whose client obeys no rules: any change, any seal, any frame, over a real socket.

Changes are made by the tests' own writer of the format and asked of nobody; `Wire` speaks to a relay frame
by frame. What honest members do with the same relay is done by real replicas (tests/adversary/stage.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from moot_client.replica.replica import Replica
from moot_shared.format.change import Change, Operation, decode_change
from moot_shared.identity import Identity
from moot_shared.ids import encode_bytes
from moot_shared.trust.history import History
from moot_shared.trust.seal import Sealed, join_message, receipt_message, seal_message
from moot_shared.wire.address import address_of
from moot_shared.wire.messages import (
    Challenge,
    Done,
    Have,
    Join,
    Page,
    Peer,
    Proof,
    Receipt,
)
from moot_shared.wire.pages import Gathering
from moot_shared.wire.signed import host_mac, proof_message
from tests.helpers.community import Community, Machine
from tests.helpers.wire import LetGo, Wire


@dataclass
class Forged(Machine):
    """Somebody's key under another's private key: what it signs is signed by the wrong one."""

    claimed: bytes = b""

    @property
    def key(self) -> bytes:
        return self.claimed

    @property
    def text(self) -> str:
        return encode_bytes(self.claimed)


@dataclass
class View(Community):
    """A community as a connection showed it: what came, in the order in which it came, unjudged."""

    def __post_init__(self) -> None:
        self.history = History(self.chunks.__getitem__)

    def take(self, chunk: bytes) -> Change:
        """Keep a change without asking whether it is allowed."""
        change = decode_change(chunk)
        self.chunks[change.hash] = change.raw
        self.history.add(change)
        return change

    def changes(self) -> list[Change]:
        """Everything, in causal order."""
        return [self.history.change(change_hash) for change_hash in self.chunks]

    def by(self, who: bytes) -> list[Change]:
        """The changes of one member."""
        return [change for change in self.changes() if change.author == who]


@dataclass
class Attacker:
    """A key, what it has been shown, and whatever it wants to send."""

    url: str
    machine: Machine
    community: bytes
    moot: View = field(init=False)
    seals: dict[bytes, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.moot = View(self.machine)

    @property
    def key(self) -> str:
        """Its key text."""
        return self.machine.text

    # -- speaking ------------------------------------------------------------------------------------

    def enter(
        self,
        role: str = "member",
        *,
        invite: Identity | None = None,
        signer: Identity | None = None,
        machine: Machine | None = None,
        hosting_key: bytes | None = None,
    ) -> Wire:
        """Come in, as oneself or as `machine`, with a proof that `signer` signs; LetGo if not let in."""
        wire, who = Wire(self.url), machine or self.machine
        try:
            wire.say(Join("somebody"))
            challenge = wire.hear(Challenge)
            signed = what_is_signed(wire.url, challenge, self.community, who.actor, role)
            wire.say(
                self.proof(
                    wire,
                    who,
                    role,
                    (signer or who.identity).sign(signed),
                    invite=invite.public_key if invite else None,
                    invite_signature=invite.sign(signed) if invite else None,
                    mac=host_mac(hosting_key, signed) if hosting_key else None,
                )
            )
            wire.hear(Peer)
        except BaseException:
            wire.socket.close()
            raise
        return wire

    def proof(self, wire: Wire, who: Machine, role: str, signature: bytes, **more: bytes | None) -> Proof:
        """A proof that says so, whatever it is signed over."""
        return Proof(
            community=self.community,
            actor=who.actor,
            role=role,
            address=address_of(wire.url),
            signature=signature,
            **more,
        )

    def knock(self, role: str = "member", **how: Identity | Machine | None) -> str:
        """Why the relay does not let one in; '' where it does."""
        try:
            with self.enter(role, **how):  # type: ignore[arg-type]
                return ""
        except LetGo as end:
            return end.code

    def pull(self, wire: Wire | None = None) -> View:
        """Be shown everything."""
        with wire or self.enter() as wire:
            self.take_all(wire)
        return self.moot

    def take_all(self, wire: Wire) -> None:
        """Ask for everything on an open connection, and keep it."""
        wire.say(Have({}))
        wire.hear(Done)
        gathering = Gathering()
        pages = [message for message in wire.said if isinstance(message, Page)]
        wire.said.clear()
        for page in pages:
            for carry in gathering.add(page.body, page.more) or ():
                change = self.moot.take(carry.chunk)
                if carry.seal is not None:
                    self.seals[change.hash] = carry.seal

    def push(self, *carried: Sealed) -> list[str]:
        """Send a batch as one page; the codes of what the relay refused of it."""
        with self.enter() as wire:
            wire.page(carried)
            return [refusal.code for refusal in wire.refused]

    # -- making --------------------------------------------------------------------------------------

    def make(self, *operations: Operation, by: Machine | None = None, **where: object) -> Change:
        """A change on top of everything, or of what `where` says; asked of nobody."""
        return self.moot.make(by or self.machine, *operations, **where)  # type: ignore[arg-type]

    def by(self, other: Replica, nonce: int) -> Machine:
        """A machine that claims to be somebody else's: their key, and this attacker's signatures."""
        return Forged(self.machine.identity, nonce, other.identity.public_key)

    def claiming(self, key: bytes) -> Machine:
        """A machine of any key."""
        return Forged(self.machine.identity, 1, key)

    def as_if(self, other: Replica) -> Machine:
        """The very machine on which somebody else writes."""
        actor = other.actor
        return self.by(other, int.from_bytes(actor[32:], "big"))

    def chain(self, length: int) -> list[Change]:
        """Changes of one's own, each on top of the one before; they are in one's own view from then on."""
        made = []
        for number in range(length):
            words = self.moot.saying(self.machine, "note", f"{len(self.moot.chunks)}-{number}", {"n": number})
            change = self.make(words)
            self.moot.take(change.raw)
            made.append(change)
        return made

    @staticmethod
    def mended(raw: bytes) -> bytes:
        """Altered bytes with the checksum that belongs to them."""
        return raw[:4] + hashlib.sha256(raw[8:]).digest()[:4] + raw[8:]

    def over(self, change_hash: bytes, seq: int) -> bytes:
        """A seal over any hash."""
        message = seal_message(self.community, self.machine.actor, seq, change_hash)
        return self.machine.identity.sign(message)

    def receipt(self, heads: Sequence[bytes], at: int) -> Receipt:
        """Its signed word that it has these, whether it does or not."""
        signed = receipt_message(self.community, self.machine.actor, at, heads)
        return Receipt(self.machine.actor, tuple(heads), at, self.machine.identity.sign(signed))

    def sealed(self, change: Change, by: Machine | None = None) -> Sealed:
        """A change with a seal of one's own (or of `by`)."""
        return Sealed(change.raw, self.moot.seal(change, by or self.machine))

    def stolen(self, change: Change) -> Sealed:
        """A change with the seal that it came with."""
        return Sealed(change.raw, self.seals.get(change.hash))

    def vote(self, issue: str, dots: int, by: Machine | None = None, **where: object) -> Change:
        """A vote in somebody's name."""
        who = by or self.machine
        return self.make(self.moot.saying(who, "vote", issue, {"dots": dots}), by=who, **where)

    def join(self, invite: Identity, inviter: str) -> Sealed:
        """The join by an invite of `inviter`, on top of everything."""
        proof = invite.sign(join_message(self.community, self.machine.key))
        said = {"by": inviter, "proof": encode_bytes(proof)}
        change = self.make(self.moot.saying(self.machine, "join", invite.key_text, said))
        return self.sealed(change)


def what_is_signed(url: str, challenge: Challenge, community: bytes, actor: bytes, role: str) -> bytes:
    """The message of a proof for one challenge."""
    return proof_message(challenge.relay, challenge.nonce, community, actor, role, address_of(url))
