"""One conversation in Automerge's sync protocol: one connection, one document.

Both sides say which changes are their newest (heads), and send what the other lacks. What they
have is kept as places in the order in which the log has its changes: all below `_upto`, and a bit for
each of those `_beyond`. Ordinarily that is one number.

Whoever comes back after both sides went on names heads that are unknown here, and a filter from which
to guess what they have; a guess counts for one message only, so what it took away wrongly is sent as
soon as they miss it.
Two such speakers can answer one another for ever. So nothing is said where there is nothing new to
say, and nothing is asked for twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from moot_server.stock.orphans import Orphans, Room
from moot_server.stock.places import bits_of, newest
from moot_server.stock.saying import NOTHING, have_of, sync_message
from moot_server.storage.store import Snapshot
from moot_shared.format.bloom import BloomFilter
from moot_shared.format.leb import write_uleb
from moot_shared.format.sync import SyncMessage, Version
from moot_shared.limits import Limits
from moot_shared.trust.ancestry import Ancestry

_STEPS_BACK = 3  # a filter errs once in a hundred: so many times in a row it does not
_WORTH, _FREE = 16, 10_000  # a filter is asked of so many changes an entry, and of so many in any case
_FILTERED = 20_000  # changes that a filter is made of
_AWAY = 8  # who was away is sent a whole document of less than so many times what they lack
_SMALL = 64  # bytes: no change is smaller, with what it is built on and by whom it is
_ASKED = 10_000  # changes that one conversation may ask for by name


class Log(Protocol):
    """A document's changes, as conversations need them."""

    @property
    def ancestry(self) -> Ancestry:
        """The index of what is committed."""

    def piece(self, place: int) -> bytes:
        """A change as it stands in a message: its length, and its chunk."""

    def snapshot(self) -> Snapshot | None:
        """The document in one piece, for those who take it so."""


