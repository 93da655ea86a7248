"""moot relay move: what a relay has kept in its folder goes on in a database, row by row, as that relay."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.replica.commands import Say
from moot_client.replica.replica import Replica
from moot_server.storage.postgres.store import PostgresStore
from moot_server.storage.sqlite import SqliteStore
from moot_server.storage.store import Snapshot
from tests.helpers.cohort import issue, rows
from tests.helpers.network import Client, Relay, run
from tests.helpers.one_database import Shared
from tests.helpers.postgres import Postgres
from tests.helpers.relay_process import RelayProcess, environment


@pytest.fixture
def moved(relay: Relay, cohort: list[Replica]) -> Iterator[Relay]:
    """A relay with some history, stopped: somebody was removed, and there are receipts and a snapshot."""
    mara, joon, ines = cohort
    for replica in (mara, joon, ines):
        issue(replica, f"By {replica.place.member_name}")
    mara.do(Say("removal", joon.me, {"why": "moved away; ‘so long’\u0007"}))
    clients = [Client(replica, relay) for replica in cohort]
    run(*clients, sign=True)
    with relay.store.transaction():
        relay.store.add_name("relay.example")
        relay.store.set_snapshot(mara.community, Snapshot(tuple(mara.heads()), b"chunk", 3))
    relay.crash()
    yield relay
    relay.start()  # to be ended like any other


def move(folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    words = ["relay", "move", "--data", str(folder), "--to", url]
    return subprocess.run(
        [sys.executable, "-m", "moot_shared", *words],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip


def everything(store: PostgresStore | SqliteStore) -> object:
    """All that a store keeps, in its order."""
    return [
        store.relay_id(),
        store.names(),
        store.restored(),
        [
            (
                community,
                entries := list(store.entries(community)),
                list(store.facts(community)),
                sorted(store.receipts(community), key=lambda receipt: receipt.actor),
                [store.row(community, entry.hash) for entry in entries],
                store.snapshot(community),
                store.size(community),
            )
            for community in store.communities()
        ],
    ]


@pytest.mark.slow
def test_every_row_arrives_and_the_file_is_set_aside(moved: Relay, postgres: Postgres) -> None:
    before = SqliteStore(moved.folder / "relay.db")
    all_of_it = everything(before)
    before.close()
    url = postgres.database()
    done = move(moved.folder, url)
    assert done.returncode == 0, done.stderr
    assert "Moved and compared: 1 community" in done.stdout
    store = PostgresStore(url)
    assert everything(store) == all_of_it
    store.close()
    assert not (moved.folder / "relay.db").exists()
    assert (moved.folder / "relay.moved.db").exists()


@pytest.mark.slow
def test_members_go_on_as_if_nothing_had_happened(
    moved: Relay, cohort: list[Replica], postgres: Postgres
) -> None:
    mara, joon, ines = cohort
    url = postgres.database()
    assert move(moved.folder, url).returncode == 0
    relay = Shared(moved.folder, url=url)
    for replica in (mara, ines):
        issue(replica, "After the move")
    clients = [Client(replica, relay) for replica in (mara, ines)]
    run(*clients)
    assert all(client.settled() for client in clients)
    assert rows(mara) == rows(ines)
    out = Client(joon, relay)
    run(out)
    assert out.code == "removed"
    relay.crash()


@pytest.mark.slow
def test_the_hosting_key_moves_along_and_nobody_starts_on_an_empty_folder_by_mistake(
    tmp_path: Path, postgres: Postgres
) -> None:
    url, folder = postgres.database(), tmp_path / "relay"
    with RelayProcess(folder) as relay:
        key = relay.hosting_key
        assert "Another relay is using" in move(folder, url).stderr
    assert move(folder, url).returncode == 0
    with RelayProcess(folder, options=("--database", url)) as relay:
        assert relay.hosting_key == key
    with RelayProcess(tmp_path / "another", options=("--database", url)) as relay:
        assert relay.hosting_key == key
    done = subprocess.run(
        [sys.executable, "-m", "moot_shared", "relay", "--port", "0", "--data", str(folder)],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "was moved into a database" in done.stderr


@pytest.mark.slow
def test_a_move_that_was_cut_off_is_done_once_more_and_into_anothers_database_nothing_is_moved(
    moved: Relay, tmp_path: Path, postgres: Postgres
) -> None:
    url, folder = postgres.database(), tmp_path / "again"
    shutil.copytree(moved.folder, folder)
    assert move(moved.folder, url).returncode == 0
    done = move(folder, url)  # all was committed, and the file was not set aside
    assert done.returncode == 0, done.stderr
    other = Relay(tmp_path / "other")
    other.crash()
    assert "something in this database already" in move(tmp_path / "other", url).stderr
    assert (tmp_path / "other" / "relay.db").exists()


@pytest.mark.slow
def test_what_is_in_a_database_can_be_proved(moved: Relay, postgres: Postgres) -> None:
    url = postgres.database()
    assert move(moved.folder, url).returncode == 0
    words = ["relay", "verify", "--database", url]
    done = subprocess.run(
        [sys.executable, "-m", "moot_shared", *words],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "All is well" in done.stdout
    postgres.ask("UPDATE moot.change SET bytes = '\\x00' WHERE position = 2", url)
    done = subprocess.run(
        [sys.executable, "-m", "moot_shared", *words],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
