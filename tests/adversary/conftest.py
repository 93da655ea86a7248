"""One relay process for everything that a worker plays; a community of its own for each scenario."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.sync.joining import host
from moot_client.sync.once import sync_once
from tests.adversary.stage import Stage
from tests.helpers.crooked import Crooked
from tests.helpers.relay_process import RelayProcess


def pytest_itemcollected(item: pytest.Item) -> None:
    """A stage takes half a second, with its people and with the check that ends each scenario.

    What is quick enough for the inner loop plays attacks in one process (test_weakened_rules).
    """
    if "stage" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    with RelayProcess(tmp_path_factory.mktemp("relay")) as relay:
        yield relay
        relay.kill()  # how it stops is asked elsewhere; here nobody waits for it


@pytest.fixture
def stage(tmp_path: Path, relay: RelayProcess, request: pytest.FixtureRequest) -> Iterator[Stage]:
    stage = Stage(tmp_path, relay, zlib.crc32(request.node.nodeid.encode()))
    yield stage
    stage.close()


@pytest.fixture(scope="session")
def between(relay: RelayProcess) -> Iterator[Crooked]:
    with Crooked(relay.url) as crooked:
        yield crooked


@pytest.fixture
def crooked(stage: Stage, between: Crooked, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crooked]:
    """In front of the relay, with a community on it that was put there through it.

    Whoever leaves it with much unread does not wait for its goodbye behind all that.
    """
    monkeypatch.setattr("moot_client.sync.connection.GOODBYE_S", 0.1)
    between.honest()
    host(stage.mara, between.url, stage.relay.hosting_key)
    stage.mara.set_relay_url(stage.url)
    sync_once(stage.mara)
    yield between
    between.honest()