class Talk:
    """What is known of one listener, and what they are to be told."""

    __slots__ = (
        "_again", "_asked", "_beyond", "_common", "_documents", "_flags", "_gaps", "_guess", "_log", "_mute",
        "_said", "_theirs", "_upto", "_want", "full", "orphans",
    )  # fmt: skip

    def __init__(self, log: Log, limits: Limits, room: Room | None = None) -> None:
        self.orphans = Orphans(limits, room or Room())
        self.full = False  # they brought something for which there is no room
        self._log = log
        self._upto = 0  # they have every place below it
        self._beyond = 0  # and of those from there on, a bit for each
        self._gaps = False  # whether among those are some without what they are built on
        self._guess = 0  # likely have, by their last message; a bit for each place
        self._common: tuple[bytes, ...] = ()  # both have these and all before
        self._said: tuple[bytes, ...] | None = None  # the heads that were declared last
        self._theirs: tuple[bytes, ...] = ()
        self._want: dict[bytes, None] = {}
        self._asked: set[bytes] = set()
        self._again: dict[int, None] = {}  # asked for by name although they should have them
        self._flags = b""
        self._mute = False
        self._documents = False

    @property
    def theirs(self) -> tuple[bytes, ...]:
        """The heads that they declared last."""
        return self._theirs

    @property
    def current(self) -> bool:
        """Whether they lack nothing that could be sent to them."""
        return self._upto >= len(self._log.ancestry.entries)

    @property
    def urgent(self) -> bool:
        """Whether they wait for an answer: to their first word, or to what they have asked for."""
        return self._said is None or bool(self._want or self._again)

    @property
    def begun(self) -> bool:
        """Whether they were told anything."""
        return self._said is not None

    def acknowledged(self, flags: bytes, heads: tuple[bytes, ...]) -> bool:
        """Note that they have exactly what is here; whether that was all they said."""
        if flags != self._flags or heads != self._said or self._want or self._again:
            return False
        self._theirs, self._guess = heads, 0
        self._upto, self._beyond = len(self._log.ancestry.entries), 0
        return True

    # -- hearing -------------------------------------------------------------------------------------

    def hear(self, message: SyncMessage) -> None:
        """Note what they have, lack and ask for; changes in the message were taken before, or were not."""
        ancestry = self._log.ancestry
        if message.flags is not None:
            self._documents, self._mute = message.takes_documents, message.read_only
        self._flags = write_uleb(len(message.flags)) + message.flags if message.flags is not None else b""
        if message.reset or (self._theirs and not message.heads):
            self._upto = self._beyond = 0
            self._common = ()
        self._theirs = message.heads
        if message.have:
            self._guess = 0
        if message.heads == ancestry.sorted_heads():
            self._upto, self._beyond, self._guess = len(ancestry.entries), 0, 0
            self._gaps = False
            self._common = message.heads
        else:
            self._hear_heads(message, ancestry)
        for change_hash in message.need:
            place = ancestry.place.get(change_hash)
            if place is not None and self.has(place):
                self._again[place] = None
            elif place is not None:  # which was guessed wrong
                self._guess &= ~(1 << place)

    def _hear_heads(self, message: SyncMessage, ancestry: Ancestry) -> None:
        known = [head for head in message.heads if head in ancestry.place]
        self._surely(known, ancestry)
        if len(known) == len(message.heads):
            self._common, self._guess = message.heads, 0
            return
        shared = [each for have in message.have for each in have.last_sync if each in ancestry.place]
        self._surely(shared, ancestry)
        for have in message.have:
            known += self._suppose(have.filter, ancestry)
        self._common = tuple(sorted({*known, *shared}))
        self.ask(head for head in message.heads if head not in ancestry.place)

    def ask(self, hashes: Iterable[bytes]) -> None:
        """Changes to be asked for by name; each once."""
        for each in hashes:
            if each not in self._asked and len(self._asked) < _ASKED:
                self._asked.add(each)
                self._want[each] = None

    def took(self, place: int) -> None:
        """This change came from them."""
        if place >= self._upto:
            ancestry = self._log.ancestry
            self._gaps |= not all(self.has(ancestry.place[dep]) for dep in ancestry.entries[place].deps)
            self._beyond |= 1 << place - self._upto
            self._settle()

    def has(self, place: int) -> bool:
        """Whether they have a change, or were sent it."""
        return place < self._upto or bool(self._beyond >> place - self._upto & 1)

    def cut(self, length: int) -> None:
        """Only so many changes are left: those after them were not stored."""
        self._upto = min(self._upto, length)
        self._beyond &= (1 << length - self._upto) - 1
        self._guess &= (1 << length) - 1
        self._again = {place: None for place in self._again if place < length}
        self._asked.clear()

    def _surely(self, hashes: Sequence[bytes], ancestry: Ancestry) -> None:
        if self._gaps or not all(self.has(ancestry.place[each]) for each in hashes):
            self._beyond |= ancestry.clock(hashes).among(-1) >> self._upto
            self._settle()

    def _settle(self) -> None:
        """Move `_upto` over what they have without a gap."""
        run = (~self._beyond & self._beyond + 1).bit_length() - 1
        self._upto += run
        self._beyond >>= run
        self._gaps &= bool(self._beyond)

    def _suppose(self, filter: BloomFilter, ancestry: Ancestry) -> list[bytes]:
        """Guess what they have by their filter; changes that they have so surely that it may be said."""
        entries = ancestry.entries
        if not filter.entries or len(entries) - self._upto > _WORTH * filter.entries + _FREE:
            return []
        likely: dict[int, tuple[int, ...]] = {}  # place -> the places it is built on, of these
        for place in self._lacking():
            deps = tuple(ancestry.place[dep] for dep in entries[place].deps)
            if entries[place].hash in filter and all(dep in likely or self.has(dep) for dep in deps):
                likely[place] = tuple(dep for dep in deps if dep in likely)
        self._guess = bits_of(likely)
        for _ in range(_STEPS_BACK):
            for place in newest(likely):
                del likely[place]
        return [entries[place].hash for place in newest(likely)]

    # -- saying --------------------------------------------------------------------------------------

    def say(self, shared: dict[tuple[int, int], bytes], most: int) -> tuple[bytes, bool] | None:
        """The next message, and whether there is more to say after it; None where there is nothing new.

        `most` is how many bytes of changes go into one. `shared` keeps messages for others who lack
        the same; it is good until the log grows.
        """
        ancestry = self._log.ancestry
        heads, size = ancestry.sorted_heads(), len(ancestry.entries)
        behind = self._upto < size and not self._mute
        if not (behind or self._want or self._again or heads != self._said):
            return None
        plain = not (self._want or self._again or self._guess or self._mute)
        plain = plain and bool(self._upto or self._beyond)  # for newcomers there may be a snapshot by now
        key = (self._upto, self._beyond)
        if plain and key in shared:
            self._upto, self._beyond, self._said = size, 0, heads
            return shared[key], False
        lacking = self._lacking() if behind else []
        if not (lacking or self._want or self._again or heads != self._said):
            return None
        if self._documents and (snapshot := self._whole(len(lacking), ancestry)):
            return self._say_whole(snapshot, ancestry), True
        pieces, whole = self._pieces(lacking, most)
        self._said = heads
        if not whole:  # and without a `have`, or they would send what they have just got
            return sync_message(heads, (), NOTHING, pieces), True
        have = have_of(heads) if not self._guess else self._careful(ancestry)
        data = sync_message(heads, self._wanted(), have, pieces)
        if plain:
            shared[key] = data
        return data, False

    def _wanted(self) -> tuple[bytes, ...]:
        need = tuple(sorted(self._want))
        self._want.clear()
        return need

    def _careful(self, ancestry: Ancestry) -> bytes:
        """What is here, told to somebody of whom it is guessed what they have: nothing unsure is named."""
        both = ancestry.clock(self._common).among(-1)
        entries = ancestry.entries
        size = len(entries)
        if size - both.bit_count() > _FILTERED:
            return have_of(self._common)
        return have_of(self._common, [entries[p].hash for p in range(size) if not both >> p & 1])

    def _lacking(self) -> list[int]:
        size = len(self._log.ancestry.entries)
        places: Iterable[int] = range(self._upto, size)
        if self._beyond or self._guess:
            had = self._beyond | self._guess >> self._upto
            places = (place for place in places if not had >> place - self._upto & 1)
        return list(places)

    def _pieces(self, lacking: Sequence[int], most: int) -> tuple[list[bytes], bool]:
        """As many of the changes to be sent as fit, at least one; and whether that was all."""
        pieces: list[bytes] = []
        room, sent = most, 0
        for place in [*self._again, *lacking]:
            if room <= 0:
                break
            pieces.append(self._log.piece(place))
            room -= len(pieces[-1])
            sent += 1
        again = list(self._again)
        for place in again[:sent]:
            del self._again[place]
        self._send(lacking[: max(0, sent - len(again))])
        return pieces, sent == len(again) + len(lacking)

    def _send(self, places: Sequence[int]) -> None:
        """They have these, once they have read what is sent."""
        if not places:
            return
        if not self._beyond and places[-1] - self._upto == len(places) - 1:
            self._upto += len(places)
            return
        self._beyond |= bits_of(places) >> self._upto
        self._settle()

    def _whole(self, lacking: int, ancestry: Ancestry) -> Snapshot | None:
        """The document in one piece, for newcomers; for who was away, if it is less than what they lack."""
        most = 3 * lacking > len(ancestry.entries)
        away = self._said is None and len(ancestry.entries) < _AWAY * lacking
        snapshot = self._log.snapshot() if most or away else None
        if snapshot is None or not (most or len(snapshot.chunk) < _SMALL * lacking):
            return None
        new = ancestry.clock(snapshot.heads).among(-1) >> self._upto & ~self._beyond
        return snapshot if 2 * new.bit_count() > lacking else None

    def _say_whole(self, snapshot: Snapshot, ancestry: Ancestry) -> bytes:
        self._surely(snapshot.heads, ancestry)
        self._guess = 0
        self._said = ancestry.sorted_heads()
        piece = write_uleb(len(snapshot.chunk)) + snapshot.chunk
        return sync_message(self._said, (), NOTHING, (piece,), Version.TWO)
