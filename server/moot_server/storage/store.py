"""What a relay keeps, as one small interface: whoever outgrows one machine puts another store behind it.

Everything is written inside `transaction`; what it has left is durable. Nothing else of the
relay knows SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from moot_shared.format.change import Change
from moot_shared.trust.facts import Fact
from moot_shared.trust.history import Entry
from moot_shared.trust.seal import Sealed
from moot_shared.wire.messages import Receipt


class Store(Protocol):
    """The log of every community, and what admission needs to know of it again after a restart.

    All methods raise StorageError for trouble with the disk.
    """

    def relay_id(self) -> bytes:
        """16 bytes that name this store: another one, or an emptied one, has another name."""

    def names(self) -> frozenset[str]:
        """Addresses that are kept as this relay's own."""

    def close(self) -> None:
        """Let go of it."""

    # -- at the door: the same few look-ups whether a community exists or not -------------------

    def knows_member(self, community: bytes, key: bytes) -> bool:
        """Whether this key founded or ever joined the community."""

    def knows_invite(self, community: bytes, key: bytes) -> bool:
        """Whether such an invite was ever made."""

    # -- reading ---------------------------------------------------------------------------------

    def entries(self, community: bytes) -> Iterator[Entry]:
        """Every change without its operations, in the order in which they were stored."""

    def facts(self, community: bytes) -> Iterator[Fact]:
        """Every statement of trust, in that order."""

    def receipts(self, community: bytes) -> Iterator[Receipt]:
        """Each machine's newest receipt."""

    def row(self, community: bytes, change_hash: bytes) -> Sealed:
        """One stored change; KeyError for an unknown one."""

    def has_change(self, community: bytes, change_hash: bytes) -> bool:
        """Whether a change is stored."""

    def size(self, community: bytes) -> tuple[int, int]:
        """How many operations there are, and how many actors."""

    def restored(self) -> frozenset[bytes]:
        """Communities that were put back from an older copy and wait for a convenor."""

    # -- writing ---------------------------------------------------------------------------------

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing, and durable when it is left."""

    def add_change(self, community: bytes, change: Change, seal: bytes | None, facts: Iterable[Fact]) -> None:
        """Append a change."""

    def add_name(self, address: str) -> None:
        """Keep an address as one of this relay's own."""

    def mark_restored(self, communities: Iterable[bytes] | None = None) -> None:
        """They wait for a convenor from the next start on; all that are here, where none are named."""

    def settle_restored(self, community: bytes) -> None:
        """A convenor has come."""

    def set_receipt(self, community: bytes, receipt: Receipt) -> None:
        """Keep a machine's newest receipt."""
