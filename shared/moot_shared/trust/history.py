"""The index that admission needs: which changes there are, and what came before what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from moot_shared.format.change import Change, Operation, OpId
from moot_shared.trust.facts import Fact


@dataclass(frozen=True, slots=True)
class Entry:
    """A change without its operations: what a store loads to know its history again."""

    hash: bytes
    deps: tuple[bytes, ...]
    actor: bytes
    seq: int
    start_op: int
    last_op: int

    @classmethod
    def of(cls, change: Change) -> Entry:
        """The entry of a decoded change."""
        return cls(change.hash, change.deps, change.actor, change.seq, change.start_op, change.last_op)


@dataclass(frozen=True, slots=True)
class Fork:
    """Two different changes of one actor at one seq: ours, and the one that another holder reports."""

    actor: bytes
    seq: int
    ours: bytes
    theirs: bytes


class History:
    """All admitted changes of one community, in memory, in causal order, without operations."""

    community: bytes | None
    """The genesis change's hash; None while there is none."""
    founder: bytes
    records_id: OpId
    said_id: OpId

    def __init__(self, fetch: Callable[[bytes], bytes]) -> None:
        """`fetch` gives the raw chunk of a stored change by its hash."""
        raise NotImplementedError

    def add(self, change: Change) -> None:
        """Take in an admitted change; a change already here is left as it is."""
        raise NotImplementedError

    def load(self, entries: Iterable[Entry], facts: Iterable[Fact]) -> None:
        """Take in what a store kept: entries in causal order, and the facts of their changes."""
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def __contains__(self, change_hash: object) -> bool:
        raise NotImplementedError

    def entry(self, change_hash: bytes) -> Entry:
        """The entry of a known change; KeyError for an unknown one."""
        raise NotImplementedError

    def heads(self) -> tuple[bytes, ...]:
        """The hashes of changes that nothing here depends on, sorted."""
        raise NotImplementedError

    def actors(self) -> Iterable[bytes]:
        """Every actor that has a change here."""
        raise NotImplementedError

    def last(self, actor: bytes) -> Entry | None:
        """An actor's newest change."""
        raise NotImplementedError

    def at(self, actor: bytes, seq: int) -> Entry | None:
        """An actor's change by its sequence number."""
        raise NotImplementedError

    def clock(self, hashes: Iterable[bytes]) -> Mapping[bytes, int]:
        """actor -> highest seq among the given changes and their ancestors. Do not alter it."""
        raise NotImplementedError

    def version(self) -> dict[bytes, tuple[int, bytes]]:
        """actor -> (last seq, its hash): exactly what is here."""
        raise NotImplementedError

    def missing_from(self, version: Mapping[bytes, tuple[int, bytes]]) -> list[Entry]:
        """What a holder of `version` lacks, in causal order; what we do not know is passed over."""
        raise NotImplementedError

    def forks(self, version: Mapping[bytes, tuple[int, bytes]]) -> list[Fork]:
        """Where a holder of `version` has another change than ours at the same actor and seq."""
        raise NotImplementedError

    def operation(self, op: OpId) -> Operation | None:
        """An operation by its id, decoded again from its change (cached); None if unknown."""
        raise NotImplementedError

    def change(self, change_hash: bytes) -> Change:
        """A known change, decoded again (cached); KeyError for an unknown one."""
        raise NotImplementedError

    def facts(self, clock: Mapping[bytes, int] | None = None) -> tuple[Fact, ...]:
        """The statements of trust here, or those among the ancestors that `clock` names; causal order."""
        raise NotImplementedError
