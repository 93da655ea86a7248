"""Who may come in: the judgement of a proof, by the roster of everything that is stored and the clock.

A proof that was signed for another address than this relay's is turned away before anything else
is asked (`names`). A stranger gets one answer, in the same words and after the same two look-ups,
whether the community exists or not. Who holds something real - an invite, a membership that has ended -
is told exactly what is the matter.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from moot_server.members.community import Community
from moot_server.members.names import Names
from moot_server.members.peers import Peer
from moot_server.members.restored import Restored
from moot_server.storage.store import Store
from moot_shared.identity import Identity, verify
from moot_shared.ids import KEY_BYTES
from moot_shared.wire.messages import Proof, Refusal
from moot_shared.wire.signed import host_mac, proof_message, same
from moot_shared.wire.viewing import read_path

STRANGER = Refusal(
    "stranger",
    "This relay does not know you as a member of this community. If the relay was emptied, "
    "a member can put the community back with its hosting key: moot host URL KEY.",
)
REMOVED = Refusal(
    "removed",
    "A convenor has ended your membership, so the relay no longer lets you in. "
    "What is on your machine stays yours.",
)
LEFT = Refusal(
    REMOVED.code,
    "You have left this community, so the relay no longer lets you in. What is on your machine stays yours.",
)
RESTORED = Refusal(
    "restored",
    "The relay was restored from an older copy, in which it may be missing who was shut out since. So it "
    "waits for a convenor to sync before it lets others in. Tell one; Moot tries again by itself.",
)
BAD_INVITE = Refusal(
    "bad invite", "This relay does not know this invite. Check that the line is whole, or ask for a new one."
)
INVITES = {
    "spent": Refusal("spent invite", "This invite has been used up. Ask whoever sent it for a new one."),
    "expired": Refusal("expired invite", "This invite has expired. Ask whoever sent it for a new one."),
    "revoked": Refusal("revoked invite", "This invite was taken back. Ask whoever sent it about it."),
}
BAD_LINK = Refusal(
    "bad link",
    "This link opens nothing here. Check that it is whole, or ask whoever gave it to you for another.",
)
LINKS = {
    "expired": Refusal("expired link", "This link has expired. Ask whoever gave it to you for another."),
    "revoked": Refusal("revoked link", "This link was taken back. Ask whoever gave it to you about it."),
}
BAD_HOSTING_KEY = Refusal(
    "bad hosting key",
    "This is not the relay's hosting key. `moot relay` prints it when it starts, and keeps it with its data.",
)


def ended(community: Community, key: bytes) -> Refusal:
    """Somebody's membership is over: by a convenor's word, or by their own."""
    member = community.roster.members.get(key)
    return LEFT if member and member.removed_by == key else REMOVED


def elsewhere(address: str) -> Refusal:
    """They dialled an address that is not known to be this relay's."""
    return Refusal(
        "address",
        f"The connection was made to {address}, which this relay does not know as an address of its own. "
        "Somebody in between could be reading along, so nothing was exchanged. Ask a member which address "
        f"is right. If it is this one, whoever runs the relay starts it with --name {address}, or puts the "
        "community there by it once more: moot host URL KEY.",
    )


class Door:
    """Judges proofs for one relay."""

    def __init__(
        self,
        store: Store,
        hosting_key: bytes,
        names: Names,
        restored: Restored,
        find: Callable[[bytes], Community],
    ) -> None:
        """`find` gives a community, loaded; an empty one where there is none."""
        self._store = store
        self._names = names
        self._restored = restored
        self._hosting_key = hosting_key
        self._find = find

    def judge(self, proof: Proof, peer: Peer, now: int) -> str | Refusal:
        """As what they may come in - 'member', 'invite' or 'host' - or why not."""
        key = proof.actor[:KEY_BYTES]
        message = proof_message(
            self._store.relay_id(), peer.nonce, proof.community, proof.actor, proof.role, proof.address
        )
        signed = verify(key, message, proof.signature) and proof.role in ("member", "invite", "host")
        known = self._store.knows_member(proof.community, key)
        if not signed:
            return STRANGER
        if proof.role == "host" and not same(host_mac(self._hosting_key, message), proof.mac or b""):
            return BAD_HOSTING_KEY
        if not self._names.known(proof.address, peer.opened):
            if proof.role != "host" or not self._names.learns():
                return elsewhere(proof.address)
            self._names.learn(proof.address)
        if self._restored.shut_out(proof.community, key):
            return REMOVED
        role = self._role(proof, message, known, now)
        if isinstance(role, str) and self._restored.waits(proof.community) and not self.may_settle(proof):
            return RESTORED
        return role

    def may_settle(self, proof: Proof) -> Literal["", "convenor", "hosting"]:
        """By what right somebody whose proof is good can open a community that was restored."""
        if proof.role == "host":
            return "hosting"
        role = self._find(proof.community).roster.role(proof.actor[:KEY_BYTES])
        return "convenor" if role == "convenor" else ""

    def _role(self, proof: Proof, message: bytes, known: bool, now: int) -> str | Refusal:
        key = proof.actor[:KEY_BYTES]
        if proof.role == "host":
            return self._host(proof, key, now)
        if known:  # also who comes by an invite that they have already used
            community = self._find(proof.community)
            return "member" if community.roster.may_connect(key, now) else ended(community, key)
        if proof.role == "invite":
            return self._invited(proof, message, now)
        return STRANGER

    def invite(self, community: Community, invite: bytes | None, now: int) -> Refusal | None:
        """Why an invite lets nobody more in; None where it does."""
        if self._restored.taken_back(community, invite or b""):
            return INVITES["revoked"]
        state = community.roster.invite_state(invite or b"", now)
        return None if state == "open" else INVITES.get(state, BAD_INVITE)

    def view(self, path: str, now: int) -> tuple[bytes, bytes] | Refusal:
        """Whose community the holder of a viewer link reads, and the link's key; or why they do not.

        One look-up, and the same answer, where there is no such community and where there is no such link.
        """
        viewing = read_path(path)
        key = Identity.from_seed(viewing.secret).public_key if viewing else b""
        if viewing is None or not self._store.knows_invite(viewing.community, key):
            return BAD_LINK
        refusal = self.link(self._find(viewing.community), key, now)
        return refusal or (viewing.community, key)

    def link(self, community: Community, key: bytes, now: int) -> Refusal | None:
        """Why nobody reads by a viewer link; None where it is good."""
        if self._restored.taken_back(community, key):
            return LINKS["revoked"]
        state = community.roster.link_state(key, now)
        if state != "open":
            return LINKS.get(state, BAD_LINK)
        return RESTORED if self._restored.waits(community.id) else None

    def _invited(self, proof: Proof, message: bytes, now: int) -> str | Refusal:
        invite = proof.invite or b""
        if not verify(invite, message, proof.invite_signature or b""):
            return BAD_INVITE
        if not self._store.knows_invite(proof.community, invite):
            return BAD_INVITE
        return self.invite(self._find(proof.community), invite, now) or "invite"

    def _host(self, proof: Proof, key: bytes, now: int) -> str | Refusal:
        """The hosting key opens a place for a community, and re-opens one that was filled in part.

        It lets nobody read: who is not on the roster may only bring changes until they are. So may who was
        removed: of two convenors who removed one another the one who joined first stays, also where the
        other one's word was here first and has shut the door.
        """
        community = self._find(proof.community)
        return "member" if community.roster.may_connect(key, now) else "host"
