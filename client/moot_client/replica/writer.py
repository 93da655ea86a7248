"""The writer's core: a history, a document, and the one way by which changes reach the disk.

    made here:       edit the document -> decode -> admit -> seal -> rows    one transaction
    from elsewhere:  intake (decode, seals, admission) -> rows -> document   one transaction

If anything fails in between, the transaction is undone and what is in memory is thrown away; it is
built anew from rows when it is needed next. So memory is never ahead of the disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from moot_client import lines
from moot_client.projection import project
from moot_client.replica.acts import Act
from moot_client.replica.membership import write_members, write_roster
from moot_client.store import changes, stretches
from moot_client.store.positions import next_position
from moot_client.store.schema import ROWS, ROWS_MADE
from moot_client.store.store import Store
from moot_client.views.reach import keep_reached
from moot_shared.document import BrokenDocument, Document, Edit
from moot_shared.errors import StorageError
from moot_shared.format.change import Change, decode_change
from moot_shared.identity import Identity
from moot_shared.ids import KEY_BYTES
from moot_shared.limits import DEFAULT
from moot_shared.trust.admission import admit
from moot_shared.trust.facts import facts_of
from moot_shared.trust.history import History
from moot_shared.trust.seal import WINDOW, Sealed, seal_message

if TYPE_CHECKING:
    from moot_shared.trust.intake import Verdict
    from moot_shared.trust.waiting import Waiting

ROOM = 0.75
"""How full a change may get before the next act goes into another: the rest is for columns and names."""
ROSTER, ROSTER_ROWS = "roster rows", 2
"""Own value: which rows are made of the roster; 2 has viewer links."""


class Writer:
    """Makes and takes changes for one store. Call it under the store's lock."""

    def __init__(self, store: Store, actor: Callable[[], bytes]) -> None:
        self.store = store
        self._actor = actor
        self._history: History | None = None
        self._document: Document | None = None
        self._ahead = False  # whether memory holds what is not on the disk yet

    @property
    def history(self) -> History:
        """The index of what is on this disk."""
        if self._history is None:
            self._history = changes.history(self.store.db)
        return self._history

    @property
    def ready(self) -> bool:
        """Whether the document is built, so that a change is made at once."""
        return self._document is not None

    @property
    def document(self) -> Document:
        """The document, built from rows when it is first needed."""
        if self._document is None:
            self._adopt(Document(self._actor()), 0)
            assert self._document
        if self._document.actor != self._actor():
            self._document.write_as(self._actor())
        return self._document

    def build(self, db: sqlite3.Connection) -> tuple[Document, int]:
        """A document from the rows that `db` reads, and up to which position; the lock is not needed."""
        document, position = Document(self._actor()), 0
        while page := changes.page(db, after=position):
            document.apply([chunk for _, chunk in page])
            position = page[-1][0]
        return document, position

    def adopt(self, document: Document, position: int) -> None:
        """Go on with a document that was built meanwhile, unless there is one or the rows are others now."""
        if self._document is None:
            with suppress(BrokenDocument):
                self._adopt(document, position)

    def _adopt(self, document: Document, position: int) -> None:
        document.apply([chunk for _, chunk in changes.numbered(self.store.db, after=position)])
        document.expect(self.history.heads())
        self._document = document

    def forget(self) -> None:
        """Throw away what is in memory; rows are the truth, and those of an open transaction may yet go."""
        self._history = None
        self._document = None
        self._ahead = self.store.db.in_transaction

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction on the disk; when it is undone, so is memory. Nested ones join the outermost."""
        try:
            with self.store.writing() as db:
                yield db
        except BaseException:
            if self._ahead:
                self.forget()
            raise
        if not self.store.db.in_transaction:
            self._ahead = False

    def write(self, acts: Sequence[Act], identity: Identity) -> list[Change]:
        """Carry out acts as one change, or as several where they do not fit into one."""
        made = []
        for group in packed(acts):
            change = self.make(partial(_carry_out, group), identity)
            if change:
                made.append(change)
        return made

    def make(self, write: Callable[[Edit], None], identity: Identity) -> Change | None:
        """One change by this member, under everybody's rules; None where nothing differs."""
        with self.transaction() as db:
            self._ahead = True
            document = self.document
            chunk = document.edit(write)
            if chunk is None:
                return None
            change = decode_change(chunk)
            community = self.history.community or change.hash
            seal = identity.sign(seal_message(community, change.actor, change.seq, change.hash))
            admit(change, self.history, seal=seal, seal_needed=True)
            self.keep(change, seal)
            if facts_of(change) or self.history.links:
                write_roster(db, self.history)
            return change

    def take(self, batch: Sequence[Sealed], community: bytes, waiting: Waiting) -> Verdict:
        """Take in changes from elsewhere; what is admitted is on the disk when the transaction ends."""
        from moot_shared.trust.intake import take_in

        with self.transaction():
            history = self.history
            self._ahead = True
            verdict = take_in(batch, history, community, waiting, own_actor=self._actor())
            for item in verdict.admitted:
                self.keep(item.change, item.seal)
            if verdict.admitted:
                self._settle([item.change for item in verdict.admitted])
        return verdict

    def begin(self, genesis: Change, seal: bytes) -> None:
        """Keep the first change of a community that is founded here."""
        with self.transaction():
            self.keep(genesis, seal)
            self._settle([genesis])

    def keep(self, change: Change, seal: bytes | None) -> None:
        """Write an admitted change and its rows."""
        with self.transaction() as db:
            self._ahead = True
            self.history.add(change)
            position = changes.insert(db, change, seal)
            project(db, change, position)
            stretches.keep(db, self.history, change.hash)
            if position % WINDOW == 0:
                changes.thin(db, position, self._actor()[:KEY_BYTES])

    def _settle(self, kept: Sequence[Change]) -> None:
        """After changes from elsewhere were kept: the roster's rows, and the document if there is one."""
        with self.transaction() as db:
            facts = any(facts_of(change) for change in kept)
            if facts or self.history.links or len(self.history) == len(kept):
                write_roster(db, self.history)
            if self._document is not None:
                self._document.apply([change.raw for change in kept])
                self._document.expect(self.history.heads())

    def rebuild(self) -> None:
        """Make every derived row anew from the changes."""
        with self.transaction() as db:
            before = lines.lines_of(db)
            self.store.clear_derived()
            for position, chunk in db.execute(
                "SELECT position, bytes FROM change ORDER BY position"
            ).fetchall():
                change = decode_change(chunk)
                changes.insert_facts(db, change)
                project(db, change, position, follow=False)
            self.forget()
            if self.history.community:
                write_members(db, self.history)
            lines.make_anew(db, before, next_position(db))
            keep_reached(db, self._actor()[:KEY_BYTES])

    @property
    def behind(self) -> bool:
        """Whether an earlier Moot wrote the rows, that made fewer of them."""
        return self.store.own(ROWS) != ROWS_MADE or self.store.own(ROSTER) != ROSTER_ROWS

    @property
    def lacks_rows(self) -> bool:
        """Whether rows are missing that views read: until they are made, lists are not whole."""
        return self.store.own(ROWS) != ROWS_MADE and bool(self.store.ask("SELECT 1 FROM change LIMIT 1"))

    def keep_up(self) -> None:
        """Make the rows that it did not know."""
        if self.store.own(ROWS) != ROWS_MADE:
            with self.transaction():
                if self.lacks_rows:
                    self.rebuild()
                self.store.set_own(ROWS, ROWS_MADE)
        if self.store.own(ROSTER) != ROSTER_ROWS:
            with self.transaction() as db:
                if db.execute("SELECT 1 FROM fact WHERE payload LIKE '%\"view\"%'").fetchone():
                    write_roster(db, self.history)
                self.store.set_own(ROSTER, ROSTER_ROWS)


def packed(acts: Iterable[Act]) -> Iterator[list[Act]]:
    """Acts in groups that each fit into one change."""
    group: list[Act] = []
    size = operations = 0
    for act in acts:
        full = size + act.size > DEFAULT.change_bytes * ROOM
        if group and (full or operations + act.operations > DEFAULT.change_operations * ROOM):
            yield group
            group, size, operations = [], 0, 0
        group.append(act)
        size += act.size
        operations += act.operations
    if group:
        yield group


def _carry_out(acts: Sequence[Act], edit: Edit) -> None:
    for act in acts:
        act.write(edit)


def not_here() -> StorageError:
    """The community's first change has not been pulled yet."""
    return StorageError(
        "This community has not arrived on this machine yet. Run moot sync when the relay answers."
    )
