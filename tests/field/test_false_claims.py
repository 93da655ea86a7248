"""'Synced' was shown, and was not (Logseq, Anytype): here no word about where work is safe goes too far.

What happened there: the dot turned green, and what had been written was not on the server; after a reload
it was orange again (https://github.com/logseq/logseq/issues/633); 'nothing pending' was shown on a machine
that had not heard of the changes at all (https://github.com/logseq/db-test/issues/947). Two machines both
said 'synced', and one of them lacked notes that the other had (https://github.com/anyproto/any-sync/issues/135,
https://github.com/anyproto/anytype-ts/issues/976).

What must hold here: at every moment - between any two frames, after a cut, while a relay lags, is full,
dies, comes back older or empty, or lies - each claim that is shown can be found in the file that it is about.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from moot_client.replica.replica import Replica
from moot_server.storage.sqlite import SqliteStore
from moot_shared.errors import StorageError
from moot_shared.wire.messages import Peer, Stored, decode, encode
from tests.field.stage import converse, meet, wipe
from tests.field.words import URL, Witness, watched
from tests.helpers.cohort import issue, vote
from tests.helpers.network import Client, Relay, credentials_of_a_host


@pytest.fixture
def witness(cohort: list[Replica], relay: Relay, capsys: pytest.CaptureFixture[str]) -> Witness:
    """Who looks over Joon's shoulder."""
    mara, joon, ines = cohort
    joon.set_relay_url(URL)
    return Witness(relay, joon, {"Mara": mara, "Ines": ines}, capsys)


def some_work(joon: Replica) -> None:
    """Three changes."""
    key = issue(joon, "Handover loses facts", body="One.\n\nTwo.")
    vote(joon, key, 3)
    issue(joon, "Rosters come late")


@pytest.mark.slow
def test_no_word_goes_too_far_wherever_the_connection_is_cut(
    cohort: list[Replica], relay: Relay, witness: Witness
) -> None:
    _, joon, ines = cohort
    over, cut_after = False, 0
    while not over:
        some_work(joon)
        witness.look()
        client = Client(joon, relay)
        over = watched(witness, client, frames=cut_after)
        client.session.sign()
        client.socket.close()
        witness.look()
        meet(relay, ines, sign=True)
        cut_after += 1
        assert cut_after < 20
    last = Client(joon, relay)
    assert watched(witness, last)
    assert witness.seen == {"stored", "waiting", "has it"}
    assert witness.moments > 50


@pytest.mark.slow
def test_what_the_others_have_is_said_when_their_own_machine_has_signed_for_it(
    cohort: list[Replica], relay: Relay, witness: Witness
) -> None:
    mara, joon, ines = cohort
    clients = [Client(replica, relay) for replica in (joon, mara, ines)]
    for _ in range(2):
        issue(joon, "Rosters come late")
        watched(witness, *clients)
        for client in clients[1:]:  # they sign while more is being written
            client.session.sign()
            issue(joon, "And one more")
            witness.look()
        watched(witness, *clients)
    for client in clients[1:]:
        client.session.sign()
    watched(witness, *clients)
    assert witness.shown().says_has_it("Ines")
    assert witness.seen == {"stored", "waiting", "has it"}


class Stubborn(SqliteStore):
    """A relay's store that fails at a commit, or after one, as often as it is told to."""

    full = False
    dies = False

    @contextmanager
    def transaction(self, communities: Iterable[bytes] = ()) -> Iterator[None]:
        with super().transaction(communities):
            yield
            if self.full:
                raise StorageError("The relay's disk is full. Whoever runs it has to make room.")
        if self.dies:
            raise KeyboardInterrupt


