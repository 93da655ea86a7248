"""How full a community is on this relay, and what still gets in when it is.

A document that grows for ever becomes too much for its members' machines, so a relay takes so many
operations and actors, and says so from four fifths on. This is its own policy and no rule of
admission: no replica asks it. A page that does not fit is refused as a whole; nothing is marked as
refused, the sender's machine keeps it and its owner works on, and reading goes on for all.

Who belongs can be settled in a full community too: there is a reserve, for the pages of convenors
and for pages that hold a statement of trust, and behind it a convenor's statements of trust still
get through, and the word of a member who leaves. (A page goes whole, since such a statement stands on
its author's earlier changes.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from moot_server.members.community import Community
from moot_server.members.peers import Peer
from moot_server.storage.store import Store
from moot_shared.errors import FormatError
from moot_shared.format.change import Change, decode_change
from moot_shared.ids import encode_bytes
from moot_shared.limits import Limits
from moot_shared.trust.facts import facts_of
from moot_shared.trust.history import Entry
from moot_shared.trust.seal import Sealed
from moot_shared.wire.messages import Refusal

RESERVE = 1.05
SETTLES = frozenset({"removal", "revoke", "role", "self"})
"""Statements of trust that get in; a join brings one more who writes, and an invite as well."""


class Filling:
    """Of all communities on a relay."""

    def __init__(self, store: Store, limits: Limits) -> None:
        self._store = store
        self._limits = limits
        self._sizes: dict[bytes, tuple[int, int]] = {}  # community -> operations, actors

    def refusal(self, community: Community, batch: Sequence[Sealed], peer: Peer, page: int) -> Refusal | None:
        """Why a member's page does not get in; None where there is room for it.

        What they send after one that did not is most likely built on it, and is not asked about room.
        """
        limits, (operations, actors) = self._limits, self._size(community.id)
        if not peer.full and (
            operations + len(batch) * limits.change_operations <= limits.document_operations
            and actors + len(batch) <= limits.document_actors
        ):
            return None
        new = [change for change in _read(batch, limits) if change.hash not in community.history]
        operations += sum(len(change.operations) for change in new)
        actors += len({change.actor for change in new}.difference(community.history.actors()))
        if not new:
            return None
        convenor = community.roster.role(peer.key) == "convenor"
        said = [fact for change in new for fact in facts_of(change)]
        settles = any(fact.kind in SETTLES for fact in said)
        leaves = any(fact.kind == "removal" and fact.subject == encode_bytes(fact.author) for fact in said)
        peer.full = not (
            (not peer.full and self._fits(operations, actors, 1.0))
            or ((settles or convenor) and self._fits(operations, actors, RESERVE))
            or (settles and convenor)
            or leaves
        )
        if not peer.full:
            return None
        return Refusal("document full", self._text(actors), page=page)

    def grew(self, community: bytes, new: Iterable[Change | Entry]) -> None:
        """Changes were committed."""
        if community in self._sizes:
            operations, actors = self._sizes[community]
            for change in new:
                operations += change.last_op - change.start_op + 1
                actors += change.seq == 1
            self._sizes[community] = operations, actors

    def forget(self, community: bytes) -> None:
        """It is no longer in memory."""
        self._sizes.pop(community, None)

    def worth_a_word(self, community: bytes) -> int | None:
        """How full it is, in per cent, where its members should know."""
        operations, actors = self._size(community)
        limits = self._limits
        fill = max(100 * operations // limits.document_operations, 100 * actors // limits.document_actors)
        return fill if fill >= limits.document_warning_percent else None

    def _size(self, community: bytes) -> tuple[int, int]:
        found = self._sizes.get(community)
        if found is None:
            found = self._sizes[community] = self._store.size(community)
        return found

    def _fits(self, operations: int, actors: int, share: float) -> bool:
        limits = self._limits
        return operations <= share * limits.document_operations and actors <= share * limits.document_actors

    def _text(self, actors: int) -> str:
        limits = self._limits
        what = (
            f"{limits.document_actors:,} machines and more have written in it"
            if actors > limits.document_actors
            else f"it holds the {limits.document_operations:,} operations that this relay takes for one"
        )
        return (
            f"This community is full: {what}. What you write from now on stays on your machine only, and "
            "you go on reading. A convenor can begin a new community and bring over what matters from an "
            "export (moot export), or whoever runs the relay raises its limit."
        )


def _read(batch: Sequence[Sealed], limits: Limits) -> list[Change]:
    """Those that can be read; of the others their sender is told when they are judged."""
    changes = []
    for carried in batch:
        try:
            changes.append(decode_change(carried.chunk, limits))
        except FormatError:
            continue
    return changes
