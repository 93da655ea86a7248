"""The product's own stores and replicas do on the simulated disk what they do elsewhere."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from moot_client.home import Home
from moot_client.replica.verify import verify
from moot_server.storage.sqlite import SqliteStore
from tests.helpers import cohort
from tests.helpers.cohort import Cohort, issue, rows, settle, vote
from tests.helpers.community import Community
from tests.server import test_store
from tests.simulation.disk import VirtualDisk
from tests.simulation.process import Process

OF_THE_RELAY = [name for name in vars(test_store) if name.startswith("test_")]


@pytest.mark.parametrize("name", OF_THE_RELAY)
def test_a_relays_store_does_there_what_it_does_elsewhere(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Process(VirtualDisk(tmp_path))
    monkeypatch.setattr(test_store, "SqliteStore", lambda path: SqliteStore(path, process.connect))
    test: Callable[..., None] = getattr(test_store, name)
    made = Community()
    made.member("ann")
    numbers = itertools.count(1)

    def fresh() -> Callable[[], SqliteStore]:
        path = tmp_path / f"{next(numbers)}.db"
        return lambda: SqliteStore(path, process.connect)

    opened = fresh()
    given: dict[str, Callable[[], Any]] = {
        "tmp_path": lambda: tmp_path,
        "path": lambda: tmp_path / "relay.db",
        "fresh": lambda: fresh,
        "opened": lambda: opened,
        "store": opened,
        "made": lambda: made,
    }
    test(**{each: given[each]() for each in inspect.signature(test).parameters})
    process.kill()


def test_a_cohort_lives_there_as_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = VirtualDisk(tmp_path / "disk")
    process, real = Process(disk), cohort.outside
    monkeypatch.setattr(cohort, "outside", lambda seed: replace(real(seed), disk=process.hands))
    monkeypatch.setattr(cohort, "Home", lambda folder: Home(folder, process))
    with Cohort(disk.root, anew=True) as replicas:
        key = issue(replicas[0])
        settle(*replicas)
        for replica in replicas:
            vote(replica, key, 2)
        settle(*replicas)
        assert rows(replicas[0]) == rows(replicas[1]) == rows(replicas[2])
        assert all(verify(replica.store, replica.community).good for replica in replicas)
    assert disk.steps > 500
