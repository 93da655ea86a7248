"""Three members who have everything of one another, and a relay's core that has it too.

They are made once; each test goes on with copies (so each machine writes under a fresh name from then on).
"""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.replica import Replica
from tests.helpers.cohort import Cohort, outside
from tests.helpers.network import Relay, hosted
from tests.helpers.relay_process import RelayProcess


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their homes and the relay's folder, not to be opened."""
    folder = tmp_path_factory.mktemp("made")
    with Cohort(folder / "members") as replicas:
        relay = Relay(folder / "relay")
        hosted(relay, replicas[0])
        relay.crash()
    return folder


@pytest.fixture
def cohort(made: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[list[Replica]]:
    """Mara, who convenes, Joon and Ines."""
    seed = zlib.crc32(request.node.nodeid.encode())  # no two tests make machines of the same name
    shutil.copytree(made / "members", tmp_path / "members")
    replicas = [
        Replica.open(Home(tmp_path / "members" / str(n)).place(), outside(seed + n)) for n in range(3)
    ]
    yield replicas
    for replica in replicas:
        replica.close()


@pytest.fixture
def relay(made: Path, tmp_path: Path) -> Iterator[Relay]:
    """Their community's home."""
    shutil.copytree(made / "relay", tmp_path / "relay")
    relay = Relay(tmp_path / "relay")
    yield relay
    relay.crash()


@pytest.fixture(scope="session")
def relay_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    """A relay that is a process of its own, for communities of any test's own."""
    with RelayProcess(tmp_path_factory.mktemp("process")) as process:
        yield process
