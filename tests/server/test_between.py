"""Somebody stands between a member and the relay: an invite's address was changed on its way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from moot_client.replica.replica import Replica
from moot_client.sync.credentials import Credentials
from moot_client.sync.once import exchange, exchange_at
from moot_client.sync.trouble import RelayRefused
from moot_shared.wire.messages import (
    Challenge,
    Join,
    Message,
    Proof,
    Refusal,
    decode,
)
from moot_shared.wire.signed import proof_message
from tests.helpers.cohort import Cohort, issue
from tests.helpers.network import (
    ADDRESS,
    HOSTING_KEY,
    MEMBER,
    Client,
    Relay,
    Socket,
    credentials_of_a_host,
    hosted,
    run,
)
from tests.helpers.patience import PATIENT
from tests.helpers.relay_here import RelayHere, relay_here


@dataclass
class Between:
    """Takes connections as a relay would, and passes every frame on to the real one, and back."""

    url: str = ""
    read: list[Message] = field(default_factory=list)
    """What the real relay said, as it passed through."""


@asynccontextmanager
async def between(real: RelayHere, lying: bool) -> AsyncIterator[Between]:
    """`lying`: its handshake with the relay names (as Host) the address that the member dialled."""
    man = Between()

    async def meet(victim: ServerConnection) -> None:
        host = man.url if lying else real.url
        async with connect(host, host="127.0.0.1", port=real.port, compression=None, proxy=None) as relay:
            await asyncio.gather(there(victim, relay), back(victim, relay))

    async def there(victim: ServerConnection, relay: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            async for frame in victim:
                await relay.send(frame)

    async def back(victim: ServerConnection, relay: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            async for frame in relay:
                assert isinstance(frame, bytes)
                man.read.append(decode(frame))
                await victim.send(frame)
        await victim.close()

    async with serve(meet, "127.0.0.1", 0, compression=None) as server:
        man.url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield man


@pytest.fixture
def cohort(tmp_path: Path) -> Iterator[list[Replica]]:
    with Cohort(tmp_path / "members", size=2) as replicas:
        yield replicas


@pytest.fixture
async def real(tmp_path: Path, cohort: list[Replica]) -> AsyncIterator[RelayHere]:
    async with relay_here(tmp_path / "relay") as relay:
        issue(cohort[0], "Nobody else may read this")
        await exchange_at(cohort[0], relay.url, Credentials("host", hosting_key=HOSTING_KEY), PATIENT)
        yield relay


@pytest.mark.parametrize("lying", [False, True])
async def test_who_stands_in_between_reads_nothing_and_does_not_come_in(
    cohort: list[Replica], real: RelayHere, lying: bool
) -> None:
    """Whatever it says of itself in the handshake: that is its own word."""
    joon = cohort[1]
    before = joon.heads()
    async with between(real, lying) as man:
        with pytest.raises(RelayRefused) as caught:
            await exchange_at(joon, man.url, Credentials(), PATIENT)
    assert caught.value.code == "address"
    assert man.url.partition("//")[2] in str(caught.value)
    assert "--name" in str(caught.value)
    assert [type(message) for message in man.read] == [Challenge, Refusal]
    assert joon.heads() == before
    joon.set_relay_url(real.url)
    assert (await exchange(joon, PATIENT)).received


# -- what a proof is good for -------------------------------------------------------------------------------


@pytest.fixture
def relay(tmp_path: Path, cohort: list[Replica]) -> Iterator[Relay]:
    relay = Relay(tmp_path / "by hand")
    hosted(relay, cohort[0])
    yield relay
    relay.crash()


def challenged(relay: Relay, **how: str) -> tuple[Socket, Challenge]:
    socket = relay.open(**how)
    socket.send(Join("somebody"))
    (challenge,) = socket.heard()
    assert isinstance(challenge, Challenge)
    return socket, challenge


def proof(challenge: Challenge, who: Replica, address: str = ADDRESS, role: str = "member") -> Proof:
    signed = proof_message(challenge.relay, challenge.nonce, who.community, who.actor, role, address)
    return Proof(who.community, who.actor, role, address, who.identity.sign(signed))


def code(socket: Socket, message: Message) -> str:
    """Why it does not come in by this proof; '' where it does."""
    socket.send(message)
    (answer,) = socket.heard()
    return answer.code if isinstance(answer, Refusal) else ""


def test_a_proof_is_good_for_its_own_connection_only(cohort: list[Replica], relay: Relay) -> None:
    first, challenge = challenged(relay)
    good = proof(challenge, cohort[1])
    assert code(first, good) == ""
    other, _ = challenged(relay)
    assert code(other, good) == "stranger"


def test_a_proof_for_another_community_actor_role_relay_or_address_is_no_proof(
    cohort: list[Replica], relay: Relay
) -> None:
    joon = cohort[1]
    changes: list[dict[str, object]] = [
        {"community": bytes(32)},
        {"actor": joon.actor[:32] + bytes(8)},
        {"role": "host"},
        {"role": "member\0"},
        {"address": "other.example"},
    ]
    for change in changes:
        socket, challenge = challenged(relay)
        assert code(socket, replace(proof(challenge, joon), **change)) == "stranger"  # type: ignore[arg-type]
    socket, challenge = challenged(relay)
    assert code(socket, proof(replace(challenge, relay=bytes(16)), joon)) == "stranger"
    socket, challenge = challenged(relay)
    assert code(socket, proof(challenge, joon)) == ""


def test_a_stranger_at_a_wrong_address_hears_nothing_of_the_community(
    cohort: list[Replica], relay: Relay
) -> None:
    answers = []
    for community in (cohort[1].community, bytes(32)):
        socket, challenge = challenged(relay)
        joon = cohort[1]
        signed = proof_message(
            challenge.relay, challenge.nonce, community, joon.actor, "member", "evil.example"
        )
        socket.send(Proof(community, joon.actor, "member", "evil.example", joon.identity.sign(signed)))
        answers.append(socket.heard())
    assert answers[0] == answers[1]


# -- which addresses a relay knows --------------------------------------------------------------------------


def come(replica: Replica, relay: Relay, dialled: str, credentials: Credentials = MEMBER) -> str:
    client = Client(replica, relay, credentials, dialled=dialled)
    run(client)
    client.socket.close()
    return client.code


def test_an_address_counts_from_when_somebody_came_by_it_with_the_hosting_key(
    cohort: list[Replica], tmp_path: Path
) -> None:
    relay = Relay(tmp_path / "learning", names=())
    assert come(cohort[0], relay, "first.example") == "address"
    assert come(cohort[0], relay, "first.example", credentials_of_a_host(b"x" * 20)) == ("bad hosting key")
    assert come(cohort[0], relay, "first.example", credentials_of_a_host()) == ""
    assert come(cohort[1], relay, "first.example") == ""
    assert come(cohort[1], relay, "second.example") == "address"
    relay.crash()
    relay.start()
    assert come(cohort[1], relay, "first.example") == ""
    assert come(cohort[0], relay, "second.example", credentials_of_a_host()) == ""
    assert come(cohort[1], relay, "second.example") == ""
    relay.crash()


def test_where_names_are_given_no_other_counts_whoever_comes_by_it(
    cohort: list[Replica], relay: Relay
) -> None:
    assert come(cohort[0], relay, "other.example", credentials_of_a_host()) == "address"
    assert come(cohort[0], relay, ADDRESS, credentials_of_a_host()) == ""


def test_a_machines_own_address_counts_for_who_is_in_the_same_network(
    cohort: list[Replica], relay: Relay
) -> None:
    """192.168.1.5 and 127.0.0.1 are another machine in every network: from outside they prove nothing."""
    for dialled, at, local, good in (
        ("192.168.1.5:8787", "192.168.1.9", "192.168.1.5:8787", True),
        ("192.168.1.5:8788", "192.168.1.9", "192.168.1.5:8787", False),
        ("192.168.1.6:8787", "192.168.1.9", "192.168.1.5:8787", False),
        ("192.168.1.5:8787", "9.9.9.9", "192.168.1.5:8787", False),
        ("8.8.4.4:8787", "9.9.9.9", "8.8.4.4:8787", True),
        ("127.0.0.1:8787", "127.0.0.1", "127.0.0.1:8787", True),
        ("localhost:8787", "127.0.0.1", "127.0.0.1:8787", True),
        ("localhost:8787", "::1", "[::1]:8787", True),
        ("localhost", "::1", "[::1]", True),
        ("localhost:8788", "127.0.0.1", "127.0.0.1:8787", False),
        ("127.0.0.1:8787", "192.168.1.9", "127.0.0.1:8787", False),
        ("127.0.0.1:8787", "127.0.0.1", "", False),
    ):
        socket, challenge = challenged(relay, address=at, local=local)
        assert (code(socket, proof(challenge, cohort[1], dialled)) == "") == good, (dialled, at, local)
        socket.close()
