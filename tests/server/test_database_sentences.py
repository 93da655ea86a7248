"""What stands in the way of a database, in a sentence that says what to do; and never a password."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_server.commands.database import shown
from moot_server.storage.postgres.link import REST_S, Link
from moot_server.storage.postgres.store import PostgresStore
from moot_shared.errors import InputError, MootError, StorageError
from tests.helpers.postgres import Postgres, running
from tests.helpers.relay_process import environment


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A server that nobody else uses: it is set up badly."""
    with running() as server:
        yield server


def why(url: str) -> str:
    with pytest.raises(MootError) as caught:
        PostgresStore(url)
    return str(caught.value)


def test_what_is_no_address_of_a_database_is_said() -> None:
    with pytest.raises(InputError, match="takes an address like postgresql://"):
        PostgresStore("mysql://db.example/moot")
    with pytest.raises(InputError, match="no address of a database"):
        PostgresStore("postgresql://db.example:port/moot?colour=red")


def test_a_database_that_is_away_is_said_and_nobody_waits_for_it_twice(tmp_path: Path) -> None:
    url = f"postgresql://moot@/moot?host={tmp_path}"
    assert why(url).startswith("The database cannot be reached (")
    link = Link(url)
    for _ in range(2):
        with pytest.raises(StorageError, match="tries again by itself"):
            link.ask(lambda connection: connection.execute("SELECT 1"))
    assert link.missed.is_set()
    assert REST_S > 0


@pytest.mark.slow
def test_a_database_that_is_back_is_tried_at_once(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moot_server.storage.postgres.link.REST_S", 3600.0)
    link = Link(f"postgresql://moot@/postgres?host={tmp_path}")
    with pytest.raises(StorageError):
        link.ask(lambda connection: connection.execute("SELECT 1"))
    (tmp_path / ".s.PGSQL.5432").symlink_to(postgres.folder / ".s.PGSQL.5432")
    with pytest.raises(StorageError):  # it rests
        link.ask(lambda connection: connection.execute("SELECT 1"))
    link.wake()
    assert link.ask(lambda connection: connection.execute("SELECT 1").fetchone()) == (1,)
    link.close()


@pytest.mark.parametrize(
    ("url", "without"),
    [
        ("postgresql://moot:secret@db.example:5433/moot", "postgresql://moot@db.example:5433/moot"),
        (
            "postgres://moot@a:1,b:2/moot?password=secret&sslmode=require",
            "postgresql://moot@a:1,b:2/moot?sslmode=require",
        ),
        ("postgresql:///moot", "postgresql:///moot"),
    ],
)
def test_an_address_is_shown_without_its_password(url: str, without: str) -> None:
    assert shown(url) == without


def test_a_database_or_user_that_is_not_there_is_said(postgres: Postgres) -> None:
    assert 'no such database or user (database "nowhere" does not exist)' in why(postgres.url("nowhere"))
    assert 'no such database or user (role "nobody_here" does not exist)' in why(
        postgres.url("postgres", "nobody_here")
    )


@pytest.mark.slow
def test_a_wrong_password_is_said_and_not_shown(postgres: Postgres) -> None:
    url = postgres.database()
    postgres.ask("CREATE ROLE guest LOGIN PASSWORD 'right'", url)
    postgres.let_in("local all moot trust\nlocal all all scram-sha-256\n")
    with_password = url.replace("moot@", "guest:wrong@")
    said = why(with_password)
    assert "does not let this user in" in said
    assert "wrong" not in said
    done = subprocess.run(
        [sys.executable, "-m", "moot_shared", "relay", "backup", "x", "--database", with_password],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "pg_dump" in done.stderr
    assert "wrong" not in done.stderr + done.stdout


def test_a_user_who_may_make_no_tables_is_told_what_is_needed(postgres: Postgres) -> None:
    url = postgres.database()
    postgres.ask("CREATE ROLE reader LOGIN", url)
    postgres.let_in("local all all trust\n")
    assert "a schema named moot that its user owns" in why(url.replace("moot@", "reader@"))


def test_a_schema_that_was_made_for_the_relays_user_will_do(postgres: Postgres) -> None:
    url = postgres.database()
    postgres.ask("CREATE ROLE owner LOGIN", url)
    postgres.ask("CREATE SCHEMA moot AUTHORIZATION owner", url)
    postgres.let_in("local all all trust\n")
    PostgresStore(url.replace("moot@", "owner@")).close()


def test_a_database_of_a_newer_relay_is_left_alone(postgres: Postgres) -> None:
    url = postgres.database()
    PostgresStore(url).close()
    postgres.ask("UPDATE moot.own SET value = '99' WHERE name = 'version'", url)
    assert "newer relay" in why(url)


def test_a_database_that_takes_no_more_connections_says_so(postgres: Postgres) -> None:
    url = postgres.database()
    postgres.ask("CREATE ROLE one LOGIN CONNECTION LIMIT 1", url)
    postgres.ask("CREATE SCHEMA moot AUTHORIZATION one", url)
    postgres.let_in("local all all trust\n")
    store = PostgresStore(url.replace("moot@", "one@"))
    assert "takes no more connections" in why(url.replace("moot@", "one@"))
    store.close()


def test_a_database_that_does_not_sync_its_disk_is_refused(postgres: Postgres) -> None:
    url = postgres.database()
    postgres.configure("fsync = off")
    assert "fsync = on" in why(url)
    postgres.configure("fsync = on")
    PostgresStore(url).close()


def test_a_commit_waits_for_the_disk_whatever_the_database_says_of_itself(postgres: Postgres) -> None:
    postgres.configure("synchronous_commit = off")
    store = PostgresStore(postgres.database())
    assert store.link.ask(lambda c: c.execute("SHOW synchronous_commit").fetchone()) == ("on",)
    store.close()


@pytest.mark.slow
def test_without_its_driver_the_relay_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "psycopg.py").write_text("raise ImportError('not here')")
    found = environment()
    found["PYTHONPATH"] = os.pathsep.join([str(tmp_path), found["PYTHONPATH"]])
    words = ["relay", "--port", "0", "--data", str(tmp_path), "--database", "postgresql://moot@/moot"]
    done = subprocess.run(
        [sys.executable, "-m", "moot_shared", *words],
        env=found, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "pip install 'moot[postgresql]'" in done.stderr
