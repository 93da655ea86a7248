"""Asking a database: several things in one journey, of one moment, or in the transaction that was begun."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from moot_server.storage.postgres.link import Connection, Link, rolled_back
from moot_server.storage.postgres.pending import Pending
from moot_server.storage.postgres.reading import Question

T = TypeVar("T")
STEADY = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Asking:
    """One link, and in which transaction it is."""

    def __init__(self, url: str) -> None:
        self.link = Link(url)
        self._pending: Pending | None = None
        self._steady = False

    @contextmanager
    def steady(self) -> Iterator[None]:
        if self._pending is not None or self._steady:
            yield  # whoever writes here waits for the lock
            return
        self.link.ask(lambda connection: connection.execute(STEADY))
        self._steady = True
        try:
            yield
        finally:
            self._steady = False
            self.link.roll_back()

    def _own(self, name: str) -> bytes:
        ((value,),) = self._all("SELECT value FROM own WHERE name = %s", name)
        return bytes(value)

    def _all(self, sql: str, *values: object) -> list[Any]:
        return self._act(lambda connection: connection.cursor(binary=True).execute(sql, values).fetchall())

    def _together(self, parts: Sequence[Question]) -> list[list[Any]]:
        """Several questions in one journey, and of one moment."""
        alone = self._pending is None and not self._steady

        def asked(connection: Connection) -> list[list[Any]]:
            try:
                with connection.pipeline():
                    if alone:
                        connection.execute(STEADY)
                    cursors = [connection.cursor(binary=True).execute(sql, values) for sql, values in parts]
                    found = [cursor.fetchall() for cursor in cursors]
                    if alone:
                        connection.execute("COMMIT")
            finally:
                if alone:
                    rolled_back(connection)
            return found

        return self._act(asked)

    def _act(self, act: Callable[[Connection], T]) -> T:
        pending = self._pending
        if pending is None and not self._steady:
            return self.link.ask(act)
        if pending is not None:
            self.link.go_on(pending.flush)  # what is asked for may be among it
        return self.link.go_on(act)


def begun(connection: Connection, communities: Sequence[bytes]) -> Pending:
    """A transaction that holds the locks of these communities."""
    rolled_back(connection)
    pending = Pending()
    with connection.pipeline():
        connection.execute("BEGIN")
        if communities:
            pending.hold(connection, communities)
    return pending