@pytest.fixture
def stubborn(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    monkeypatch.setattr("tests.helpers.network.SqliteStore", Stubborn)
    relay.crash()
    relay.start()
    yield relay
    Stubborn.full = Stubborn.dies = False


@pytest.mark.slow
def test_a_full_relay_has_stored_nothing_and_nothing_else_is_said(
    cohort: list[Replica], stubborn: Relay, witness: Witness
) -> None:
    joon = cohort[1]
    some_work(joon)
    Stubborn.full = True
    client = Client(joon, stubborn)
    watched(witness, client)
    assert client.code == "storage"
    assert witness.shown().waiting == {3}
    Stubborn.full = False
    again = Client(joon, stubborn)
    watched(witness, again)
    assert again.settled()
    assert witness.shown().says_all_is_stored


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before it has committed", "after it has committed"])
def test_a_relay_that_dies_at_the_commit_has_said_nothing(
    cohort: list[Replica], stubborn: Relay, witness: Witness, when: str
) -> None:
    joon = cohort[1]
    client = Client(joon, stubborn)
    converse(client)
    some_work(joon)
    setattr(Stubborn, "dies" if when.startswith("after") else "full", True)
    with suppress(KeyboardInterrupt):
        watched(witness, client)
    Stubborn.full = Stubborn.dies = False
    stubborn.crash()
    stubborn.start()
    witness.look()
    again = Client(joon, stubborn)
    watched(witness, again)
    assert again.settled()
    assert witness.shown().says_all_is_stored


def test_once_it_is_known_that_the_relay_lost_something_nobody_is_told_that_it_has_it(
    cohort: list[Replica], relay: Relay, witness: Witness, tmp_path: Path
) -> None:
    joon = cohort[1]
    some_work(joon)
    meet(relay, joon)
    relay.crash()
    shutil.copy(relay.folder / "relay.db", tmp_path / "older.db")
    relay.start()
    some_work(joon)
    meet(relay, joon)
    relay.crash()
    for name in ("relay.db", "relay.db-wal", "relay.db-shm"):
        (relay.folder / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "older.db", relay.folder / "relay.db")
    relay.start()
    client = Client(joon, relay)
    while not client.session.online:
        assert client.send_one() or client.receive_one()
    assert watched(witness, client)
    assert witness.shown().says_all_is_stored
    with relay.store.transaction():
        relay.store.mark_restored()  # as whoever puts a copy back by hand says it
    relay.crash()
    relay.start()
    refused = Client(joon, relay)
    converse(refused)
    assert refused.code == "restored"
    assert not witness.shown().says_all_is_stored, "it has lost nobody knows what"


@pytest.mark.slow
def test_a_relay_that_no_longer_knows_the_community_is_not_said_to_have_stored_it(
    cohort: list[Replica], relay: Relay, witness: Witness
) -> None:
    mara, joon, _ = cohort
    some_work(joon)
    meet(relay, joon)
    assert witness.shown().says_all_is_stored
    wipe(relay)
    client = Client(joon, relay)
    converse(client)
    assert client.code == "stranger"
    witness.look()
    assert witness.shown().waiting == {len(changes_of(joon))}
    meet(relay, mara, credentials=credentials_of_a_host())
    again = Client(joon, relay)
    assert watched(witness, again)
    assert witness.shown().says_all_is_stored


def changes_of(replica: Replica) -> list[bytes]:
    """The hashes of what this member wrote."""
    me = replica.identity.public_key
    return [entry.hash for entry in replica._writer.history.missing_from({}) if entry.actor[:32] == me]


@pytest.mark.slow
def test_what_was_written_after_a_disk_was_rolled_back_is_not_taken_for_what_the_relay_has(
    cohort: list[Replica], relay: Relay, witness: Witness
) -> None:
    """The relay has more under this machine's name, and other things: that is no word on what is here."""
    joon = cohort[1]
    meet(relay, joon)
    joon.close()
    before = {path: path.read_bytes() for path in joon.place.folder.iterdir()}
    witness.whom = joon = Replica.open(joon.place, joon.outside)
    some_work(joon)
    meet(relay, joon)
    joon.close()
    for path in list(joon.place.folder.iterdir()):
        path.write_bytes(before[path]) if path in before else path.unlink()  # each stays the same file
    witness.whom = joon = Replica.open(joon.place, joon.outside)
    issue(joon, "Written after that")
    client = Client(joon, relay)
    assert watched(witness, client)
    assert client.settled()
    assert {"stored", "waiting"} <= witness.seen
    joon.close()


# -- a relay that lies --------------------------------------------------------------------------------------


def lying(client: Client, lie: type[Stored | Peer], **fields: Any) -> None:
    """Let the relay's next message of a kind reach the client with other fields in it."""
    take = client.socket.take

    def bent() -> bytes | None:
        data = take()
        if data is not None and isinstance(message := decode(data), lie):
            return encode(replace(message, **fields))
        return data

    client.socket.take = bent  # type: ignore[method-assign]


@pytest.mark.slow
@pytest.mark.parametrize("much", [1_000, 2**62])
def test_what_never_left_this_machine_is_not_stored_whatever_a_relay_says(
    cohort: list[Replica], relay: Relay, witness: Witness, much: int
) -> None:
    joon = cohort[1]
    client = Client(joon, relay)
    converse(client)
    lying(client, Stored, through={joon.actor: much})
    some_work(joon)
    watched(witness, client)
    client.socket.close()
    some_work(joon)
    witness.look()
    assert witness.shown().waiting == {3}
    again = Client(joon, relay)
    assert watched(witness, again)
    assert witness.shown().says_all_is_stored


@pytest.mark.slow
def test_what_a_relay_says_at_the_door_is_no_word_on_what_is_written_later(
    cohort: list[Replica], relay: Relay, witness: Witness
) -> None:
    joon = cohort[1]
    client = Client(joon, relay)
    lying(client, Peer, clock={joon.actor: (2**40, b"\7" * 32)}, last=None)
    watched(witness, client)
    some_work(joon)
    watched(witness, client)
    client.socket.close()
    witness.look()
    again = Client(joon, relay)
    assert watched(witness, again)
    assert witness.shown().says_all_is_stored
