"""A relay whose database was put back from an older copy lets in nobody who was shut out since.

    as ever --the log of closings names what the database lacks; or it was marked--> restored
    restored --a convenor, or somebody with the hosting key, has synced--> as ever

While a community is restored, only those two are served: what was said about who belongs may be
missing. A convenor counts if the log does not name them; they have synced once they have signed for
what they have (a client does so when it has nothing left to send) and everything that the log names
is here. With the hosting key one may settle that what is still missing is lost.

Whom the log names stays out in any case until the change that says so is here; then the roster decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from moot_server.members.community import Community
from moot_server.storage.closed import ClosedLog, Closing
from moot_server.storage.store import Store
from moot_shared.errors import StorageError
from moot_shared.trust.facts import member_key


class Restored:
    """What is missing, and who waits for it."""

    def __init__(self, store: Store, log: ClosedLog) -> None:
        self._store = store
        self._log = log
        for closing in log.unsure():
            here = store.has_change(closing.community, closing.change)
            (log.settle if here else log.undo)([closing])
        self._missing: dict[bytes, list[Closing]] = {}  # community -> what the log names and is not here
        for closing in log.closings():
            if not store.has_change(closing.community, closing.change):
                self._missing.setdefault(closing.community, []).append(closing)
        self._waiting = set(store.restored())
        fresh = {community for community in self._missing if self._awaited(community)} - self._waiting
        self._waiting |= fresh
        if fresh:
            with suppress(StorageError):  # a full disk: it is found out again at the next start
                self._mark(fresh)

    def _mark(self, communities: Iterable[bytes]) -> None:
        with self._store.transaction():
            self._store.mark_restored(communities)

    # -- at the door -----------------------------------------------------------------------------------

    def waits(self, community: bytes) -> bool:
        """Whether a convenor has to come before anybody else does."""
        return community in self._waiting

    def how_many(self) -> int:
        """Communities that wait for a convenor."""
        return len(self._waiting)

    def shut_out(self, community: bytes, key: bytes) -> bool:
        """Whether this member's removal is known from the log only."""
        return any(c.kind == "removal" and c.key == key for c in self._missing.get(community, ()))

    def taken_back(self, community: Community, invite: bytes) -> bool:
        """Whether the log closes an invite or a viewer link: its key, or its author's membership."""
        missing = self._missing.get(community.id, ())
        roster = community.roster
        authors = [found[invite].author for found in (roster.invites, roster.links) if invite in found]
        return any(c.kind == "revoke" and c.key == invite for c in missing) or any(
            self.shut_out(community.id, author) for author in authors
        )

    # -- what is written -------------------------------------------------------------------------------

    def log(self, community: Community) -> list[Closing]:
        """Log who is shut out by all that is about to be committed; what is new in the log, now on disk."""
        return self._log.add(_closings(community))

    def undo(self, closings: list[Closing]) -> None:
        """The commit has failed."""
        self._log.undo(closings)

    def committed(self, closings: list[Closing]) -> None:
        """What was logged is stored; nobody has been told yet."""
        self._log.settle(closings)

    def stored(self, community: bytes, changes: Iterable[bytes]) -> None:
        """Changes were committed: of what they say, the roster decides."""
        missing = self._missing.get(community)
        if missing:
            here = set(changes)
            self._missing[community] = [c for c in missing if c.change not in here]

    def elsewhere(self, community: Community, *, waits: bool) -> None:
        """Look again: other processes store, mark and settle as well; `waits`: it is marked in the database.

        What this one's log awaits keeps its own door shut, whoever opened another one's.
        """
        missing = self._missing.get(community.id)
        if missing:
            self._missing[community.id] = [c for c in missing if c.change not in community.history]
        if waits:
            self._waiting.add(community.id)
        elif not self._awaited(community.id):
            self._waiting.discard(community.id)

    def settles(self, community: bytes, *, hosting: bool) -> bool:
        """Write, in the transaction, that one who may decide has synced; whether that opens the door."""
        if community not in self._waiting or (self._awaited(community) and not hosting):
            return False
        self._store.settle_restored(community)
        return True

    def settled(self, community: bytes) -> None:
        """That was committed: what is still missing is lost. (A crash before it is noted asks once more.)"""
        self._log.give_up(self._awaited(community))
        self._waiting.discard(community)

    def _awaited(self, community: bytes) -> list[Closing]:
        missing = self._missing.get(community, ())
        return [closing for closing in self._log.awaited(community) if closing in missing] if missing else []


def _closings(community: Community) -> Iterator[Closing]:
    """Every removal and revocation by which somebody is shut out as things stand."""
    roster, history = community.roster, community.history
    for fact in history.facts():
        if fact.kind not in ("removal", "revoke"):
            continue
        key = member_key(fact.subject)
        if key is None:
            continue
        if fact.kind == "removal" and key in roster.members and roster.role(key) is None:
            yield Closing("removal", community.id, key, history.said_by(fact).hash)
        elif fact.kind == "revoke" and any(
            found[key].revoked for found in (roster.invites, roster.links) if key in found
        ):
            yield Closing("revoke", community.id, key, history.said_by(fact).hash)
