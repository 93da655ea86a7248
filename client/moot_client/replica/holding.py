"""What every part of a replica stands on: the store, the key, the lock, and the writer's core."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

from moot_client.home import Place
from moot_client.projection import words
from moot_client.replica import continuity
from moot_client.replica.acts import Making
from moot_client.replica.lock import WriterLock
from moot_client.replica.outside import REAL, Outside
from moot_client.replica.writer import Writer, not_here
from moot_client.store import inbox, rescue
from moot_client.store.glance import RESCUED
from moot_client.store.store import Store
from moot_shared.document import Document
from moot_shared.errors import NotAllowed, StorageError
from moot_shared.identity import Identity
from moot_shared.ids import KEY_BYTES, decode_bytes
from moot_shared.trust.waiting import Waiting

BEHIND = (
    "This community was kept by an earlier Moot, and another Moot has it open: it is just being made ready "
    "for this one, or it is that earlier one. Wait a moment, or close the other Moot, and try again."
)


class Holding:
    """One community's folder, open. Any thread may call any method; the store's lock serialises writing."""

    def __init__(self, place: Place, store: Store, lock: WriterLock, outside: Outside) -> None:
        self.place = place
        self.store = store
        self.outside = outside
        self.notice = ""
        """What a person should be told about how the store was opened (a damaged one rebuilt)."""
        self._identity: Identity | None = None
        self._key = decode_bytes(place.key_text, KEY_BYTES)
        self._lock = lock
        self._warming = threading.Lock()
        self._may_write = False  # holds the lock, and has looked whether its actor may go on
        self._writer = Writer(store, lambda: self.actor)
        self._waiting = Waiting()
        self._listeners: list[Callable[[], None]] = []

    @classmethod
    def open(cls, place: Place, outside: Outside = REAL) -> Self:
        """Open the store; light: no document, no key until something is written.

        A damaged file is kept aside and what can be read of it is rebuilt; `notice` then says so.
        """
        lock = WriterLock(place.folder / "writer.lock", outside.disk.files)
        try:
            replica = cls(place, rescue.open_store(place.store, lock.take, outside.disk), lock, outside)
            replica._make_rows_anew()
        except BaseException:
            lock.release()
            raise
        return replica

    def _make_rows_anew(self) -> None:
        """Where they do not follow from the changes: after a rescue, and after another version of Moot."""
        notice = self.store.own(RESCUED)
        if notice and self.become_writer():
            with self._writer.transaction():
                self._writer.rebuild()
                self.store.set_own(RESCUED, "")
            self.notice = str(notice)
        if words.behind(self.store) or self._writer.behind:
            with suppress(StorageError):  # a disk without room can be read all the same
                self.become_writer()
            if self._writer.lacks_rows:
                raise StorageError(BEHIND)

    def close(self) -> None:
        """Let go of the store and the lock."""
        with self.store.lock:
            self._may_write = False
            try:
                self.store.close()
            finally:
                self._lock.release()

    @property
    def identity(self) -> Identity:
        """The member's key, read when it is first needed."""
        if self._identity is None:
            self._identity = self.place.identity()
        return self._identity

    @property
    def me(self) -> str:
        """The member's key text."""
        return self.place.key_text

    @property
    def community(self) -> bytes:
        """The community's id: the hash of its first change."""
        return self.place.community

    @property
    def actor(self) -> bytes:
        """The actor under which this machine writes now."""
        return continuity.actor(self.store, self._key)

    def reader(self) -> sqlite3.Connection:
        """A read-only connection for the calling thread, for `views`."""
        return self.store.reader()

    def become_writer(self) -> bool:
        """Try to be the process that writes; True if it is (now)."""
        with self.store.lock:
            if self._may_write:
                return True
            if not self._lock.take():
                return False
            try:
                self._writer.forget()
                continuity.begin_writing(self.store, self.outside)
                words.keep_up(self.store)
                self._writer.keep_up()
                inbox.tidy(self.store, self.outside.now())
            except BaseException:
                self._lock.release()
                raise
            self._may_write = True
            return True

    def warm(self) -> None:
        """Build the document now, so that edits need not wait for it; reading and asking go on meanwhile."""
        with self._warming:
            if not self._may_write or self._writer.ready:
                return
            with self.store.reading() as db:
                document, position = self._writer.build(db)
            self._go_on_with(document, position)
            with self.store.lock:
                self._writer.history.expect_many()

    def _go_on_with(self, document: Document, position: int) -> None:
        with self.store.lock:
            if self._may_write and self._writer.history.community:  # neither closed nor emptied meanwhile
                self._writer.adopt(document, position)

    def write(self, prepare: Callable[[Making], Any]) -> Any:
        """Let `prepare` make acts, and write them as one change or several, all or nothing."""
        if not self.become_writer():
            raise StorageError("Another Moot has this community open. Close it, then try again.")
        with self._writer.transaction() as db:
            if self._writer.history.community is None:
                raise not_here()
            self._check_belongs(db)
            making = Making(db, self._writer.history, self.me, self.outside)
            answer = prepare(making)
            self._writer.write(making.acts, self.identity)
        return answer

    def _check_belongs(self, db: sqlite3.Connection) -> None:
        """Who has left or was removed reads on; everybody would refuse what they write."""
        row = db.execute("SELECT removed FROM member WHERE key = ?", (self.me,)).fetchone()
        if row and row[0]:
            raise NotAllowed(
                "You no longer belong to this community, so nothing new can be said here. "
                "What is on this machine stays yours to read and to export."
            )

    def revision(self) -> int:
        """A number that changes with every change of the file, whichever process made it; cheap."""
        return self.store.revision()

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back (in the writing thread) after every commit here; returns how to stop it."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def _tell(self) -> None:
        for callback in tuple(self._listeners):
            callback()
