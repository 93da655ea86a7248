"""What a member says to a relay, frame by frame: for changes that no honest client would send."""

from __future__ import annotations

import pytest

from moot_shared.format.change import Change
from moot_shared.trust.seal import Sealed, seal_message
from moot_shared.wire.messages import (
    Challenge,
    Have,
    Join,
    Message,
    Page,
    Peer,
    Proof,
)
from moot_shared.wire.pages import pack
from moot_shared.wire.signed import host_mac, proof_message
from tests.helpers.community import Community, Machine
from tests.helpers.network import ADDRESS, HOSTING_KEY, Relay, Socket


def enter(relay: Relay, community: bytes, who: Machine, role: str = "member") -> tuple[Socket, Peer]:
    """A member's connection, past the door, by hand."""
    socket = relay.open()
    socket.send(Join("somebody"))
    (challenge,) = socket.heard()
    assert isinstance(challenge, Challenge)
    message = proof_message(challenge.relay, challenge.nonce, community, who.actor, role, ADDRESS)
    mac = host_mac(HOSTING_KEY, message) if role == "host" else None
    socket.send(Proof(community, who.actor, role, ADDRESS, who.identity.sign(message), mac=mac))
    (welcome,) = socket.heard()
    assert isinstance(welcome, Peer), welcome
    return socket, welcome


def carried(community: bytes, changes: list[tuple[Change, Machine | None]]) -> list[Sealed]:
    """Changes with the seals of whoever is named."""
    return [
        Sealed(c.raw, by.identity.sign(seal_message(community, c.actor, c.seq, c.hash)) if by else None)
        for c, by in changes
    ]


def page_of(community: bytes, *changes: tuple[Change, Machine | None], n: int = 1) -> Page:
    (packed,) = pack(carried(community, list(changes)))
    return Page(packed.body, n=n)


def kinds(messages: list[Message]) -> list[str]:
    return [message.type for message in messages]


@pytest.fixture
def made(relay: Relay) -> Community:
    """A community of changes made by hand, with Ann in it, and stored on the relay."""
    made = Community()
    ann = made.member("ann")
    socket, _ = enter(relay, made.id, made.founder, "host")
    owners = {made.founder.actor: made.founder, ann.actor: ann}
    changes = [made.history.change(e.hash) for e in made.history.missing_from({})]
    socket.send(Have({}))
    socket.send(page_of(made.id, *((c, owners[c.actor]) for c in changes)))
    assert kinds(socket.heard()) == ["done", "stored", "done"]
    socket.close()
    return made
