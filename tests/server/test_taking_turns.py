"""Stores over one database: who writes where another one writes waits, and nothing is half stored."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest

from moot_server.storage.postgres.store import PostgresStore
from moot_server.storage.schema import COMMUNITIES, OPEN
from moot_shared.errors import StorageError
from moot_shared.trust.facts import facts_of
from tests.helpers.community import Community
from tests.helpers.postgres import Postgres


def test_who_wants_to_write_where_another_one_writes_waits_and_then_knows_of_it(postgres: Postgres) -> None:
    url, made = postgres.database(), Community()
    one, other = PostgresStore(url), PostgresStore(url)
    with ThreadPoolExecutor(1) as thread:
        with one.transaction([made.id]):
            waiting = thread.submit(seen_by, other, made.id)
            while not postgres.ask("SELECT 1 FROM pg_locks WHERE NOT granted", url):
                assert not waiting.done()
            one.add_change(made.id, made.genesis, None, facts_of(made.genesis))
        assert waiting.result(20) == [made.genesis.hash]
    one.close()
    other.close()


def test_who_waits_too_long_for_another_one_gives_up_and_says_so(postgres: Postgres) -> None:
    url, made = postgres.database(), Community()
    one, other = PostgresStore(url), PostgresStore(url)
    other.link.ask(lambda connection: connection.execute("SET lock_timeout = '10ms'"))
    with one.transaction([made.id]):
        with pytest.raises(StorageError, match="kept busy by another relay process"):
            seen_by(other, made.id)
        one.add_change(made.id, made.genesis, None, facts_of(made.genesis))
    assert seen_by(other, made.id) == [made.genesis.hash]
    one.close()
    other.close()


def test_what_failed_inside_a_transaction_is_never_taken_for_stored(postgres: Postgres) -> None:
    store = PostgresStore(postgres.database())

    def half() -> None:
        store.add_name("relay.example")
        with suppress(StorageError):
            store.link.go_on(lambda connection: connection.execute("SELECT 1 / 0"))

    with pytest.raises(StorageError, match="has not stored this"), store.transaction():
        half()
    assert store.names() == frozenset()
    with store.transaction():
        store.add_name("relay.example")
    assert store.names() == {"relay.example"}
    store.close()


def seen_by(store: PostgresStore, community: bytes) -> list[bytes]:
    with store.transaction([community]):
        news = store.news(community, 0)
        assert news is not None
        return [entry.hash for entry in news.entries]


def test_a_database_of_communities_is_not_opened_to_everybody_nor_the_other_way_round(
    postgres: Postgres,
) -> None:
    for kind, other, says in (
        (COMMUNITIES, OPEN, "cannot be opened to everybody"),
        (OPEN, COMMUNITIES, "is of an open relay"),
    ):
        url = postgres.database()
        for _ in range(2):
            with closing(PostgresStore(url)) as store:
                store.settle(kind)
        with closing(PostgresStore(url)) as store, pytest.raises(StorageError, match=says):
            store.settle(other)
