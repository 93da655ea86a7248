"""Members and their relay in one process, for the tests of either: a `conftest` takes in what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.replica.replica import Replica
from tests.helpers.cohort import Cohort
from tests.helpers.network import Relay, hosted


@pytest.fixture
def how_many() -> int:
    """Members; a module that needs fewer says so by a fixture of its own of this name."""
    return 3


@pytest.fixture
def cohort(tmp_path: Path, how_many: int) -> Iterator[list[Replica]]:
    """Members who have everything of one another."""
    with Cohort(tmp_path / "members", size=how_many) as replicas:
        yield replicas


@pytest.fixture
def relay(tmp_path: Path, cohort: list[Replica]) -> Iterator[Relay]:
    """Their relay: the first of them has put the community on it."""
    relay = Relay(tmp_path / "relay")
    hosted(relay, cohort[0])
    yield relay
    relay.crash()
