"""A store's file, read and never written: beside a running relay, or a backup."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from moot_server.storage.schema import VERSION, refuse_too_early
from moot_server.storage.sqlite import SqliteStore
from moot_shared.errors import StorageError


class SqliteReader(SqliteStore):
    """A store that only reads; `steady` is one moment of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, opened)

    def _prepare(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            older = "an older" if version < VERSION else "a newer"
            raise StorageError(f"{self._path} was written by {older} relay than this version of Moot brings.")
        refuse_too_early(self._db, self._path)
        self._db.execute("PRAGMA query_only = ON")

    @contextmanager
    def steady(self) -> Iterator[None]:
        with self._sentences():
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("ROLLBACK")


def opened(path: Path, timeout: float = 30.0, **_: object) -> sqlite3.Connection:
    """A connection to a file that is there; none is made."""
    uri = f"{path.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=timeout)
