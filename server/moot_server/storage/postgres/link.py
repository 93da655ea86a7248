"""One connection to a database: made anew where it was lost, and whatever is the matter in a sentence.

A connection that was lost is found out at its next use. Outside of a transaction the use is then repeated
on a new connection; inside of one nobody knows what became of it, so whoever began it is told.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus

from moot_shared.errors import InputError, StorageError

T = TypeVar("T")
Connection = psycopg.Connection[tuple[Any, ...]]

OLDEST = 13
REST_S = 1.0
"""So long nothing is tried after a connection was refused: readers do not wait for it one after the other."""
LONGER = 5
"""And so many times as long as it took to find out: a machine that does not answer at all stops nobody."""
RETRY_S = (0.2, 0.5, 1.0, 2.0)
"""Between one attempt and the next one, for who waits for nobody."""
DEFAULTS: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
    "application_name": "moot relay",
}
"""A machine that is gone without a word is noticed within half a minute; the URL may say otherwise."""
SETTINGS = """
SET search_path = moot;
SET client_encoding = 'UTF8';
SET lock_timeout = '10s';
SET statement_timeout = '60s';
SET idle_in_transaction_session_timeout = '30s';
"""
ASKED = (
    "SELECT current_setting('fsync'), current_setting('synchronous_commit'), pg_is_in_recovery(),"
    " current_setting('server_version_num')::int"
)


def conninfo(url: str) -> str:
    """What libpq is told; InputError for what is no address of a database."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise InputError(
            "--database takes an address like postgresql://moot@db.example/moot (without it, the relay keeps "
            "everything in its data folder)."
        )
    try:
        return make_conninfo(**DEFAULTS | conninfo_to_dict(url))
    except psycopg.ProgrammingError as error:
        raise InputError(f"This is no address of a database ({_line(error)}).") from error


class Link:
    """Used by one thread at a time. `missed` is set where something that was asked has failed."""

    def __init__(self, url: str) -> None:
        self._conninfo = conninfo(url)
        self._connection: Connection | None = None
        self._rest: tuple[float, str] = (0.0, "")  # until when, and what was the matter
        self.missed = threading.Event()

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()

    def wake(self) -> None:
        """The database was reached just now: try at once. Any thread."""
        self._rest = (0.0, "")

    def connection(self) -> Connection:
        """One that was not lost as far as is known. To be called inside `sentences`."""
        if self._connection is None or self._connection.closed:
            self._connection = self._connect()
        return self._connection

    def ask(self, act: Callable[[Connection], T]) -> T:
        """Do something that may be done twice, on a new connection where the old one turns out to be lost."""
        with self.sentences():
            connection = self.connection()
            try:
                return act(connection)
            except psycopg.Error:
                if not connection.closed:
                    raise
            return act(self.connection())

    def go_on(self, act: Callable[[Connection], T]) -> T:
        """Do something in the transaction that was begun, or not at all."""
        assert self._connection is not None
        with self.sentences():
            return act(self._connection)

    def roll_back(self) -> None:
        """Give up what was begun and is not committed."""
        if self._connection is not None:
            rolled_back(self._connection)

    @contextmanager
    def sentences(self) -> Iterator[None]:
        """What PostgreSQL says, as a sentence for whoever runs the relay."""
        try:
            yield
        except psycopg.Error as error:
            self.missed.set()
            raise sentence(error) from error
        except StorageError:
            self.missed.set()
            raise

    def _connect(self) -> Connection:
        until, why = self._rest
        began = time.monotonic()
        if began < until:
            raise StorageError(why)
        try:
            connection: Connection = psycopg.connect(self._conninfo, autocommit=True)
            _settle(connection)
        except (psycopg.Error, StorageError) as error:
            why = str(sentence(error)) if isinstance(error, psycopg.Error) else str(error)
            ended = time.monotonic()
            self._rest = (ended + max(REST_S, LONGER * (ended - began)), why)
            raise StorageError(why) from error
        return connection


def rolled_back(connection: Connection) -> None:
    """Leave a transaction that is given up; a connection that is lost has left it already."""
    if not connection.closed and connection.info.transaction_status != TransactionStatus.IDLE:
        with suppress(psycopg.Error):
            connection.rollback()


def _settle(connection: Connection) -> None:
    """What this relay counts on: that a commit is on disk when it returns, and that it may write."""
    try:
        found = connection.execute(ASKED).fetchone()
        assert found is not None
        fsync, synchronous, copy, version = found
        if version < OLDEST * 10_000:
            raise StorageError(
                f"This PostgreSQL is too old ({version // 10_000}): Moot needs {OLDEST} or newer."
            )
        if copy:
            raise StorageError(
                "This PostgreSQL is a copy that can only be read. Give --database the address of the one "
                "that is written to."
            )
        if fsync != "on":
            raise StorageError(
                "This PostgreSQL has fsync switched off: what it calls stored can be lost with the power. "
                "Set fsync = on in postgresql.conf and reload it."
            )
        connection.execute(SETTINGS)
        if synchronous == "off":
            connection.execute("SET synchronous_commit = on")
    except BaseException:
        connection.close()
        raise


def sentence(error: psycopg.Error) -> StorageError:
    """An error of PostgreSQL's, for people."""
    again = "The relay tries again by itself."
    said = str(error).lower()
    match error:
        case errors.DiskFull():
            return StorageError("The database's disk is full. Whoever runs it has to make room.")
        case errors.UniqueViolation():
            return StorageError("Another relay process has stored something else there meanwhile.")
        case errors.LockNotAvailable() | errors.DeadlockDetected() | errors.QueryCanceled():
            return StorageError("The database is kept busy by another relay process for too long.")
        case errors.InsufficientPrivilege():
            return StorageError(
                f"The database does not let this user do that ({_line(error)}). The relay needs a database "
                "of its own, or a schema named moot that its user owns."
            )
        case errors.ReadOnlySqlTransaction():
            return StorageError("The database can only be read at present. Whoever runs it has to see to it.")
    if "too many" in said or "connection slots" in said:
        return StorageError(
            "The database takes no more connections (max_connections); a relay process needs four. " + again
        )
    if "authentication failed" in said or "no password supplied" in said or "pg_hba.conf" in said:
        return StorageError(
            "The database does not let this user in. Check user and password in --database, or PGPASSWORD."
        )
    if "does not exist" in said and isinstance(error, psycopg.OperationalError):
        return StorageError(f"There is no such database or user ({_line(error)}). Make it with createdb.")
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return StorageError(f"The database cannot be reached ({_line(error)}). {again}")
    return StorageError(f"The database cannot be used ({_line(error)}).")


def _line(error: psycopg.Error) -> str:
    """The first line of what it says, without the address that stands before it."""
    first = str(error).strip().partition("\n")[0]
    for sign in ("FATAL:", "ERROR:", "failed:", "error:"):
        first = first.rpartition(sign)[2]
    return first.strip() or type(error).__name__
