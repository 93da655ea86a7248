"""A community's file, read: by a connection of each thread's own, and never written to.

Readers never wait for the writer (WAL).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from moot_client.store.disk import REAL_DISK, Connect, Disk
from moot_shared.errors import StorageError
from moot_shared.files import no_room

BUSY_SECONDS = 20.0


def trouble(error: sqlite3.Error, path: Path) -> StorageError:
    """What SQLite says, as a sentence about the disk."""
    words = str(error).lower()
    if "full" in words or no_room(error):
        return StorageError(
            f"The disk is full, so this could not be saved ({path.parent}). Make room, then try again."
        )
    if "readonly" in words or "unable to open" in words or "permission" in words:
        return StorageError(
            f"The folder {path.parent} cannot be written to. Check whose it is, then try again."
        )
    if "locked" in words or "busy" in words:
        return StorageError("Another Moot is busy with this community. Try again in a moment.")
    if any(sign in words for sign in ("malformed", "not a database", "corrupt", "no such table")):
        return Damaged(path)
    return StorageError(f"This could not be saved: {error}. What was saved before is not affected.")


class Damaged(StorageError):
    """The file does not read as a database. `moot_client.store.rescue` keeps a copy and saves what it can."""

    retry = False

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The file {path} is damaged. A copy is kept, and what can be read of it is rebuilt."
        )
        self.path = path


class Reading:
    """The file, with one connection a thread to read."""

    def __init__(self, path: Path, disk: Disk = REAL_DISK) -> None:
        self.path = path
        self.disk = disk
        self.frozen = False
        """Whether it can only be read: there was no room at all when it was opened, or last looked."""
        self._local = threading.local()
        self._watching = threading.Lock()
        self._watch: sqlite3.Connection | None = None

    def reader(self) -> sqlite3.Connection:
        """This thread's own connection, which cannot write; it goes when the thread ends."""
        mine: _UntilThreadEnds | None = getattr(self._local, "reader", None)
        if mine is None or mine.frozen != self.frozen:
            with self._told():
                mine = self._local.reader = _UntilThreadEnds(self._read_only(), frozen=self.frozen)
                mine.db.store = self
        return mine.db

    def read(self, query: str, parameters: Iterable[object] = ()) -> list[tuple[Any, ...]]:
        """Rows, by this thread's own connection; StorageError where they cannot be read."""
        try:
            return self.reader().execute(query, tuple(parameters)).fetchall()
        except sqlite3.Error as error:
            raise trouble(error, self.path) from error

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """This thread's own connection; what SQLite says of the file meanwhile becomes a StorageError."""
        with self._told():
            yield self.reader()

    def revision(self) -> int:
        """A number that changes with every change of the file, whichever process made it.

        Such numbers can be compared within one connection alone, so all threads ask the same.
        """
        with self._watching, self._told():
            self._watch = self._watch or self._read_only()
            return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def _read_only(self) -> Reader:
        return connect_reader(self.path, self.disk.connect, frozen=self.frozen)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise trouble(error, self.path) from error


class Reader(sqlite3.Connection):
    """A connection that cannot write. Who has it has its store as well, and so nobody closes it meanwhile."""

    store: Reading | None = None


class _UntilThreadEnds:
    """Closes a thread's connection with the thread; by itself it would wait for the garbage collector."""

    def __init__(self, db: Reader, *, frozen: bool) -> None:
        self.db = db
        self.frozen = frozen

    def __del__(self) -> None:
        self.db.close()


def connect_reader(path: Path, connect: Connect = sqlite3.connect, *, frozen: bool = False) -> Reader:
    """A connection that cannot write, whatever signs there are in the path; `frozen`: nobody can."""
    how = "immutable=1" if frozen else "mode=ro"
    reader = connect(
        f"{path.absolute().as_uri()}?{how}", uri=True, timeout=BUSY_SECONDS, isolation_level=None,
        check_same_thread=False, factory=Reader,
    )  # fmt: skip
    return cast(Reader, reader)
