"""Relays over one database, in one process and without sockets: told by hand of what the others store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from moot_client.replica.replica import Replica
from moot_server.events import Elsewhere
from moot_server.storage.postgres.store import PostgresStore
from tests.helpers.network import Relay, hosted
from tests.helpers.postgres import Postgres


@dataclass
class Shared(Relay):
    """One of them."""

    url: str = ""
    beside: bool = True

    def start(self) -> None:
        """Begin with what is stored."""
        self.shared = PostgresStore(self.url)
        self.wrap = lambda _: self.shared
        super().start()

    def crash(self) -> None:
        """End at once."""
        super().crash()
        self.shared.close()

    def hear(self, community: bytes | None = None) -> None:
        """Another one has stored something: in a community, or nobody knows where."""
        self.step(Elsewhere(community))


@dataclass(frozen=True)
class Pair:
    """Two of them."""

    here: Shared
    there: Shared


@pytest.fixture
def pair(tmp_path: Path, cohort: list[Replica], postgres: Postgres) -> Iterator[Pair]:
    """Two relays; the community was put on the first one."""
    url = postgres.database()
    pair = Pair(Shared(tmp_path / "here", url=url), Shared(tmp_path / "there", url=url))
    hosted(pair.here, cohort[0])
    yield pair
    pair.here.crash()
    pair.there.crash()
