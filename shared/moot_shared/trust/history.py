"""The index that admission needs: which changes there are, what came before what, and who said so.

It is blind to storage and holds no operations. An operation's id names its change, through
the ranges of counters of its actor's changes; where an operation is needed, that change is
fetched and decoded again, and kept for a while.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping

from moot_shared.format.change import Change, Operation, OpId, decode_change
from moot_shared.frozen import frozen
from moot_shared.ids import KEY_BYTES
from moot_shared.trust.ancestry import Ancestry, Clock, Mark
from moot_shared.trust.cache import Cache
from moot_shared.trust.columns import Columns
from moot_shared.trust.entries import Entry
from moot_shared.trust.facts import RECORDS_COUNTER, SAID_COUNTER, Fact, facts_of

__all__ = ["Clock", "Entry", "Fork", "History", "Mark"]

_DECODED_BYTES = 6 << 20  # 24 of 25 looked up again are here; five times as much is slow to collect
_ROSTER_BYTES = 16 << 20
_OPERATION_BYTES = 600  # what a decoded operation takes in memory, about


@frozen
class Fork:
    """Two different changes of one actor at one seq: ours, and the one that another holder reports."""

    actor: bytes
    seq: int
    ours: bytes
    theirs: bytes


class History:
    """All admitted changes of one community, in memory, in causal order, without operations."""

    def __init__(self, fetch: Callable[[bytes], bytes]) -> None:
        """`fetch` gives the raw chunk of a stored change by its hash."""
        self.community: bytes | None = None
        """The genesis change's hash; None while there is none."""
        self.founder = b""
        self.records_id = OpId(RECORDS_COUNTER, b"")
        self.said_id = OpId(SAID_COUNTER, b"")
        self.unwritten: dict[bytes, bytes] = {}
        """Chunks that were added and that `fetch` does not give yet: of a batch that is being judged."""
        self._fetch = fetch
        self._ancestry = Ancestry()
        self._decoded: Cache[bytes, Change] = Cache(_DECODED_BYTES)
        self._actors_of: dict[bytes, list[bytes]] = {}
        self._forget_facts()

    @property
    def ancestry(self) -> Ancestry:
        """What came before what; to be read only."""
        return self._ancestry

    def add(self, change: Change) -> None:
        """Take in an admitted change; a change already here is left as it is."""
        if change.hash in self._ancestry.place:
            return
        self._append(Entry.of(change))
        for fact in facts_of(change):
            self._note(fact)
        self._keep(change)

    def expect_many(self) -> None:
        """Whoever has it open is going to ask often, and not to wait then."""
        self._ancestry.entries.place.expect_many()

    def load(self, entries: Iterable[Entry], facts: Iterable[Fact], packed: Columns | None = None) -> None:
        """Take in what a store kept: entries in causal order, and the facts of their changes.

        The first of them may come `packed`, into an empty history.
        """
        if packed:
            self._ancestry.fill(packed)
            for actor in self._ancestry.chains:
                self._actors_of.setdefault(actor[:KEY_BYTES], []).append(actor)
            self._begin(self._ancestry.entries[0])
        for entry in entries:
            self._append(entry)
        for fact in facts:
            self._note(fact)

    def mark(self) -> Mark:
        """Where this history stands, to come back to with `cut`."""
        return self._ancestry.mark()

    def cut(self, mark: Mark) -> None:
        """Take out what came after `mark`: changes that were judged and are not kept."""
        gone = {(entry.actor, entry.seq) for entry in self._ancestry.cut(mark)}
        if not gone:
            return
        for actor, seq in gone:
            if seq == 1:
                self._actors_of[actor[:KEY_BYTES]].remove(actor)
        facts = [fact for fact in self._facts if (fact.actor, fact.seq) not in gone]
        self._forget_facts()
        for fact in facts:
            self._note(fact)
        if not mark.length:
            self.community, self.founder = None, b""

    def _forget_facts(self) -> None:
        self._facts: list[Fact] = []
        self._joins: dict[bytes, list[Fact]] = {}
        self._about: dict[tuple[str, str], list[Fact]] = {}
        self.fact_places = 0
        """A bit for each change that holds a statement of trust, as in `Clock.among`."""
        self.links = False
        """Whether somebody has claimed an earlier key."""
        self.ranks: dict[tuple[bytes, int], int] = {}
        """What each join granted, by actor and seq: `invite.granted` reads it off facts and keeps it here."""
        self.rosters: Cache[int, object] = Cache(_ROSTER_BYTES)
        """Rosters as of points of this history, kept by `roster.roster_at`."""

    def _append(self, entry: Entry) -> None:
        self._ancestry.append(entry)
        if entry.seq == 1:
            self._actors_of.setdefault(entry.actor[:KEY_BYTES], []).append(entry.actor)
        if self.community is None:
            self._begin(entry)

    def _begin(self, genesis: Entry) -> None:
        self.community, self.founder = genesis.hash, genesis.actor[:KEY_BYTES]
        self.records_id = OpId(RECORDS_COUNTER, genesis.actor)
        self.said_id = OpId(SAID_COUNTER, genesis.actor)

    def _note(self, fact: Fact) -> None:
        self._facts.append(fact)
        self.fact_places |= 1 << self._ancestry.chains[fact.actor][fact.seq - 1]
        self.links = self.links or fact.kind == "self"
        self._about.setdefault((fact.kind, fact.subject), []).append(fact)
        if fact.kind == "join":
            self._joins.setdefault(fact.author, []).append(fact)

    def __len__(self) -> int:
        return len(self._ancestry.entries)

    def __contains__(self, change_hash: object) -> bool:
        return change_hash in self._ancestry.place

    def entry(self, change_hash: bytes) -> Entry:
        """The entry of a known change; KeyError for an unknown one."""
        return self._ancestry.entries[self._ancestry.place[change_hash]]

    def heads(self) -> tuple[bytes, ...]:
        """The hashes of changes that nothing here depends on, sorted."""
        return self._ancestry.sorted_heads()

    def actors(self) -> Iterable[bytes]:
        """Every actor that has a change here."""
        return self._ancestry.chains.keys()

    def actors_of(self, member: bytes) -> Iterable[bytes]:
        """The actors under which a member has written here."""
        return self._actors_of.get(member, ())

    def last(self, actor: bytes) -> Entry | None:
        """An actor's newest change."""
        chain = self._ancestry.chains.get(actor)
        return self._ancestry.entries[chain[-1]] if chain else None

    def at(self, actor: bytes, seq: int) -> Entry | None:
        """An actor's change by its sequence number."""
        chain = self._ancestry.chains.get(actor, ())
        return self._ancestry.entries[chain[seq - 1]] if 0 < seq <= len(chain) else None

    def clock(self, hashes: Iterable[bytes]) -> Clock:
        """actor -> highest seq among the given changes and their ancestors; KeyError for unknown ones."""
        return self._ancestry.clock(hashes)

    def said_by(self, fact: Fact) -> Entry:
        """The entry of the change that holds a statement of trust; KeyError where that is not here."""
        return self._ancestry.entries[self._ancestry.chains[fact.actor][fact.seq - 1]]

    def before(self, fact: Fact) -> Clock:
        """What a statement of trust was made on: its author may have known of that, and of no more."""
        return self.clock(self.said_by(fact).deps)

    def upto(self, fact: Fact) -> Clock:
        """The same, and the change itself."""
        return self.clock((self.said_by(fact).hash,))

    def when(self, fact: Fact) -> tuple[int, bytes]:
        """An order of statements that is the same everywhere: by Lamport time, then by actor."""
        return self.said_by(fact).start_op, fact.actor

    def version(self) -> dict[bytes, tuple[int, bytes]]:
        """actor -> (last seq, its hash): exactly what is here."""
        hash_at = self._ancestry.entries.hash_at
        return {a: (len(chain), hash_at(chain[-1])) for a, chain in self._ancestry.chains.items()}

    def missing_from(self, version: Mapping[bytes, tuple[int, bytes]]) -> list[Entry]:
        """What a holder of `version` lacks, in causal order; what we do not know is passed over.

        Where that holder has forked from us (`forks`), it is taken to have our branch as well:
        what was built on ours it will refuse as long as the fork stands.
        """
        places: list[int] = []
        for actor, chain in self._ancestry.chains.items():
            seq = version[actor][0] if actor in version else 0
            places.extend(chain[max(seq, 0) :])
        return [self._ancestry.entries[place] for place in sorted(places)]

    def forks(self, version: Mapping[bytes, tuple[int, bytes]]) -> list[Fork]:
        """Where a holder of `version` has another change than ours at the same actor and seq."""
        found = []
        for actor, (seq, theirs) in version.items():
            ours = self.at(actor, seq)
            if ours is not None and ours.hash != theirs:
                found.append(Fork(actor, seq, ours.hash, theirs))
        return found

    def maker(self, op: OpId) -> Entry | None:
        """The entry of the change that made an operation; None if there is no such operation."""
        entries = self._ancestry.entries
        chain = self._ancestry.chains.get(op.actor, ())
        at = bisect_right(chain, op.counter, key=entries.start_ops.__getitem__)
        return entries[chain[at - 1]] if at and op.counter <= entries.last_op(chain[at - 1]) else None

    def operation(self, op: OpId) -> Operation | None:
        """An operation by its id, decoded again from its change (cached); None if unknown."""
        entry = self.maker(op)
        return self.change(entry.hash).operations[op.counter - entry.start_op] if entry else None

    def change(self, change_hash: bytes) -> Change:
        """A known change, decoded again (cached); KeyError for an unknown one."""
        kept = self._decoded.get(change_hash)
        if kept is None:
            if change_hash not in self:
                raise KeyError(change_hash)
            kept = decode_change(self.unwritten.get(change_hash) or self._fetch(change_hash))
            self._keep(kept)
        return kept

    def _keep(self, change: Change) -> None:
        self._decoded.keep(
            change.hash, change, 2 * len(change.raw) + _OPERATION_BYTES * (len(change.operations) + 1)
        )

    def facts(self, clock: Clock | None = None) -> tuple[Fact, ...]:
        """The statements of trust here, or those among the ancestors that `clock` names; causal order."""
        return tuple(self._facts if clock is None else within(self._facts, clock))

    def joins(self, member: bytes, clock: Clock | None = None) -> tuple[Fact, ...]:
        """The joins of one member."""
        found = self._joins.get(member, ())
        return tuple(found if clock is None else within(found, clock))

    def facts_about(self, kind: str, subject: str, clock: Clock | None = None) -> tuple[Fact, ...]:
        """The statements of one kind with one subject."""
        found = self._about.get((kind, subject), ())
        return tuple(found if clock is None else within(found, clock))


def within(facts: Iterable[Fact], clock: Clock) -> Iterable[Fact]:
    """Those facts whose changes are among the ancestors that `clock` names."""
    return (fact for fact in facts if clock.covers(fact.actor, fact.seq))
