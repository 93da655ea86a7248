"""What the stores use of `sqlite3`, over apsw, on a simulated disk.

Errors are those of `sqlite3`, by the same rule as there (the result code), with SQLite's words. One
thing is done here that SQLite does by itself elsewhere: the checkpoint of a log that has grown long.
Its failure is nobody's (the commit stands), and only out here can it be kept from looking like one.

The simulated world has one thread, so nobody waits for a lock: whoever holds it would never let go.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import apsw

from tests.simulation.trouble import Died

if TYPE_CHECKING:
    from tests.simulation.process import Process

_CHECKPOINT_PAGES = 1000  # SQLite's own default
_OPERATIONAL = {
    apsw.SQLITE_ERROR, apsw.SQLITE_PERM, apsw.SQLITE_ABORT, apsw.SQLITE_BUSY, apsw.SQLITE_LOCKED,
    apsw.SQLITE_READONLY, apsw.SQLITE_INTERRUPT, apsw.SQLITE_IOERR, apsw.SQLITE_FULL, apsw.SQLITE_CANTOPEN,
    apsw.SQLITE_PROTOCOL, apsw.SQLITE_EMPTY, apsw.SQLITE_SCHEMA,
}  # fmt: skip
_CLASSES: dict[int, type[sqlite3.Error]] = {
    **dict.fromkeys(_OPERATIONAL, sqlite3.OperationalError),
    **dict.fromkeys((apsw.SQLITE_INTERNAL, apsw.SQLITE_NOTFOUND), sqlite3.InternalError),
    **dict.fromkeys((apsw.SQLITE_CONSTRAINT, apsw.SQLITE_MISMATCH), sqlite3.IntegrityError),
    **dict.fromkeys((apsw.SQLITE_MISUSE, apsw.SQLITE_RANGE), sqlite3.InterfaceError),
    apsw.SQLITE_TOOBIG: sqlite3.DataError,
}
_WORDS = {  # of those that the disk reports, which reach us without any
    apsw.SQLITE_FULL: "database or disk is full",
    apsw.SQLITE_IOERR: "disk I/O error",
    apsw.SQLITE_READONLY: "attempt to write a readonly database",
    apsw.SQLITE_CANTOPEN: "unable to open database file",
}
_COUNTED = ("INSERT", "REPLACE", "UPDATE", "DELETE")


def connect(
    process: Process,
    vfs: str,
    database: str,
    *,
    isolation_level: str | None = "",
    uri: bool = False,
    **_: Any,
) -> Connection:
    """As `sqlite3.connect`; transactions are begun and ended by the caller, as the stores do."""
    if isolation_level is not None:
        raise sqlite3.NotSupportedError("Only isolation_level=None is simulated.")
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | (apsw.SQLITE_OPEN_URI if uri else 0)
    with _Told(process):
        return Connection(process, apsw.Connection(database, flags=flags, vfs=vfs))


class Cursor(apsw.Cursor):
    """Rows, and what a statement did."""

    lastrowid: int | None = None
    rowcount = -1

    def fetchone(self) -> tuple[Any, ...] | None:
        try:
            row: tuple[Any, ...] | None = super().fetchone()
        except apsw.Error as error:
            raise _as_sqlite3(error) from error
        return row

    def __iter__(self) -> Iterator[tuple[Any, ...]]:  # type: ignore[override]  # `fetchall` goes by it, too
        row = super().__next__
        try:
            while True:
                yield row()
        except StopIteration:
            return
        except apsw.Error as error:
            raise _as_sqlite3(error) from error


class _Told:
    """What apsw raises, as `sqlite3` would; and death before anything else."""

    __slots__ = ("_process",)

    def __init__(self, process: Process) -> None:
        self._process = process

    def alive(self) -> None:
        """Go on, unless the process has ended."""
        if self._process.dead:
            raise Died

    def __enter__(self) -> None:
        if self._process.dead:
            raise Died

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if self._process.dead and kind is not GeneratorExit:
            raise Died from error
        if isinstance(error, apsw.Error):
            raise _as_sqlite3(error) from error


class Connection:
    """A connection; `store` is for whoever hands it out (as the product's own readers have it)."""

    def __init__(self, process: Process, db: apsw.Connection) -> None:
        self.db = db
        self.store: object = None
        self.told = _Told(process)
        self._process = process
        self._long = False
        db.cursor_factory = Cursor
        db.set_busy_timeout(0)
        db.set_wal_hook(self._grew)
        process.connections.add(self)

    @property
    def in_transaction(self) -> bool:
        with self.told:
            return self.db.in_transaction

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> Cursor:
        """Run one statement."""
        db, told = self.db, self.told
        told.alive()
        try:
            cursor = cast(Cursor, db.execute(sql, parameters))
        except apsw.Error as error:
            told.alive()
            raise _as_sqlite3(error) from error
        told.alive()  # SQLite need not have minded
        if sql.startswith(_COUNTED):
            cursor.lastrowid = db.last_insert_rowid()
            cursor.rowcount = db.changes()
        if self._long:
            self._checkpoint()
        return cursor

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> Cursor:
        """Run one statement for each."""
        with self.told:
            cursor = cast(Cursor, self.db.executemany(sql, parameters))
        if self._long:
            self._checkpoint()
        return cursor

    def executescript(self, script: str) -> Cursor:
        """Run several statements."""
        with self.told:
            cursor = cast(Cursor, self.db.execute(script))
            cursor.fetchall()
        return cursor

    def close(self) -> None:
        """Let go of the file; the last one takes the log with it, if there is room for that."""
        if self._process.dead:
            return  # the disk lets go of it
        with self.told, suppress(apsw.Error):  # nor does sqlite3 tell
            self.db.close()
        with suppress(apsw.Error):
            self.db.close(True)
        self._process.connections.discard(self)

    def drop(self) -> None:
        """The process has ended: nothing is tidied up."""
        self._process.connections.discard(self)
        with suppress(apsw.Error, Died):
            self.db.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        with suppress(apsw.Error, Died):
            self.db.close(True)

    def __del__(self) -> None:
        if self in self._process.connections:
            self.drop()

    def _grew(self, _: apsw.Connection, name: str, pages: int) -> int:
        self._long = pages >= _CHECKPOINT_PAGES
        return apsw.SQLITE_OK

    def _checkpoint(self) -> None:
        self._long = False
        with self.told, suppress(apsw.Error):
            self.db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)


def _as_sqlite3(error: apsw.Error) -> sqlite3.Error:
    if isinstance(error, apsw.ConnectionClosedError | apsw.CursorClosedError):
        return sqlite3.ProgrammingError("Cannot operate on a closed database.")
    extended: int = getattr(error, "extendedresult", 0)
    code: int = getattr(error, "result", extended & 0xFF)
    said = _CLASSES.get(code, sqlite3.DatabaseError)(str(error) or _WORDS.get(code, "unknown error"))
    said.sqlite_errorcode = extended or code
    said.sqlite_errorname = str(apsw.mapping_result_codes.get(code, ""))
    return said
