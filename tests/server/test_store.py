"""What every store of a relay must do; SQLite is the only one yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_server.storage.sqlite import SqliteStore
from moot_server.storage.store import Store
from moot_shared.errors import StorageError
from moot_shared.trust.facts import facts_of
from moot_shared.trust.seal import Sealed
from moot_shared.wire.messages import Receipt
from tests.helpers.community import Community, person

SEAL = b"s" * 64


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "relay.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = SqliteStore(path)
    yield store
    store.close()


@pytest.fixture
def made() -> Community:
    made = Community()
    made.member("ann")
    return made


def keep(store: Store, made: Community) -> None:
    with store.transaction():
        for entry in made.history.missing_from({}):
            change = made.history.change(entry.hash)
            store.add_change(made.id, change, SEAL, facts_of(change))


def test_what_was_kept_is_read_in_the_order_in_which_it_was_kept(store: Store, made: Community) -> None:
    keep(store, made)
    assert list(store.entries(made.id)) == made.history.missing_from({})
    assert tuple(store.facts(made.id)) == made.history.facts()
    assert store.row(made.id, made.genesis.hash) == Sealed(made.genesis.raw, SEAL)


def test_it_is_there_again_after_a_restart_under_the_same_name(path: Path, made: Community) -> None:
    store = SqliteStore(path)
    name = store.relay_id()
    keep(store, made)
    store.close()
    store = SqliteStore(path)
    assert store.relay_id() == name
    assert len(list(store.entries(made.id))) == len(made.history)
    store.close()


def test_another_store_has_another_name(store: Store, tmp_path: Path) -> None:
    other = SqliteStore(tmp_path / "other.db")
    assert other.relay_id() != store.relay_id()
    other.close()


def test_communities_do_not_see_one_another(store: Store, made: Community) -> None:
    keep(store, made)
    other = Community(founder=person("zoe"))
    assert list(store.entries(other.id)) == []
    with pytest.raises(KeyError):
        store.row(other.id, made.genesis.hash)
    keep(store, other)
    assert [entry.hash for entry in store.entries(other.id)] == [other.genesis.hash]


def test_it_knows_the_founder_who_joined_and_which_invites_were_made(store: Store, made: Community) -> None:
    keep(store, made)
    assert store.knows_member(made.id, made.founder.key)
    assert store.knows_member(made.id, person("ann").key)
    assert store.knows_invite(made.id, person("invite ann").key)
    assert not store.knows_member(made.id, person("eve").key)
    assert not store.knows_invite(made.id, person("invite eve").key)
    assert not store.knows_member(bytes(32), made.founder.key)


def test_a_transaction_that_fails_leaves_nothing(store: Store, made: Community) -> None:
    class Stop(Exception):
        pass

    def part() -> None:
        store.add_change(made.id, made.genesis, SEAL, ())
        assert store.row(made.id, made.genesis.hash).seal == SEAL
        raise Stop

    with pytest.raises(Stop), store.transaction():
        part()
    assert list(store.entries(made.id)) == []


def test_one_change_cannot_be_kept_twice_nor_two_under_one_name(store: Store, made: Community) -> None:
    keep(store, made)
    with pytest.raises(StorageError), store.transaction():
        store.add_change(made.id, made.genesis, SEAL, ())


def test_of_receipts_each_machines_newest_is_kept(store: Store, made: Community) -> None:
    old, new = (Receipt(made.founder.actor, (bytes([n]) * 32, b"h" * 32), n, SEAL) for n in (1, 2))
    with store.transaction():
        store.set_receipt(made.id, old)
        store.set_receipt(made.id, new)
    assert list(store.receipts(made.id)) == [new]


def test_a_file_that_is_no_database_is_said_to_be_damaged(path: Path) -> None:
    path.write_bytes(b"no database, and long enough to be taken for one" * 100)
    with pytest.raises(StorageError, match=r"damaged\. Put a backup in its place"):
        SqliteStore(path)


def test_a_file_of_a_newer_relay_is_left_alone(path: Path) -> None:
    import sqlite3

    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StorageError, match="newer relay"):
        SqliteStore(path)


def test_it_knows_how_much_of_a_community_it_has(store: Store, made: Community) -> None:
    assert store.size(made.id) == (0, 0)
    assert not store.has_change(made.id, made.genesis.hash)
    keep(store, made)
    changes = [made.history.change(entry.hash) for entry in made.history.missing_from({})]
    assert store.size(made.id) == (sum(len(change.operations) for change in changes), 2)
    assert store.has_change(made.id, made.genesis.hash)
    assert not store.has_change(bytes(32), made.genesis.hash)


def test_its_own_addresses_and_who_waits_for_a_convenor_are_there_again_after_a_restart(
    path: Path, made: Community
) -> None:
    store = SqliteStore(path)
    keep(store, made)
    other = Community(founder=person("zoe"))
    keep(store, other)
    assert store.names() == frozenset()
    assert store.restored() == frozenset()
    with store.transaction():
        store.add_name("relay.example")
        store.add_name("relay.example")
        store.mark_restored()
    store.close()
    store = SqliteStore(path)
    assert store.names() == {"relay.example"}
    assert store.restored() == {made.id, other.id}
    with store.transaction():
        store.settle_restored(other.id)
        store.mark_restored([made.id])
    assert store.restored() == {made.id}
    store.close()
