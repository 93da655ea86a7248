"""Who may come in, and what those who may not are told."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.commands import MakeInvite, Say
from moot_client.replica.founding import found_community, prepare_join
from moot_client.replica.replica import Replica
from moot_client.sync import ways
from moot_client.sync.credentials import Credentials
from moot_client.sync.trouble import RelayRefused
from moot_shared.identity import Identity
from moot_shared.limits import DEFAULT
from moot_shared.trust.lines import InviteLine, parse_line
from moot_shared.wire.messages import Challenge, Error, Have, Join, Message, Page, Proof, Refusal
from moot_shared.wire.signed import proof_message
from tests.helpers.cohort import RELAY, issue, outside
from tests.helpers.network import ADDRESS, NOW, Client, Relay, credentials_of_a_host, run

YEAR = 365 * 24 * 3600 * 1000


@pytest.fixture
def how_many() -> int:
    return 2


def invited(
    cohort: list[Replica], relay: Relay, uses: int | None = 1, expires: int | None = None
) -> InviteLine:
    """An invite that the relay knows."""
    cohort[0].set_relay_url(RELAY)
    line = parse_line(cohort[0].do(MakeInvite(uses=uses, expires=expires)))
    assert isinstance(line, InviteLine)
    client = Client(cohort[0], relay)
    run(client)
    client.socket.close()
    return line


def newcomer(folder: Path, line: InviteLine, seed: int = 50) -> Replica:
    """Somebody with an invite and an empty folder."""
    around = outside(seed)
    identity = Identity.generate(around.random)
    place = prepare_join(
        Home(folder), line.community, identity, "Tariq", line.name_of_community, RELAY, around
    )
    return Replica.open(place, around)


def by(line: InviteLine) -> Credentials:
    return Credentials("invite", Identity.from_seed(line.secret))


def come(replica: Replica, relay: Relay, credentials: Credentials) -> Client:
    """Connect, and say and hear everything."""
    client = Client(replica, relay, credentials)
    run(client)
    return client


def test_who_came_by_an_invite_and_has_left_does_not_try_to_join_once_more(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    line = invited(cohort, relay)
    tariq = newcomer(tmp_path / "tariq", line)
    ways.keep_invite(tariq, line.secret)
    client = Client(tariq, relay, by(line))
    run(client)
    tariq.do(Say("removal", tariq.me, {"why": "I move on"}))
    client.session.refresh()  # as where something of the relay's did not arrive
    run(client)
    assert isinstance(client.trouble, RelayRefused)
    assert not tariq.joined()
    ways.arrived(tariq, "ws://relay.example")
    assert ways.credentials(tariq) == Credentials()
    tariq.close()


def refused(client: Client) -> tuple[str, str]:
    """What a client was told, and that it was told nothing else."""
    assert client.trouble is not None
    assert not client.session.online
    assert not client.replica.heads()
    return client.code, str(client.trouble)


def test_before_a_proof_the_relay_says_a_nonce_and_its_own_name_only(relay: Relay) -> None:
    socket = relay.open()
    assert socket.heard() == []
    socket.send(Join("somebody"))
    (challenge,) = socket.heard()
    assert isinstance(challenge, Challenge)
    assert challenge.relay == relay.store.relay_id()
    assert challenge.nonce != bytes(32)


def test_a_stranger_is_told_the_same_whether_a_community_exists_or_not(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    stranger = Identity.generate(random.Random(99).randbytes)
    answers = []
    for community in (cohort[0].community, bytes(32)):
        socket = relay.open()
        socket.send(Join("somebody"))
        (challenge,) = socket.heard()
        assert isinstance(challenge, Challenge)
        actor = stranger.public_key + bytes(8)
        message = proof_message(challenge.relay, challenge.nonce, community, actor, "member", ADDRESS)
        socket.send(Proof(community, actor, "member", ADDRESS, stranger.sign(message)))
        answers.append(socket.heard())
        assert not socket.open
    assert answers[0] == answers[1]
    (refusal,) = answers[0]
    assert isinstance(refusal, Refusal)
    assert refusal.code == "stranger"


def test_a_proof_signed_for_another_nonce_or_by_another_key_is_a_strangers(
    cohort: list[Replica], relay: Relay
) -> None:
    mara = cohort[0]
    for nonce, signer in ((bytes(32), mara.identity), (None, cohort[1].identity)):
        socket = relay.open()
        socket.send(Join("somebody"))
        (challenge,) = socket.heard()
        assert isinstance(challenge, Challenge)
        message = proof_message(
            challenge.relay, nonce or challenge.nonce, mara.community, mara.actor, "member", ADDRESS
        )
        socket.send(Proof(mara.community, mara.actor, "member", ADDRESS, signer.sign(message)))
        (refusal,) = socket.heard()
        assert isinstance(refusal, Refusal)
        assert refusal.code == "stranger"


@pytest.mark.parametrize(
    "message", [Have({}), Page(b""), Proof(bytes(32), bytes(40), "member", ADDRESS, bytes(64)), b"?"]
)
def test_whoever_says_something_else_first_is_let_go(relay: Relay, message: Message | bytes) -> None:
    socket = relay.open()
    socket.send(message)
    (refusal,) = socket.heard()
    assert isinstance(refusal, Refusal)
    assert refusal.code == "protocol"
    assert not socket.open


def test_a_client_of_another_version_is_told_so_in_the_words_of_its_own_protocol(relay: Relay) -> None:
    socket = relay.open()
    socket.send(Join("somebody", ("2",)))
    (error,) = socket.heard()
    assert isinstance(error, Error)
    assert not socket.open


def test_an_invite_lets_somebody_in_who_then_is_a_member(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    issue(cohort[0], "Handover loses facts")
    line = invited(cohort, relay)
    tariq = newcomer(tmp_path / "tariq", line)
    client = come(tariq, relay, by(line))
    assert client.trouble is None
    assert client.settled()
    assert tariq.joined()
    client.socket.close()
    again = come(tariq, relay, Credentials())
    assert again.trouble is None
    assert come(cohort[0], relay, Credentials()).settled()
    assert cohort[0].heads() == tariq.heads()
    tariq.close()


def test_who_has_used_an_invite_may_come_by_it_again(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    line = invited(cohort, relay)
    tariq = newcomer(tmp_path / "tariq", line)
    come(tariq, relay, by(line)).socket.close()
    again = come(tariq, relay, by(line))
    assert again.trouble is None
    assert again.settled()
    tariq.close()


def test_a_spent_invite_is_said_to_be_spent(cohort: list[Replica], relay: Relay, tmp_path: Path) -> None:
    line = invited(cohort, relay, uses=1)
    first = newcomer(tmp_path / "first", line, 50)
    come(first, relay, by(line))
    second = newcomer(tmp_path / "second", line, 51)
    code, text = refused(come(second, relay, by(line)))
    assert code == "spent invite"
    assert "has been used up" in text
    first.close()
    second.close()


def test_of_two_who_hold_one_use_at_the_same_time_the_first_join_that_is_stored_spends_it(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    line = invited(cohort, relay, uses=1)
    first, second = (newcomer(tmp_path / name, line, seed) for name, seed in (("a", 50), ("b", 51)))
    clients = [Client(first, relay, by(line)), Client(second, relay, by(line))]
    run(*clients)
    assert sorted(client.code for client in clients) == ["", "spent invite"]
    assert (
        sum(member.startswith(b"") for member in relay.core._communities[line.community].roster.members) == 3
    )
    first.close()
    second.close()


def test_an_expired_invite_is_said_to_have_expired(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    line = invited(cohort, relay, expires=NOW + YEAR)
    relay.now = NOW + YEAR
    tariq = newcomer(tmp_path / "tariq", line)
    code, text = refused(come(tariq, relay, by(line)))
    assert code == "expired invite"
    assert "has expired" in text
    tariq.close()


def test_a_revoked_invite_is_said_to_be_taken_back_also_to_who_is_connected_by_it(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    line = invited(cohort, relay)
    early, late = newcomer(tmp_path / "early", line, 50), newcomer(tmp_path / "late", line, 51)
    reading = Client(early, relay, by(line))
    while not reading.session.online:
        assert reading.send_one() or reading.receive_one()
    key = Identity.from_seed(line.secret).key_text
    cohort[0].do(Say("revoke", key, {}))
    come(cohort[0], relay, Credentials())
    run(reading)
    assert reading.code == "revoked invite"
    code, text = refused(come(late, relay, by(line)))
    assert code == "revoked invite"
    assert "taken back" in text
    early.close()
    late.close()


def test_an_invite_that_nobody_made_is_said_to_be_unknown_also_of_a_community_that_is_not_there(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    line = invited(cohort, relay)
    answers = []
    for number, wrong in enumerate((replace(line, secret=bytes(32)), replace(line, community=b"c" * 32))):
        tariq = newcomer(tmp_path / str(number), wrong)
        answers.append(refused(come(tariq, relay, by(wrong))))
        tariq.close()
    assert answers[0] == answers[1]
    assert answers[0][0] == "bad invite"


def test_the_wrong_hosting_key_puts_nothing_on_the_relay(tmp_path: Path, relay: Relay) -> None:
    place = found_community(Home(tmp_path / "new"), "Another", "Zoe", outside=outside(80))
    zoe = Replica.open(place, outside(80))
    client = come(zoe, relay, credentials_of_a_host(b"x" * 20))
    assert client.code == "bad hosting key"
    assert not list(relay.store.entries(zoe.community))
    assert come(zoe, relay, Credentials()).code == "stranger"
    assert come(zoe, relay, credentials_of_a_host()).settled()
    zoe.close()


def test_a_hosting_key_lets_nobody_read_a_community_that_they_are_not_in(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    stranger = newcomer(tmp_path / "stranger", invited(cohort, relay))
    client = come(stranger, relay, credentials_of_a_host())
    assert not stranger.heads()
    assert client.session.received == 0
    stranger.close()


def test_a_removed_member_is_let_go_at_once_and_not_let_in_again(cohort: list[Replica], relay: Relay) -> None:
    mara, joon = cohort
    connected = come(joon, relay, Credentials())
    mara.do(Say("removal", joon.me, {"why": "left"}))
    come(mara, relay, Credentials())
    run(connected)
    assert connected.code == "removed"
    assert not connected.socket.open
    assert "stays yours" in str(connected.trouble)
    assert come(joon, relay, Credentials()).code == "removed"


def test_who_does_not_say_in_time_who_they_are_is_let_go(relay: Relay) -> None:
    socket = relay.open()
    socket.send(Join("somebody"))
    socket.late()
    assert [type(message) for message in socket.heard()] == [Challenge, Refusal]
    assert not socket.open


def test_time_is_no_matter_once_one_is_in(cohort: list[Replica], relay: Relay) -> None:
    client = come(cohort[1], relay, Credentials())
    client.socket.late()
    run(client)
    assert client.trouble is None


def test_strangers_are_few_at_one_address_and_in_all(relay: Relay) -> None:
    here = [relay.open("203.0.113.9") for _ in range(DEFAULT.strangers_per_address + 1)]
    assert [len(socket.heard()) for socket in here] == [0] * DEFAULT.strangers_per_address + [1]
    others = [relay.open(f"198.51.100.{n}") for n in range(DEFAULT.strangers)]
    assert sum(len(socket.heard()) for socket in others) == DEFAULT.strangers_per_address
    here[0].close()
    assert relay.open("203.0.113.9").heard() == []


def test_a_machine_that_connects_again_takes_the_place_of_its_old_socket(
    cohort: list[Replica], relay: Relay
) -> None:
    old, new = come(cohort[1], relay, Credentials()), come(cohort[1], relay, Credentials())
    run(old, new)
    assert old.code == "replaced"
    assert new.settled()


def test_a_member_has_so_many_machines_connected_and_no_more(
    cohort: list[Replica], relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay.crash()
    relay.limits = replace(DEFAULT, connections_per_member=1)
    relay.start()
    first = come(cohort[1], relay, Credentials())
    other_machine = cohort[1].identity.public_key + b"machine2"
    monkeypatch.setattr(Replica, "actor", property(lambda self: other_machine))
    assert come(cohort[1], relay, Credentials()).code == "busy"
    run(first)
    assert first.settled()
