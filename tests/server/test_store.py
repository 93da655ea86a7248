"""What every store of a relay must do, with SQLite and with PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

from moot_server.storage.sqlite import SqliteStore
from moot_server.storage.store import Snapshot, Store
from moot_shared.errors import StorageError
from moot_shared.trust.facts import facts_of
from moot_shared.trust.seal import WINDOW, Sealed
from moot_shared.wire.messages import Receipt
from tests.helpers.community import Community, Machine, person

SEAL = b"s" * 64


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "relay.db"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Callable[[], Store]]:
    """Each call is a new place for a store: what opens it there, as often as one likes."""
    numbers = itertools.count(1)

    def place() -> Callable[[], Store]:
        if request.param == "sqlite":
            path = tmp_path / f"{next(numbers)}.db"
            return lambda: SqliteStore(path)
        from moot_server.storage.postgres.store import PostgresStore

        url = request.getfixturevalue("postgres").database()
        return lambda: PostgresStore(url)

    return place


@pytest.fixture
def opened(fresh: Callable[[], Callable[[], Store]]) -> Callable[[], Store]:
    """Opens the test's store, again and again."""
    return fresh()


@pytest.fixture
def store(opened: Callable[[], Store]) -> Iterator[Store]:
    store = opened()
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


def talk(made: Community, size: int, *members: Machine) -> None:
    """Go on until there are so many changes, by each in turn."""
    for number in range(size - len(made.history)):
        by = members[number % len(members)]
        made.say(by, "comment", f"issue/{number}", {"text": "Two near misses began here."})


def test_what_was_kept_is_read_in_the_order_in_which_it_was_kept(store: Store, made: Community) -> None:
    keep(store, made)
    assert list(store.entries(made.id)) == made.history.missing_from({})
    assert tuple(store.facts(made.id)) == made.history.facts()
    assert store.row(made.id, made.genesis.hash) == Sealed(made.genesis.raw, SEAL)


def test_it_is_there_again_after_a_restart_under_the_same_name(
    opened: Callable[[], Store], made: Community
) -> None:
    store = opened()
    name = store.relay_id()
    keep(store, made)
    store.close()
    store = opened()
    assert store.relay_id() == name
    assert len(list(store.entries(made.id))) == len(made.history)
    store.close()


def test_another_store_has_another_name(store: Store, fresh: Callable[[], Callable[[], Store]]) -> None:
    other = fresh()()
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
    opened: Callable[[], Store], made: Community
) -> None:
    store = opened()
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
    store = opened()
    assert store.names() == {"relay.example"}
    assert store.restored() == {made.id, other.id}
    with store.transaction():
        store.settle_restored(other.id)
        store.mark_restored([made.id])
    assert store.restored() == {made.id}
    store.close()


def test_seals_are_thinned_to_one_of_each_author_in_a_full_window(opened: Callable[[], Store]) -> None:
    store = opened()
    made = Community()
    ann = made.member("ann")
    talk(made, 2 * WINDOW + 8, made.founder, ann)
    entries = made.history.missing_from({})
    for at in range(0, len(entries), 50):
        with store.transaction([made.id]):
            for entry in entries[at : at + 50]:
                change = made.history.change(entry.hash)
                store.add_change(made.id, change, SEAL, facts_of(change))
    store.close()  # what it has in memory still bears them
    store = opened()
    sealed = [store.row(made.id, entry.hash).seal is not None for entry in entries]
    for window in (0, 1):
        inside = range(window * WINDOW, (window + 1) * WINDOW)
        last = {entries[place].actor: place for place in inside}
        assert {place for place in inside if sealed[place]} == set(last.values())
    assert all(sealed[2 * WINDOW :])
    store.close()


def test_what_a_transaction_adds_is_seen_in_it(store: Store, made: Community) -> None:
    with store.transaction([made.id]):
        for entry in made.history.missing_from({}):
            change = made.history.change(entry.hash)
            store.add_change(made.id, change, SEAL, facts_of(change))
        assert list(store.entries(made.id)) == made.history.missing_from({})
        assert tuple(store.facts(made.id)) == made.history.facts()
        assert store.has_change(made.id, made.genesis.hash)


def test_of_what_is_stored_nothing_is_news_to_who_has_it(store: Store, made: Community) -> None:
    keep(store, made)
    with store.transaction([made.id]):
        news = store.news(made.id, len(made.history))
        assert news is None or not (news.entries or news.facts or news.receipts or news.restored)


def test_a_long_history_is_read_row_by_row_in_any_order(store: Store) -> None:
    made = Community()
    talk(made, 300, made.founder)
    keep(store, made)
    entries = list(store.entries(made.id))
    for entry in (*entries, *reversed(entries)):
        assert store.row(made.id, entry.hash) == Sealed(made.chunks[entry.hash], ANY)
    with pytest.raises(KeyError):
        store.row(made.id, bytes(32))


def test_it_says_which_communities_there_are_and_whether_it_can_store(store: Store, made: Community) -> None:
    assert list(store.communities()) == []
    keep(store, made)
    other = Community(founder=person("zoe"))
    keep(store, other)
    assert list(store.communities()) == sorted([made.id, other.id])
    store.probe()
    store.probe()


def test_a_snapshot_takes_the_place_of_the_last_one(store: Store, made: Community) -> None:
    assert store.snapshot(made.id) is None
    first, second = (Snapshot((bytes([number]) * 32,), b"chunk", number) for number in (1, 2))
    for each in (first, second):
        with store.transaction():
            store.set_snapshot(made.id, each)
        assert store.snapshot(made.id) == each


def test_what_it_is_for_is_said_once_for_all(fresh: Callable[[], Callable[[], Store]]) -> None:
    store: Any = fresh()()
    store.settle("open")
    store.settle("open")
    with pytest.raises(StorageError, match="open relay"):
        store.settle("communities")
    store.close()
