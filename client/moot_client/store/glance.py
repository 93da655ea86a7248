"""A community's file as it stands, for a first look: read, never written, made anew or mended.

    there, of this version, in order --glance--> a Glance
    anything else (not there, damaged, half rescued, another version's) --> None: the replica knows what to do

It has the reading side of a replica, and so can stand in its place until that is open.
"""

from __future__ import annotations

import sqlite3

from moot_client.home import Place
from moot_client.store import drafts, own
from moot_client.store.disk import REAL_DISK, Disk
from moot_client.store.reading import Reading
from moot_client.store.schema import ROWS, ROWS_MADE, VERSION
from moot_shared.errors import StorageError

RESCUED = "rescued"
"""Own value: the sentence about a rescue, until rows have been made anew from what was rescued."""
SUSPECT, HALF_DONE = ".suspect", ".rescued"
"""Endings of files beside the store: damage showed while it was in use; a rescue was cut off."""


class Glance:
    """What can be read of a community before its replica is open."""

    def __init__(self, place: Place, disk: Disk = REAL_DISK) -> None:
        self.place = place
        self._file = Reading(place.store, disk)

    @property
    def me(self) -> str:
        """The member's key text."""
        return self.place.key_text

    def reader(self) -> sqlite3.Connection:
        """A read-only connection for the calling thread, for `views`."""
        return self._file.reader()

    def revision(self) -> int:
        """A number that changes with every change of the file."""
        return self._file.revision()

    def own(self, name: str, default: object = None) -> object:
        """A small value that belongs to this machine alone."""
        return own.value(self._file, name, default)

    def draft(self, form: str, subject: str) -> dict[str, str]:
        """What was typed before, or nothing."""
        return drafts.load(self._file, form, subject)

    def drafts(self) -> tuple[tuple[str, str, int], ...]:
        """All drafts: (form, subject, saved in Unix milliseconds), newest first."""
        return drafts.listed(self._file)


def glance(place: Place, disk: Disk = REAL_DISK) -> Glance | None:
    """What is there to be read at once, or None."""
    path = place.store
    beside = (path.with_name(path.name + ending) for ending in (SUSPECT, HALF_DONE))
    if not path.exists() or any(part.exists() for part in beside):
        return None
    found = Glance(place, disk)
    try:
        db = found.reader()
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            return None
        noted = dict(db.execute("SELECT name, value FROM own WHERE name IN (?, ?)", (ROWS, RESCUED)))
        member = db.execute("SELECT 1 FROM member LIMIT 1").fetchone()
    except (sqlite3.Error, StorageError):
        return None  # opening it whole tells what is wrong, or mends it
    return found if member and noted.get(ROWS) == ROWS_MADE and not noted.get(RESCUED) else None
