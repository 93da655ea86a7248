"""A relay and its members in one process: everybody's work comes together, whatever breaks off in between."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.commands import Say
from moot_client.replica.replica import Replica
from moot_client.store import standing
from moot_client.sync.credentials import Credentials
from moot_client.sync.events import HolderChanged, Received, RefusedOther, RefusedOwn, Stored, Synced
from moot_client.sync.session import Session
from moot_shared.errors import ConnectionTrouble
from moot_shared.trust.intake import NotTaken
from moot_shared.wire import pages
from moot_shared.wire.messages import Challenge, Error, Peer, Refusal, encode
from tests.helpers.cohort import issue, outside, rows, vote
from tests.helpers.network import NOW, Client, Relay, credentials_of_a_host, run


def same(replicas: list[Replica]) -> bool:
    return all(rows(r) == rows(replicas[0]) and r.heads() == replicas[0].heads() for r in replicas)


def stored(replica: Replica) -> dict[bytes, int]:
    return dict(replica.reader().execute("SELECT actor, seq FROM stored"))


def meet(relay: Relay, *replicas: Replica) -> list[Client]:
    """Everybody connects, says and hears everything, and hangs up."""
    clients = [Client(replica, relay) for replica in replicas]
    run(*clients)
    for client in clients:
        assert client.trouble is None, client.trouble
        assert client.settled()
        client.socket.close()
    return clients


def test_work_done_apart_is_everybodys_after_everybody_has_met_the_relay(
    cohort: list[Replica], relay: Relay
) -> None:
    mara, joon, ines = cohort
    key = issue(mara, "Handover loses facts")
    issue(joon, "Rosters come late")
    issue(ines, "Who decides on tools?")
    meet(relay, mara)
    meet(relay, joon)
    meet(relay, ines)
    meet(relay, mara, joon)
    vote(joon, key, 3)
    meet(relay, *cohort)
    assert same(cohort)


def test_what_one_writes_reaches_who_is_connected_at_once(cohort: list[Replica], relay: Relay) -> None:
    clients = [Client(replica, relay) for replica in cohort]
    run(*clients)
    issue(cohort[1])
    run(*clients)
    assert same(cohort)
    assert [event for event in clients[2].events if isinstance(event, Received)] == [Received(1)]


def test_the_relay_makes_a_frame_once_for_all_who_need_the_same_bytes(
    cohort: list[Replica], relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = [Client(replica, relay) for replica in cohort]
    run(*clients)
    issue(cohort[0])
    clients[0].send_one()
    (one, _), (other, _) = clients[1].socket.inbox[0], clients[2].socket.inbox[0]
    assert one is other


def test_a_client_is_told_what_is_stored_and_only_then_is_it_settled(
    cohort: list[Replica], relay: Relay
) -> None:
    client = Client(cohort[1], relay)
    run(client)
    issue(cohort[1])
    assert not client.settled()
    while client.send_one():
        pass
    assert not client.settled()
    run(client)
    assert client.settled()
    assert client.said(Stored)
    assert stored(cohort[1]) == {actor: seq for actor, (seq, _) in cohort[1].version().items()}


def test_synced_is_said_each_time_that_everything_is_everywhere(cohort: list[Replica], relay: Relay) -> None:
    client = Client(cohort[1], relay)
    run(client)
    issue(cohort[1])
    client.session.milestone()
    run(client)
    assert client.said(Synced) == [Synced(NOW), Synced(NOW)]


@pytest.mark.slow
@pytest.mark.parametrize("cut_after", range(0, 12, 2))
def test_a_connection_that_is_cut_anywhere_is_resumed_by_the_next(
    cohort: list[Replica], relay: Relay, monkeypatch: pytest.MonkeyPatch, cut_after: int
) -> None:
    monkeypatch.setattr(pages, "CHANGES", 2)
    for number in range(7):
        issue(cohort[0], f"Mara's {number}")
        issue(cohort[1], f"Joon's {number}")
    meet(relay, cohort[0])
    client = Client(cohort[1], relay)
    for _ in range(cut_after):
        client.send_one()
        client.receive_one()
    client.socket.close()
    meet(relay, cohort[1])
    meet(relay, cohort[0])
    assert same(cohort[:2])


def test_three_members_converge_under_random_cuts(cohort: list[Replica], relay: Relay) -> None:
    dice = random.Random(3)
    for _ in range(12):
        clients = [Client(replica, relay) for replica in cohort]
        for _ in range(dice.randrange(25)):
            client = dice.choice(clients)
            dice.choice((client.send_one, client.receive_one))()
            if dice.random() < 0.2:
                issue(client.replica, f"Number {dice.random()}")
        for client in clients:
            assert client.trouble is None
            client.socket.close()
    meet(relay, *cohort)
    meet(relay, *cohort)
    assert same(cohort)


def test_a_relay_that_ends_and_begins_again_still_has_what_it_called_stored(
    cohort: list[Replica], relay: Relay
) -> None:
    issue(cohort[0])
    meet(relay, cohort[0])
    relay.crash()
    relay.start()
    meet(relay, cohort[1])
    assert same(cohort[:2])


def test_a_relay_restored_from_a_backup_is_filled_again_and_its_claims_go_back(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    relay.crash()
    shutil.copytree(tmp_path / "relay", tmp_path / "backup")
    relay.start()
    issue(cohort[0])
    issue(cohort[1])
    meet(relay, cohort[0], cohort[1])
    before = stored(cohort[0])
    relay.crash()
    shutil.rmtree(tmp_path / "relay")
    shutil.copytree(tmp_path / "backup", tmp_path / "relay")
    relay.start()
    client = Client(cohort[0], relay)
    while client.session._stage != "in":
        assert client.send_one() or client.receive_one()
    assert sum(stored(cohort[0]).values()) == sum(before.values()) - 2
    run(client)
    assert stored(cohort[0]) == before
    meet(relay, cohort[2])
    assert same([cohort[0], cohort[2]])


def test_an_emptied_relay_knows_nobody_until_a_member_puts_the_community_back(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    issue(cohort[1])
    meet(relay, cohort[1])
    relay.crash()
    shutil.rmtree(tmp_path / "relay")
    relay.start()
    client = Client(cohort[1], relay)
    run(client)
    assert client.code == "stranger"
    assert "moot host" in str(client.trouble)
    host = Client(cohort[1], relay, credentials_of_a_host())
    run(host)
    assert host.trouble is None
    assert host.settled()
    meet(relay, cohort[0], cohort[2])
    assert same(cohort)


def test_putting_a_community_back_can_break_off_and_be_done_again(
    cohort: list[Replica], relay: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "CHANGES", 1)
    relay.crash()
    shutil.rmtree(tmp_path / "relay")
    relay.start()
    host = Client(cohort[2], relay, credentials_of_a_host())
    while host.session._stage != "in":
        assert host.send_one() or host.receive_one()
    assert [host.send_one() for _ in range(3)]
    host.socket.close()
    again = Client(cohort[2], relay, credentials_of_a_host())
    run(again)
    assert again.trouble is None
    assert again.settled()
    meet(relay, *cohort)


def test_a_restored_replica_goes_on_under_a_new_actor_and_says_its_tail_again(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    mara, joon, _ = cohort
    backup = tmp_path / "backup"
    meet(relay, joon)
    joon.close()
    shutil.copytree(joon.place.folder, backup)
    joon = Replica.open(joon.place, joon.outside)
    issue(joon, "Said before the disk died")
    meet(relay, joon)
    joon.close()
    # As a whole disk is rolled back: the file and the counter beside it, under the same names.
    for name in ("store.db", "opened"):
        (joon.place.folder / name).write_bytes((backup / name).read_bytes())
    for extra in ("store.db-wal", "store.db-shm"):
        (joon.place.folder / extra).unlink(missing_ok=True)
    joon = Replica.open(joon.place, joon.outside)
    actor = joon.actor
    for number in range(3):  # further than the relay knows this actor
        issue(joon, f"Said after it {number}")
    (client,) = meet(relay, joon)
    assert joon.actor != actor
    assert not client.said(RefusedOwn)
    meet(relay, mara)
    meet(relay, joon)
    titles = {row[0] for row in mara.reader().execute("SELECT json_extract(value, '$.title') FROM record")}
    assert {"Said before the disk died", "Said after it 0", "Said after it 2"} <= titles
    assert same([mara, joon])
    joon.close()


def test_receipts_reach_everybody_and_say_what_is_on_whose_disk(cohort: list[Replica], relay: Relay) -> None:
    mara, joon, _ = cohort
    first = Client(mara, relay)
    run(first, sign=True)
    first.socket.close()
    late = Client(joon, relay)
    run(late)
    assert late.said(HolderChanged) == [HolderChanged(mara.actor)]
    heads, signature = joon.reader().execute("SELECT heads, signature FROM receipt").fetchone()
    assert heads == b"".join(mara.heads())
    assert len(signature) == 64


def test_a_machine_signs_once_for_what_it_has(cohort: list[Replica], relay: Relay) -> None:
    client = Client(cohort[0], relay)
    run(client)
    client.session.sign()
    assert client.send_one()
    client.session.sign()
    assert not client.send_one()


def test_asking_again_finds_what_came_meanwhile(cohort: list[Replica], relay: Relay) -> None:
    client = Client(cohort[0], relay)
    run(client)
    client.session.refresh()
    assert not client.settled()
    run(client)
    assert client.settled()


def test_a_change_that_the_relay_refuses_is_kept_with_its_reason_and_not_sent_again(
    cohort: list[Replica], relay: Relay
) -> None:
    mara, joon, ines = cohort
    relay.crash()
    relay.limits = replace(relay.limits, change_operations=3)  # a relay that is set up more strictly
    relay.start()
    issue(joon, "Four operations at least", body="One.\n\nTwo.")
    refused = joon.version()[joon.actor][1]
    ines.do(Say("profile", "me", {"name": "Inés"}))
    clients = [Client(joon, relay), Client(ines, relay)]
    run(*clients)
    (event,) = clients[0].said(RefusedOwn)
    assert isinstance(event, RefusedOwn)
    assert event.hash == refused
    assert event.text.startswith("This change cannot be read")
    assert standing.refused(joon.store) == {refused}
    assert clients[0].session.settled
    clients[0].socket.close()
    (again,) = meet(relay, joon)
    assert again.said(RefusedOwn) == []
    meet(relay, mara)
    assert mara.version()[ines.actor] == ines.version()[ines.actor]


def test_a_relay_takes_no_words_out_of_a_machine_by_refusing_what_was_not_sent_to_it(
    cohort: list[Replica], relay: Relay
) -> None:
    mara = cohort[0]
    client = Client(mara, relay)
    run(client)
    before = mara.version()
    for seq in range(1, before[mara.actor][0] + 1):
        entry = mara._writer.history.at(mara.actor, seq)
        assert entry
        with pytest.raises(ConnectionTrouble):
            client.session.receive(encode(Refusal("seal", "So I say.", entry.hash)))
    assert mara.version() == before
    assert not mara.drafts()


def test_what_this_machine_refuses_is_reported_and_the_rest_comes_in(
    cohort: list[Replica], relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    from moot_client.replica.replica import Received as Got

    client = Client(cohort[0], relay)
    run(client)
    refusal = NotTaken(b"h" * 32, "seal", "Not signed.", None)
    monkeypatch.setattr(cohort[0], "receive", lambda batch, home: Got(1, (refusal,)))
    issue(cohort[1])
    other = Client(cohort[1], relay)
    run(other, client)
    assert client.said(RefusedOther) == [
        RefusedOther(refusal.hash, refusal.code, refusal.reason, by_relay=False)
    ]


def session_of(replica: Replica) -> Session:
    replica.become_writer()
    session = Session(
        replica, "ws://elsewhere", Credentials(), now=lambda: NOW, random=random.Random(1).randbytes
    )
    session.start()
    return session


ANSWERS: dict[str, Callable[[], bytes]] = {
    "bytes": lambda: b"HTTP/1.1 200 OK",
    "another program's message": lambda: encode(Error("version 2 only")),
    "a welcome before a challenge": lambda: encode(Peer("r", "c", b"r" * 16, {}, NOW)),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_what_does_not_speak_as_a_relay_is_said_to_be_none(cohort: list[Replica], what: str) -> None:
    session = session_of(cohort[0])
    with pytest.raises(ConnectionTrouble, match="safe on this machine") as caught:
        session.receive(ANSWERS[what]())
    assert getattr(caught.value, "code", "") == "wrong protocol"


def test_a_proof_is_good_for_one_nonce_one_relay_and_one_community_only(cohort: list[Replica]) -> None:
    frames = []
    for nonce, name in ((b"1", b"r"), (b"2", b"r"), (b"1", b"s")):
        session = session_of(cohort[0])
        session.next_frame()
        session.receive(encode(Challenge(nonce * 32, name * 16)))
        frames.append(session.next_frame())
    assert len(set(frames)) == 3


def test_a_cloned_disk_and_the_first_one_do_not_throw_each_other_out_for_ever(
    cohort: list[Replica], relay: Relay, tmp_path: Path
) -> None:
    joon = cohort[1]
    meet(relay, joon)
    joon.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(joon.place.folder.parents[1], tmp_path / "clone")
    (place,) = Home(tmp_path / "clone").places()
    clone = Replica.open(place, outside(77))
    clone.become_writer()
    clone.store.set_own("nonce", joon.store.own("nonce"))  # a copied folder is noticed; a cloned disk is not
    first, second = Client(joon, relay), Client(clone, relay)
    run(first, second)
    assert [client.code for client in (first, second)] in (["replaced", ""], ["", "replaced"])
    assert joon.actor != clone.actor
    again = [Client(joon, relay), Client(clone, relay)]
    run(*again)
    assert [client.code for client in again] == ["", ""]
    clone.close()
