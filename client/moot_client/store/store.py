"""A community's file: opening it, writing to it whole or not at all, and saying what is wrong with it.

Every write is one transaction with `synchronous=FULL`: when `writing` has returned, it is on disk.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from moot_client.store import schema
from moot_client.store.disk import REAL_DISK, Disk, has_log
from moot_client.store.reading import BUSY_SECONDS, Damaged, Reading, connect_reader, trouble
from moot_shared.errors import StorageError
from moot_shared.files import no_room


class Store(Reading):
    """The file, with one connection to write (under `lock`) and one a thread to read."""

    def __init__(self, path: Path, disk: Disk = REAL_DISK) -> None:
        super().__init__(path, disk)
        self.lock = threading.RLock()
        self._depth = 0
        try:
            fresh = not path.exists() or path.stat().st_size == 0
            if fresh and path.exists() and _was_in_use(path):
                raise Damaged(path)
            self.db = self._connect()
            if fresh:
                self._create()
            (version,) = self.db.execute("PRAGMA user_version").fetchone()
            if version == 0:
                self._create()
            elif version > schema.VERSION:
                raise StorageError(
                    "This community was last opened by a newer Moot. Update Moot on this machine."
                )
            elif version < schema.VERSION:
                self._bring_up(version)
        except sqlite3.Error as error:
            raise trouble(error, path) from error
        except OSError as error:
            raise StorageError(f"The folder {path.parent} cannot be read ({error.strerror}).") from error

    def _connect(self) -> sqlite3.Connection:
        db = self.disk.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error as error:
            db.close()
            if not no_room(error) or has_log(self.path):
                raise
            self.frozen = True  # it was closed in order, so that the file alone is whole
            return connect_reader(self.path, self.disk.connect, frozen=True)
        return db

    def _create(self) -> None:
        with self.writing() as db:
            if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
                for script in schema.ALL:
                    for statement in _statements(script):
                        db.execute(statement)
                db.execute(f"PRAGMA user_version = {schema.VERSION}")
        self.path.chmod(0o600)

    def _bring_up(self, version: int) -> None:
        with self.writing() as db:
            for later in range(version + 1, schema.VERSION + 1):
                for statement in _statements(schema.LATER[later]):
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {schema.VERSION}")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; on disk when it returns, undone whole when anything is raised in it.

        Nested uses join the outermost one.
        """
        with self.lock:
            if self._depth:
                yield self.db
                return
            self._depth = 1
            try:
                self._thaw()
                self.db.execute("BEGIN IMMEDIATE")
                yield self.db
                self.db.execute("COMMIT")
            except BaseException as error:
                if self.db.in_transaction:
                    with suppress(sqlite3.Error):  # what went wrong first is what is told
                        self.db.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise self._trouble(error) from error
                raise
            finally:
                self._depth = 0

    def ask(self, query: str, parameters: Iterable[object] = ()) -> list[tuple[Any, ...]]:
        """Rows, by the connection that writes: with what the open transaction has written so far."""
        try:
            with self.lock:
                return self.db.execute(query, tuple(parameters)).fetchall()
        except sqlite3.Error as error:
            raise trouble(error, self.path) from error

    def own(self, name: str) -> object:
        """A value of this machine's own, or None."""
        rows = self.ask("SELECT value FROM own WHERE name = ?", (name,))
        return rows[0][0] if rows else None

    def put(self, statement: str, parameters: Iterable[object]) -> None:
        """One statement that writes: by itself a transaction, or a part of the open one."""
        try:
            with self.lock:
                self._thaw()
                self.db.execute(statement, tuple(parameters))
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    def set_own(self, name: str, value: object) -> None:
        """Keep a value of this machine's own."""
        self.put("INSERT OR REPLACE INTO own VALUES (?, ?)", (name, value))

    def clear_derived(self) -> None:
        """Empty every table that can be rebuilt from changes."""
        with self.writing() as db:
            for table in schema.DERIVED_TABLES:
                db.execute(f"DELETE FROM {table}")

    def close(self) -> None:
        """Let go of the file. Whoever reads at this moment reads to the end."""
        with self._watching:
            if self._watch is not None:
                self._watch.close()
            self._watch = None
        with self.lock:
            self._local.__dict__.pop("reader", None)  # other threads' go with them: they may be reading
            with suppress(sqlite3.Error):  # so that store.db alone is whole, if somebody copies it
                self.db.execute("PRAGMA busy_timeout = 0")  # and nobody waits for who reads just now
                self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.db.close()

    def _thaw(self) -> None:
        """Where there was no room, there may be some again."""
        if self.frozen:
            with self._watching:
                self._watch = None
            self.frozen, before = False, self.db
            try:
                self.db = self._connect()
            except BaseException:
                self.frozen = True
                raise
            before.close()

    def _trouble(self, error: sqlite3.Error) -> StorageError:
        if self.frozen:
            error = sqlite3.OperationalError("the disk was full when this was opened")
        return trouble(error, self.path)


def _was_in_use(path: Path) -> bool:
    """Whether there was a store here: SQLite leaves no empty file beside a log of what was written."""
    return path.with_name("opened").exists() or has_log(path)


def _statements(script: str) -> Iterator[str]:
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
