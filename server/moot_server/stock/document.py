"""One document of an open relay: an index of its changes, and which changes may be added.

A change is read strictly (`moot_shared.format`) and then held against the index. What it does to the
document is its author's affair; what is checked is that every honest reader can apply it:

* all that it is built on is here;
* it is its actor's next one, made on the actor's last one: an actor that says two things at one place is
  heard the first time only, whatever order they come in;
* its operations count on from those before it, and not so far on that counters run out.

No operation is kept: only what came before what.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from moot_server.events import Told
from moot_server.stock.extent import Extent
from moot_server.stock.quick import opening_of
from moot_server.stock.rhythm import Rhythm
from moot_server.stock.saying import piece_of
from moot_server.stock.talk import Talk
from moot_server.storage.store import Snapshot, Store
from moot_shared.errors import AdmissionError, FormatError
from moot_shared.format.change import Header, read_header
from moot_shared.format.chunk import CHANGE, DOCUMENT, chunk_type
from moot_shared.format.outline import Outline, check_operations
from moot_shared.limits import MIB, Limits
from moot_shared.trust.ancestry import Ancestry, Entry, Mark
from moot_shared.trust.cache import Cache
from moot_shared.wire.stock import sync_about

_REFUSED = 10_000  # hashes that are remembered as refused
_SETS_BYTES = MIB

Pieces = Cache[bytes, bytes]
"""hash -> how the change stands in a message; of all documents together."""


class OpenDocument:
    """A document, who talks about it, and its index while it is in use."""

    def __init__(self, id: bytes, store: Store, pieces: Pieces, limits: Limits) -> None:
        self.id = id
        self.talks: dict[int, Talk] = {}
        """By the number of their connection."""
        self.used = 0
        """When it was in use last, Unix milliseconds."""
        self.shared: dict[tuple[int, int], bytes] = {}
        """What was said to some may be said to others, until something is added."""
        self.rhythm = Rhythm()
        self.about = sync_about(id)
        """What stands of it in every frame."""
        self._opening: tuple[tuple[bytes, ...], bytes] = ((), b"")
        self._store = store
        self._limits = limits
        self._pieces = pieces
        self._ancestry: Ancestry | None = None
        self._actors: dict[bytes, bytes] = {}
        self._refused: dict[bytes, None] = {}
        self._waiting: dict[Talk, None] = {}  # those whose changes wait for others
        self._extent = Extent()
        self._before = Extent()  # at the last `mark`, and since then:
        self._refused_since: list[bytes] = []
        self._ready_since: list[tuple[Talk, Outline]] = []

    @property
    def ancestry(self) -> Ancestry:
        """The index, read again from the store where it is not in memory; StorageError if it cannot be."""
        if self._ancestry is None:
            ancestry = Ancestry(_SETS_BYTES)
            self._extent = Extent()
            for entry in self._store.entries(self.id):
                self._append(entry, ancestry)
            self._ancestry = ancestry
            for talk in self.talks.values():
                talk.cut(len(ancestry.entries))
        return self._ancestry

    def opening(self) -> bytes:
        """How a message begins whose sender has exactly what is here."""
        heads = self.ancestry.sorted_heads()
        if self._opening[0] is not heads:
            self._opening = heads, opening_of(heads)
        return self._opening[1]

    @property
    def in_memory(self) -> bool:
        """Whether its index takes memory now."""
        return self._ancestry is not None

    def forget(self) -> None:
        """Let go of the index; who talks about it stays."""
        self._ancestry = None
        self._actors = {}
        self.shared = {}

    def mark(self) -> Mark:
        """Where things stand, to come back to with `cut`."""
        self._before, self._refused_since, self._ready_since = self._extent, [], []
        return self.ancestry.mark()

    def cut(self, mark: Mark) -> None:
        """What was added since is not stored: it never was here."""
        for name in self._refused_since:  # beside something that never was here
            self._refused.pop(name, None)
        for waiting, outline in self._ready_since:
            if waiting.orphans.keep(outline):
                self._waiting[waiting] = None
        if self._ancestry is not None:
            self._ancestry.cut(mark)
            self._extent = self._before
            self.shared = {}
            for talk in self.talks.values():
                talk.cut(mark.length)

    def leave(self, number: int) -> None:
        """A connection is over."""
        talk = self.talks.pop(number, None)
        if talk is not None:
            self._waiting.pop(talk, None)

    # -- taking --------------------------------------------------------------------------------------

    def catch_up(self, told: Told | None = None) -> bool:
        """Take in what other processes have stored; whether there was anything."""
        ancestry = self.ancestry
        news = self._store.news(self.id, len(ancestry.entries), told)
        if news is None or not news.entries:
            return False
        for entry in news.entries:
            self._append(entry, ancestry)
        self.shared = {}
        return True

    @property
    def waits(self) -> bool:
        """Whether somebody has brought changes that wait for others."""
        return bool(self._waiting)

    def read(self, chunks: Iterable[bytes], talk: Talk) -> list[Outline]:
        """Of changes that came, those about which something is to be decided. Outside of any transaction."""
        return [outline for chunk in chunks if (outline := self._read(chunk, talk)) is not None]

    def _read(self, chunk: bytes, talk: Talk) -> Outline | None:
        kind, name = chunk_type(chunk), b""
        if kind == DOCUMENT:
            return None  # is never taken whole, and nobody was told that it would be
        if kind == CHANGE:
            name = hashlib.sha256(memoryview(chunk)[8:]).digest()
            if name[:4] != chunk[4:8] or self._known(name, talk):  # a damaged copy bars no honest one
                return None
        try:
            header = read_header(chunk, self._limits)
            if not name and self._known(header.hash, talk):
                return None
            name = header.hash
            self._follows(header)
            return check_operations(header, self._limits)
        except (FormatError, AdmissionError):
            if name:
                self._refuse(name)
            return None

    def take(self, changes: Iterable[Outline], talk: Talk, *, ask: bool) -> bool:
        """Add to index and store, inside a transaction, what may be added; whether anything was.

        `ask` for what is missing, unless there is more to come.
        """
        before = len(self.ancestry.entries)
        for change in changes:
            self._take(change, talk)
        self._take_ready()
        if ask and talk.orphans:
            talk.ask(dep for dep in talk.orphans.missing(self.ancestry.place) if dep not in self._refused)
        return len(self.ancestry.entries) > before

    def take_ready(self) -> bool:
        """The same of what has waited for what came from elsewhere."""
        before = len(self.ancestry.entries)
        self._take_ready()
        return len(self.ancestry.entries) > before

    def _take_ready(self) -> None:
        while ready := self._ready():
            self._ready_since += ready
            for other, change in ready:
                self._take(change, other)

    def _ready(self) -> list[tuple[Talk, Outline]]:
        """Of what waited, in whichever conversation, that which can be taken now."""
        if not self._waiting:
            return []
        place = self.ancestry.place
        found = [(talk, change) for talk in self._waiting for change in talk.orphans.ready(place)]
        self._waiting = {talk: None for talk in self._waiting if talk.orphans}
        return found

    def _take(self, change: Outline, talk: Talk) -> None:
        ancestry = self.ancestry
        if self._known(change.hash, talk):
            return
        try:
            self._follows(change)
        except AdmissionError:
            self._refuse(change.hash)
            return
        if any(dep not in ancestry.place for dep in change.deps):
            if talk.orphans.keep(change):
                self._waiting[talk] = None
            return
        if self._extent.too_far(change.start_op):
            self._refuse(change.hash)
            return
        if self._full(change):
            talk.full = True
            return
        self._store.add_change(self.id, change, None, ())
        self._append(Entry.of(change), ancestry)
        self.shared = {}
        self._keep_piece(change.hash, change.raw)
        talk.took(len(ancestry.entries) - 1)

    def _full(self, change: Outline) -> bool:
        """Whether there is no room for a change, by what one document may cost everybody."""
        limits, actors = self._limits, self.ancestry.chains
        operations = self._extent.operations + change.last_op - change.start_op + 1
        return operations > limits.document_operations or (
            len(actors) >= limits.document_actors and change.actor not in actors
        )

    def _known(self, name: bytes, talk: Talk) -> bool:
        """Whether there is nothing to decide about a change any more."""
        place = self.ancestry.place.get(name)
        if place is not None:
            talk.took(place)
        return place is not None or name in self._refused or name in talk.orphans

    def _follows(self, change: Header | Outline) -> None:
        """AdmissionError unless a change may be its actor's next one, as far as that is known by now."""
        ancestry = self.ancestry
        entries, place = ancestry.entries, ancestry.place
        chain = ancestry.chains.get(change.actor, ())
        if change.seq <= len(chain):
            raise AdmissionError("fork", "Its author has already said something at this place.")
        if any(dep not in place for dep in change.deps):
            if self._refused.keys() & change.deps:
                raise AdmissionError("deps", "This change is built on one that was refused.")
            return
        if change.seq != len(chain) + 1 or (chain and not self._built_on(change, chain[-1], ancestry)):
            raise AdmissionError("chain", "This change is not built on the earlier ones of its author.")
        before = max((entries[place[dep]].last_op for dep in change.deps), default=0)
        if change.start_op <= before:
            raise AdmissionError("counter", "This change does not count on from those that it is built on.")

    def _built_on(self, change: Header | Outline, last: int, ancestry: Ancestry) -> bool:
        """Whether the change at place `last` is among a change's ancestors."""
        if ancestry.entries[last].hash in change.deps or ancestry.sorted_heads() == change.deps:
            return True
        return ancestry.clock(change.deps).covers(change.actor, change.seq - 1)

    def _append(self, entry: Entry, ancestry: Ancestry) -> None:
        """Add to the index; names that are here already are not kept twice."""
        entries, place = ancestry.entries, ancestry.place
        actor = self._actors.setdefault(entry.actor, entry.actor)
        deps = tuple(entries[place[dep]].hash if dep in place else dep for dep in entry.deps)
        ancestry.append(Entry(entry.hash, deps, actor, entry.seq, entry.start_op, entry.last_op))
        self._extent = self._extent.grown(entry.start_op, entry.last_op)

    def _refuse(self, name: bytes) -> None:
        if len(self._refused) >= _REFUSED:
            del self._refused[next(iter(self._refused))]
        self._refused[name] = None
        self._refused_since.append(name)

    def refused(self, name: bytes) -> bool:
        """Whether a change was refused: nobody is asked for it."""
        return name in self._refused

    # -- telling -------------------------------------------------------------------------------------

    def piece(self, place: int) -> bytes:
        """A change as it stands in a message: its length, and its chunk, deflated where that is shorter."""
        name = self.ancestry.entries[place].hash
        return self._pieces.get(name) or self._keep_piece(name, self._store.row(self.id, name).chunk)

    def _keep_piece(self, name: bytes, raw: bytes) -> bytes:
        piece = piece_of(raw)
        self._pieces.keep(name, piece, len(piece) + 200)
        return piece

    def snapshot(self) -> Snapshot | None:
        """The document in one piece, if all of that is known: another relay may be ahead of this one."""
        found, place = self._store.snapshot(self.id), self.ancestry.place
        return found if found is not None and all(head in place for head in found.heads) else None
