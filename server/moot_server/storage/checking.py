"""Proof of a store from its rows, community by community, as a stranger would read them.

Every change is read strictly, has the name and the place under which it is filed, stands after all
that it is built on, passes admission once more, and is vouched for by its author's seals; statements
of trust are those of the changes; receipts bear their signatures. Nothing is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from moot_server.storage.store import Store
from moot_shared import limits
from moot_shared.errors import AdmissionError, FormatError, StorageError
from moot_shared.format.change import Change, decode_change
from moot_shared.identity import verify
from moot_shared.ids import KEY_BYTES
from moot_shared.trust.admission import admit
from moot_shared.trust.ancestry import Ancestry
from moot_shared.trust.facts import Fact, facts_of
from moot_shared.trust.history import Entry, History
from moot_shared.trust.seal import receipt_message
from moot_shared.wire.fields import HASH_BYTES


@dataclass(slots=True)
class Found:
    """What there is of one community or document, and every sentence about what is not as it must be."""

    community: bytes
    changes: int = 0
    seals: int = 0
    receipts: int = 0
    snapshot: bool = False
    troubles: list[str] = field(default_factory=list)


def check(store: Store, community: bytes) -> Found:
    """Look at all of one community. StorageError where the store itself cannot be read."""
    found = Found(community)
    if len(community) == HASH_BYTES:
        _Community(store, found).check()
    else:
        _Document(store, found).check()
    _snapshot(store, found)
    return found


class _Log:
    """What holds for every log: names, places, chains."""

    limits = limits.DEFAULT

    def __init__(self, store: Store, found: Found) -> None:
        self._store = store
        self._found = found
        self._chunks: dict[bytes, bytes] = {}

    def changes(self) -> Iterator[tuple[Change, bytes | None]]:
        """Those that can be read, in the order in which they were stored, with their seals."""
        found = self._found
        for number, entry in enumerate(self._store.entries(found.community), 1):
            found.changes += 1
            row = self._store.row(found.community, entry.hash)
            try:
                change = decode_change(row.chunk, self.limits)
            except FormatError as error:
                found.troubles.append(f"Change {number} cannot be read: {error}")
                continue
            if Entry.of(change) != entry:
                found.troubles.append(f"Change {number} is filed under another name or place than its own.")
                continue
            found.seals += row.seal is not None
            self._chunks = {change.hash: change.raw}
            yield change, row.seal


class _Community(_Log):
    """One with members: admission, seals, statements and receipts."""

    def check(self) -> None:
        found = self._found
        history = History(lambda name: self._chunks.get(name) or self._store.row(found.community, name).chunk)
        last: dict[bytes, bytes | None] = {}
        said: Counter[Fact] = Counter()
        for change, seal in self.changes():
            try:
                admit(change, history, seal=seal, seal_needed=False, limits=self.limits)
            except AdmissionError as error:
                found.troubles.append(f"Change {found.changes} does not belong here: {error}")
                continue
            history.add(change)
            last[change.actor] = seal
            said.update(facts_of(change))
        if found.changes and history.community != found.community:
            found.troubles.append("These are not the changes of this community: its first one is missing.")
        bare = sum(seal is None for seal in last.values())
        if bare:
            found.troubles.append(f"The newest changes of {bare} of its machines bear no seal.")
        if said != Counter(self._store.facts(found.community)):
            found.troubles.append("What is noted of who belongs is not what the changes say.")
        self._receipts()

    def _receipts(self) -> None:
        found = self._found
        for receipt in self._store.receipts(found.community):
            found.receipts += 1
            signed = receipt_message(found.community, receipt.actor, receipt.at, receipt.heads)
            if not verify(receipt.actor[:KEY_BYTES], signed, receipt.signature):
                found.troubles.append("A receipt is not signed by the machine that it names.")


class _Document(_Log):
    """One of an open relay: its changes follow upon one another."""

    limits = getattr(limits, "OPEN", limits.DEFAULT)

    def check(self) -> None:
        found, ancestry = self._found, Ancestry()
        for change, _ in self.changes():
            try:
                ancestry.append(Entry.of(change))
            except StorageError:
                found.troubles.append(f"Change {found.changes} does not follow upon what is here.")


def _snapshot(store: Store, found: Found) -> None:
    snapshot = store.snapshot(found.community)
    if snapshot is None:
        return
    found.snapshot = True
    if not all(store.has_change(found.community, head) for head in snapshot.heads):
        found.troubles.append("Its snapshot for newcomers holds what is not among its changes.")
