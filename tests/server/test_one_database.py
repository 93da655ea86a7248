"""Several relays over one database: what one of them stores is as good as stored by each."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.commands import Say
from moot_client.replica.replica import Replica
from moot_client.sync.events import Held
from moot_server.events import Called, Elsewhere
from moot_shared.errors import StorageError
from moot_shared.limits import DEFAULT
from moot_shared.wire import cbor, presence
from moot_shared.wire.messages import Ephemeral, Have
from moot_shared.wire.presence import Whereabouts
from tests.helpers.cohort import issue, outside, rows
from tests.helpers.network import Client, carry, run
from tests.helpers.one_database import Pair, pair
from tests.helpers.postgres import Postgres
from tests.server.test_door import by, invited, newcomer

__all__ = ["pair"]


FULL = """
CREATE FUNCTION full_disk() RETURNS trigger AS $$
BEGIN RAISE 'could not extend file' USING ERRCODE = 'disk_full'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER full_disk BEFORE INSERT ON moot.change FOR EACH ROW EXECUTE FUNCTION full_disk();
"""


def come(client: Client) -> str:
    """Say and hear everything, sign, hang up: what the matter was."""
    run(client, sign=True)
    client.socket.close()
    return client.code


def has_all(replica: Replica, other: Replica) -> bool:
    return replica.heads() == other.heads() and rows(replica) == rows(other)


def test_what_one_stores_reaches_members_on_the_other(cohort: list[Replica], pair: Pair) -> None:
    mara, joon, _ = cohort
    writer, reader = Client(mara, pair.here), Client(joon, pair.there)
    run(writer, reader)
    issue(mara)
    run(writer, reader)
    assert writer.settled()
    assert not has_all(joon, mara)
    pair.there.hear(mara.community)
    run(reader)
    assert has_all(joon, mara)


@pytest.mark.slow
def test_a_notification_that_was_missed_is_made_good_when_somebody_listens_again(
    cohort: list[Replica], pair: Pair
) -> None:
    mara, joon, _ = cohort
    writer, reader = Client(mara, pair.here), Client(joon, pair.there)
    run(writer, reader)
    for number in range(300):
        issue(mara, f"Number {number}")
        run(writer)
    pair.there.hear()
    run(reader)
    assert has_all(joon, mara)


def test_who_writes_hears_with_it_what_the_others_have_stored(cohort: list[Replica], pair: Pair) -> None:
    mara, joon, ines = cohort
    here, there, beside = Client(mara, pair.here), Client(joon, pair.there), Client(ines, pair.there)
    run(here, there, beside)
    issue(mara)
    run(here)
    issue(joon, "Rosters come late")
    run(there, beside)  # nobody has told the relay there
    assert has_all(joon, ines)
    assert joon.version()[mara.actor] == mara.version()[mara.actor]
    pair.here.hear(mara.community)
    run(here)
    assert has_all(mara, joon)


def test_who_comes_finds_what_the_other_has_stored(cohort: list[Replica], pair: Pair) -> None:
    mara, joon, ines = cohort
    here, there = Client(mara, pair.here), Client(joon, pair.there)
    run(here, there)
    issue(mara)
    run(here)
    late = Client(ines, pair.there)
    run(late)
    assert has_all(ines, mara)


def test_who_has_all_that_it_is_told_of_asks_nothing(
    cohort: list[Replica], pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara, joon, _ = cohort
    here, there = Client(mara, pair.here), Client(joon, pair.there)
    run(here, there)
    issue(mara)
    run(here, sign=True)
    pair.there.hear(mara.community)
    run(there)
    changes = len(list(pair.there.shared.entries(mara.community)))
    monkeypatch.setattr(pair.there.shared, "_together", None)
    pair.there.step(Elsewhere(mara.community, (changes - 1, 0)), Elsewhere(mara.community, (changes, 1)))
    monkeypatch.undo()
    assert there.trouble is None
    assert pair.there.shared.news(mara.community, changes, (changes + 1, 1)) is not None


def test_receipts_are_passed_on(cohort: list[Replica], pair: Pair) -> None:
    mara, joon, _ = cohort
    here, there = Client(mara, pair.here), Client(joon, pair.there)
    run(here, there)
    issue(mara)
    run(here)
    pair.there.hear(mara.community)
    run(there, sign=True)
    pair.here.hear(mara.community)
    run(here)
    holders = mara.reader().execute("SELECT actor FROM receipt").fetchall()
    assert (joon.actor,) in [tuple(row) for row in holders]


def test_two_cannot_admit_a_fork(cohort: list[Replica], pair: Pair, tmp_path: Path) -> None:
    joon = cohort[1]
    joon.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = shutil.copytree(joon.place.folder.parents[1], tmp_path / "copy")
    (place,) = Home(copy).places()
    twin = Replica.open(place, outside(77))
    twin.become_writer()
    twin.store.set_own("nonce", joon.store.own("nonce"))  # as a whole disk that was rolled back
    one, other = Client(joon, pair.here), Client(twin, pair.there)
    run(one, other)
    issue(joon, "Said here")
    issue(twin, "Said there")
    frames = [client.session.next_frame() or b"" for client in (one, other)]
    one.socket.send(frames[0])
    other.socket.send(frames[1])
    stored = list(pair.here.shared.entries(joon.community))
    assert len({(entry.actor, entry.seq) for entry in stored}) == len(stored)
    run(one, other)
    assert one.settled()
    assert stored == list(pair.there.shared.entries(joon.community))
    twin.close()


def test_who_is_removed_on_one_is_let_go_by_the_other(cohort: list[Replica], pair: Pair) -> None:
    mara, joon, ines = cohort
    convenor, removed, other = Client(mara, pair.here), Client(joon, pair.there), Client(ines, pair.there)
    run(convenor, removed, other)
    mara.do(Say("removal", joon.me, {"why": ""}))
    run(convenor)
    again = Client(joon, pair.there)  # before the relay there was told
    run(again)
    assert again.code == "removed"
    pair.there.hear(mara.community)
    run(removed, other)
    assert removed.code == "removed"
    assert has_all(ines, mara)


def test_an_invite_that_was_used_up_on_one_is_used_up_on_the_other(
    cohort: list[Replica], pair: Pair, tmp_path: Path
) -> None:
    line = invited(cohort, pair.here, uses=1)
    first, second = (newcomer(tmp_path / name, line, seed) for name, seed in (("nia", 50), ("ola", 51)))
    come(Client(cohort[1], pair.there))
    assert come(Client(first, pair.here, by(line))) == ""
    assert come(Client(second, pair.there, by(line))) == "spent invite"
    first.close()
    second.close()


def test_of_two_who_hold_one_use_on_two_relays_at_the_same_time_one_gets_in(
    cohort: list[Replica], pair: Pair, tmp_path: Path
) -> None:
    line = invited(cohort, pair.here, uses=1)
    first, second = (newcomer(tmp_path / name, line, seed) for name, seed in (("nia", 50), ("ola", 51)))
    clients = [Client(first, pair.here, by(line)), Client(second, pair.there, by(line))]
    run(*clients)
    assert sorted(client.code for client in clients) == ["", "spent invite"]
    first.close()
    second.close()


def test_how_full_a_community_is_counts_what_was_stored_elsewhere(cohort: list[Replica], pair: Pair) -> None:
    mara, joon, _ = cohort
    here, _ = pair.here.shared.size(mara.community)
    pair.there.crash()
    pair.there.limits = replace(DEFAULT, document_operations=here + 30)
    pair.there.start()
    one, other = Client(mara, pair.here), Client(joon, pair.there)
    run(one, other)
    issue(mara, body="One.\n\nTwo.\n\n" * 20)
    run(one)
    pair.there.hear(mara.community)
    issue(joon, "Rosters come late")
    run(other)
    assert other.said(Held)


def test_a_community_that_was_put_back_waits_everywhere_and_is_opened_everywhere(
    cohort: list[Replica], pair: Pair
) -> None:
    mara, joon, ines = cohort
    store = pair.here.shared.another()
    with store.transaction():
        store.mark_restored()
    store.close()
    for relay in (pair.here, pair.there):
        assert come(Client(joon, relay)) == "restored"
    assert come(Client(mara, pair.here)) == ""
    for relay in (pair.here, pair.there):
        assert come(Client(ines, relay)) == ""


def test_each_logs_whom_the_others_shut_out(cohort: list[Replica], pair: Pair) -> None:
    mara, joon, ines = cohort
    run(Client(ines, pair.there))
    mara.do(Say("removal", joon.me, {"why": ""}))
    run(Client(mara, pair.here))
    pair.there.hear()
    (closing,) = pair.there.closed.closings()
    assert closing.key == joon.identity.public_key
    assert list(pair.here.closed.closings()) == [closing]


def test_after_trouble_members_are_sent_whatever_they_lack(
    cohort: list[Replica], pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit went through, and its answer did not: nobody knows, and then everybody has it."""
    mara, joon, ines = cohort
    writer, reader, afar = Client(mara, pair.here), Client(joon, pair.here), Client(ines, pair.there)
    run(writer, reader, afar)
    issue(mara)
    transaction = pair.here.shared.transaction

    @contextmanager
    def in_doubt(communities: Iterable[bytes] = ()) -> Iterator[None]:
        with transaction(communities):
            yield
        raise StorageError("The database cannot be reached.")

    monkeypatch.setattr(pair.here.shared, "transaction", in_doubt)
    run(writer, reader)
    monkeypatch.undo()
    assert writer.code == "storage"
    assert not has_all(joon, mara)
    pair.here.hear()
    pair.there.hear()
    run(reader, afar)
    assert has_all(joon, mara)
    assert has_all(ines, mara)


