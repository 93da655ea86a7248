"""A dump of the database is put back: who was shut out since stays out, and what is newer comes back."""

from __future__ import annotations

import subprocess
import sys

import pytest

from moot_client.replica.commands import Say
from moot_client.replica.replica import Replica
from tests.helpers.cohort import issue, rows
from tests.helpers.network import Client, run
from tests.helpers.one_database import Pair, pair
from tests.helpers.postgres import Postgres, programs
from tests.helpers.relay_process import environment
from tests.server.test_one_database import come

__all__ = ["pair"]


@pytest.mark.slow
def test_a_dump_is_put_back_as_the_page_says(cohort: list[Replica], pair: Pair, postgres: Postgres) -> None:
    mara, joon, ines = cohort
    url, dump = pair.here.url, str(pair.here.folder / "moot.dump")
    program(["pg_dump", "--format=custom", "--schema=moot", f"--file={dump}", url])
    mara.do(Say("removal", joon.me, {"why": ""}))
    issue(ines, "Newer than the dump")
    for client in (Client(mara, pair.here), Client(ines, pair.there)):
        assert come(client) == ""
    for relay in (pair.here, pair.there):
        relay.crash()
    program(["pg_restore", "--clean", "--if-exists", f"--dbname={url}", dump])
    done = subprocess.run(
        [sys.executable, "-m", "moot_shared", "relay", "restore", "--database", url],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Marked: 1 of its communities" in done.stdout, done.stderr
    for relay in (pair.here, pair.there):
        relay.start()
    assert come(Client(joon, pair.here)) == "removed"
    assert come(Client(ines, pair.there)) == "restored"
    assert come(Client(mara, pair.here)) == ""
    assert come(Client(ines, pair.there)) == ""
    late = Client(mara, pair.here)
    run(late)
    assert rows(mara) == rows(ines)
    assert come(Client(joon, pair.there)) == "removed"


def program(words: list[str]) -> None:
    subprocess.run([str(programs() / words[0]), *words[1:]], check=True, capture_output=True)
