"""What a running relay does for commands on its machine: say how it is, and go on with a backup."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from moot_server.commands.assembling import Relay
from moot_server.commands.words import stamp
from moot_server.events import Core
from moot_server.network.serve import Shell
from moot_server.network.tls import Certificate
from moot_server.storage import copies, notes
from moot_server.storage.sqlite import SqliteStore
from moot_server.watching.journal import note
from moot_shared.errors import InputError

_FRESH = re.compile(r"restoring-\d+\.db")


class Tending:
    """Of one relay that runs."""

    def __init__(self, relay: Relay, shell: Shell, address: str, fail: Callable[[], None]) -> None:
        """`fail` ends the relay as one that has failed, so that it is started again."""
        self._relay = relay
        self._shell = shell
        self._address = address
        self._fail = fail
        self._since = time.time_ns() // 1_000_000

    async def status(self, _: Mapping[str, Any]) -> Mapping[str, Any]:
        """How it is."""
        figures = self._relay.figures
        return {
            "pid": os.getpid(),
            "since": self._since,
            "address": self._address,
            "connections": figures.connections_now,
            "members": figures.members_now,
            "viewers": figures.viewers_now,
            "communities_in_memory": figures.communities_now,
            "storing": not figures.storage_fails_now,
        }

    async def restore(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take the file that `moot relay restore` has made ready in the folder; everybody connects again."""
        name = str(asked["file"])
        if not _FRESH.fullmatch(name):
            raise InputError("The relay takes a backup from its own folder only.")
        put: list[str] = []
        taken = False
        try:
            await self._shell.renew(lambda: self._put_back(self._relay.folder.path / name, put))
            taken = True
        finally:
            if (
                put and not taken
            ):  # what is in memory is of the old store; at the next start it is of the new one
                self._fail()
        note("restored", kept=put[0])
        return {"aside": put[0]}

    def _put_back(self, fresh: Path, put: list[str]) -> Core:
        """In the relay's own thread, between two batches. Once the store is another one, `put` says so."""
        store, path = self._relay.store, self._relay.folder.store
        try:
            if not isinstance(store, SqliteStore):
                raise InputError("This relay keeps its data in PostgreSQL: pg_restore puts a dump back.")
            with copies.source(fresh) as source:
                copies.same_kind(fresh, path)
                aside = str(copies.set_aside(path, stamp(time.time_ns() // 1_000_000)) or "")
                store.put_back(source)
                put.append(aside)
        finally:
            copies.remove(fresh)
        return self._relay.core()


def disk(folder: Path) -> tuple[int, int]:
    """Bytes that a relay's folder takes, and bytes that its disk has left."""
    taken = 0
    for path in folder.iterdir():
        with suppress(OSError):  # SQLite's own files come and go
            taken += path.stat().st_size
    return taken, shutil.disk_usage(folder).free


def gauges(folder: Path, certificate: Certificate | None = None) -> dict[str, tuple[str, float]]:
    """Figures of the disk: name -> (help, value)."""
    taken, left = disk(folder)
    backup = notes.last(folder)
    taken_at = backup.at / 1000 if backup else 0.0
    found = {
        "data_bytes": ("Bytes that the data folder takes.", float(taken)),
        "disk_free_bytes": ("Bytes that its disk has left.", float(left)),
        "last_backup_seconds": (
            "When the last backup was taken (0: never).",
            taken_at,
        ),
    }
    if certificate is not None:
        found["certificate_end_seconds"] = ("When the certificate ends.", certificate.ends.timestamp())
    return found