def test_who_is_here_is_passed_on_and_heard_of_without_asking_the_database(
    cohort: list[Replica], pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    mara, joon, ines = cohort
    speaker, beside, afar = Client(mara, pair.here), Client(joon, pair.here), Client(ines, pair.there)
    run(speaker, beside, afar)
    carry(pair.here, pair.there)
    for relay in (pair.here, pair.there):
        monkeypatch.setattr(relay.shared, "link", None)
    said = presence.say(Whereabouts(), mara.community, mara.actor, mara.identity, "s", 1)
    speaker.socket.send(said)
    carry(pair.here, pair.there)
    for client in (beside, afar):
        assert [message.data for message in client.socket.heard() if isinstance(message, Ephemeral)] == [
            said.data
        ]
    monkeypatch.undo()


def test_who_is_too_fast_at_one_is_that_much_slower_at_the_others_and_nobody_else_is(
    cohort: list[Replica], pair: Pair
) -> None:
    mara, joon, _ = cohort
    here, there, other = Client(mara, pair.here), Client(mara, pair.there), Client(joon, pair.there)
    run(here, there, other)
    carry(pair.here, pair.there)
    have = Have(mara.version())
    for client in (here, there):
        client.socket.send(have)
    assert pair.here.waits == pair.there.waits == []
    assert pair.here.calls == [], "within a burst nothing is called"
    for _ in range(DEFAULT.changes_burst):
        here.socket.send(have)
    assert pair.here.waits
    spent = carry(pair.here, pair.there)
    assert len(spent) == len(pair.here.waits)
    other.socket.send(have)
    assert pair.there.waits == []
    there.socket.send(have)
    assert pair.there.waits, "what she may do at once is used up here, too"
    pair.there.step(Called((b"", cbor.encode(["spent", b"short", 9]), cbor.encode(["spent", joon.me, -9]))))


def test_a_full_disk_of_the_database_is_said_reading_goes_on_and_with_room_it_stores_again(
    cohort: list[Replica], pair: Pair, postgres: Postgres
) -> None:
    mara, joon, ines = cohort
    writer, reader = Client(mara, pair.here), Client(joon, pair.here)
    run(writer, reader)
    postgres.ask(FULL, pair.here.url)
    issue(mara)
    run(writer, reader)
    assert writer.code == "storage"
    assert "database's disk is full" in str(writer.trouble)
    assert "safe on your machine" in str(writer.trouble)
    late = Client(ines, pair.there)
    run(late)
    assert late.trouble is None
    assert late.session.online
    postgres.ask("DROP TRIGGER full_disk ON moot.change", pair.here.url)
    again = Client(mara, pair.here)
    run(again, reader)
    assert again.settled()
    assert has_all(joon, mara)
    pair.there.hear()
    run(late)
    assert has_all(ines, mara)
