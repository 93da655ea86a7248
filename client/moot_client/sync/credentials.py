"""As what one comes in to a relay, and the proof of it."""

from __future__ import annotations

from dataclasses import dataclass

from moot_client.replica.replica import Replica
from moot_shared.identity import Identity
from moot_shared.wire.address import address_of
from moot_shared.wire.messages import Challenge, Proof
from moot_shared.wire.signed import Role, host_mac, proof_message


@dataclass(frozen=True, slots=True)
class Credentials:
    """As what to come in: a member, the holder of an invite (its key), or with a relay's hosting key."""

    role: Role = "member"
    invite: Identity | None = None
    hosting_key: bytes | None = None

    def proof(self, replica: Replica, url: str, challenge: Challenge) -> Proof:
        """The answer to a relay's challenge at an address: good for this connection and no other."""
        address, invite, key = address_of(url), self.invite, self.hosting_key
        signed = proof_message(
            challenge.relay, challenge.nonce, replica.community, replica.actor, self.role, address
        )
        return Proof(
            community=replica.community,
            actor=replica.actor,
            role=self.role,
            address=address,
            signature=replica.identity.sign(signed),
            invite=invite.public_key if invite else None,
            invite_signature=invite.sign(signed) if invite else None,
            mac=host_mac(key, signed) if key else None,
        )
