"""A relay with real sockets in the test's own event loop."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from moot_server.members.core import Core
from moot_server.network.serve import Shell
from moot_server.storage.closed import ClosedLog
from moot_server.storage.sqlite import SqliteStore
from moot_shared.limits import DEFAULT, Limits
from moot_shared.wire.signed import hosting_text
from tests.helpers.network import HOSTING_KEY


@dataclass(frozen=True)
class RelayHere:
    """Where it listens, and what it is made of."""

    url: str
    shell: Shell
    store: SqliteStore
    hosting_key: str = hosting_text(HOSTING_KEY)

    @property
    def port(self) -> int:
        """The port, to listen there again."""
        return int(self.url.rpartition(":")[2])


def _store(folder: Path) -> SqliteStore:
    folder.mkdir(parents=True, exist_ok=True)
    return SqliteStore(folder / "relay.db")


@asynccontextmanager
async def relay_here(
    folder: Path, port: int = 0, limits: Limits = DEFAULT, *, behind_proxy: bool = False, probe: bool = False
) -> AsyncIterator[RelayHere]:
    """Listen on loopback for the length of a block."""
    store = _store(folder)
    closed = ClosedLog(folder / "closed.log")
    shell = Shell(
        Core(store, closed, HOSTING_KEY, os.urandom, limits),
        limits,
        behind_proxy=behind_proxy,
        probe=store.probe if probe else None,
    )
    bound = await shell.start("127.0.0.1", port)
    try:
        yield RelayHere(f"ws://127.0.0.1:{bound[0][1]}", shell, store)
    finally:
        await shell.stop()
        store.close()
        closed.close()
