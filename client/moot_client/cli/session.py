"""One command's way to the community: a light reader for what is shown, the replica for what is said.

A read opens the file with SQLite alone. The replica (and with it the document, keys and rules)
is imported when something is written, and not before: a prompt or a cron job asks often.
"""

from __future__ import annotations

import sqlite3
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moot_client.cli.output import note
from moot_client.home import Home, Place
from moot_client.store.schema import VERSION
from moot_shared.errors import NotFound, StorageError

if TYPE_CHECKING:
    from moot_client.replica.commands import Command
    from moot_client.replica.replica import Replica

BUSY_SECONDS = 10


class Session:
    """What a command runs with; closed when it ends."""

    def __init__(self, home: Home, community: str | None = None, *, as_json: bool = False) -> None:
        self.home = home
        self.as_json = as_json
        self._community = community
        self._replica: Replica | None = None
        self._reader: sqlite3.Connection | None = None
        self.wrote = self.told = False  # something was said; the relay was asked to hear it at once

    @cached_property
    def place(self) -> Place:
        """The community's folder."""
        return self.home.place(self._community)

    @property
    def me(self) -> str:
        """The member's key text."""
        return self.place.key_text

    @property
    def db(self) -> sqlite3.Connection:
        """A connection for `views`; after a write, one that sees it."""
        if self._replica is not None:
            return self._replica.reader()
        if self._reader is None:
            self._reader = open_reader(self.place.store)
            if self._reader.execute("PRAGMA user_version").fetchone()[0] < VERSION:
                return self.replica.reader()  # an earlier Moot wrote it: opened, it gets what is read today
        return self._reader

    @property
    def replica(self) -> Replica:
        """The replica, opened when it is first needed."""
        if self._replica is None:
            from moot_client.replica.replica import Replica

            self._replica = Replica.open(self.place)
            if self._replica.notice:
                note(self._replica.notice)
        return self._replica

    def elsewhere(self, home: str | None, community: str | None) -> Session:
        """A session with another home or community, where one is named; else itself."""
        if home is None and community is None:
            return self
        return Session(Home.find(home) if home else self.home, community or self._community)

    def do(self, command: Command) -> Any:
        """Carry out a command; its answer."""
        answer = self.replica.do(command)
        self.wrote = True
        return answer

    def open(self, place: Place) -> None:
        """Go on with a community that has just been made."""
        self.close()
        self.place = place

    def rescue(self, error: sqlite3.Error | StorageError) -> None:
        """Return if a damaged file was rescued, so that the command can be run again; else raise."""
        from moot_client.store.reading import Damaged, trouble
        from moot_client.store.rescue import suspect

        known = error if isinstance(error, StorageError) else trouble(error, self.place.store)
        if not isinstance(known, Damaged):
            raise known from error
        self.close()
        suspect(self.place.store)
        _ = self.replica  # opening it rescues, and says so

    def close(self) -> None:
        """Let go of whatever was opened."""
        if self._reader is not None:
            self._reader.close()
        if self._replica is not None:
            self._replica.close()
        self._reader = self._replica = None


def open_reader(path: Path) -> sqlite3.Connection:
    """The file, to read alone; also in a folder that this process may not write to, and on a full disk."""
    if not path.exists():
        raise NotFound(f"The data file {path} is not there. moot sync brings it back from the relay.")
    db = _connect(path, "mode=ro")
    try:
        (version,) = db.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError:
        from moot_client.store.disk import has_log

        if has_log(path):
            raise
        db = _connect(path, "immutable=1")  # nobody can write here (a full disk, a folder), so nobody does
        (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise StorageError("This community was last opened by a newer Moot. Update Moot on this machine.")
    return db


def _connect(path: Path, how: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?{how}", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
