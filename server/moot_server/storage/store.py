"""What a relay keeps, as one small interface: whoever outgrows one machine puts another store behind it.

Everything is written inside `transaction`; what it has left is durable. Nothing else of the
relay knows SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from moot_server.events import Told
from moot_shared.format.change import Change
from moot_shared.format.outline import Outline
from moot_shared.trust.facts import Fact
from moot_shared.trust.history import Entry
from moot_shared.trust.seal import Sealed
from moot_shared.wire.messages import Receipt


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A document in one piece, as it is sent to newcomers: a cache, of which losing loses nothing."""

    heads: tuple[bytes, ...]
    """The newest changes in it, sorted."""
    chunk: bytes
    changes: int
    """How many there are in it."""


@dataclass(frozen=True, slots=True)
class News:
    """What other processes have stored in a community that this one has in memory."""

    entries: Sequence[Entry] = ()
    """Changes without their operations, in the order in which they were stored."""
    facts: Sequence[Fact] = ()
    receipts: Sequence[Receipt] = ()
    restored: bool = False
    """Whether it waits for a convenor, by now."""


class Store(Protocol):
    """The log of every community, and what admission needs to know of it again after a restart.

    All methods raise StorageError for trouble with the disk.
    """

    committed: Callable[[float], None]
    """Told how many seconds each commit took."""

    def settle(self, kind: str) -> None:
        """Say what this store is for, once for all; StorageError where it is for something else."""

    def relay_id(self) -> bytes:
        """16 bytes that name this store: another one, or an emptied one, has another name."""

    def names(self) -> frozenset[str]:
        """Addresses that are kept as this relay's own."""

    def close(self) -> None:
        """Let go of it."""

    def another(self) -> Store:
        """The same store with a connection of its own, for another thread."""

    def communities(self) -> Sequence[bytes]:
        """All that have a change here."""

    def probe(self) -> None:
        """Store something of no consequence; StorageError where nothing can be stored."""

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

    def snapshot(self, community: bytes) -> Snapshot | None:
        """The last snapshot that was kept."""

    # -- beside other processes ------------------------------------------------------------------

    def steady(self) -> AbstractContextManager[None]:
        """What is read inside is of one moment, whatever other processes store meanwhile."""

    def news(self, community: bytes, changes: int, told: Told | None = None) -> News | None:
        """What others have stored beyond the first so many changes; None where nobody else can.

        And None where all that is `told` of is known already: then nothing is asked.
        Inside a transaction that names the community, nothing more of others' comes until it is left.
        """

    # -- writing ---------------------------------------------------------------------------------

    def transaction(self, communities: Iterable[bytes] = ()) -> AbstractContextManager[None]:
        """All or nothing, and durable when it is left.

        Who adds changes or receipts says of which communities, and asks for their `news` first: until then
        no other process writes there.
        """

    def add_change(
        self, community: bytes, change: Change | Outline, seal: bytes | None, facts: Iterable[Fact]
    ) -> None:
        """Append a change."""

    def add_name(self, address: str) -> None:
        """Keep an address as one of this relay's own."""

    def mark_restored(self, communities: Iterable[bytes] | None = None) -> None:
        """They wait for a convenor from the next start on; all that are here, where none are named."""

    def settle_restored(self, community: bytes) -> None:
        """A convenor has come."""

    def set_receipt(self, community: bytes, receipt: Receipt) -> None:
        """Keep a machine's newest receipt."""

    def set_snapshot(self, community: bytes, snapshot: Snapshot) -> None:
        """Keep a snapshot in the place of the last one."""
