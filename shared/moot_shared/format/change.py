"""A change chunk as a `Change` of `Operation`s."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from moot_shared.limits import DEFAULT, Limits

Scalar = None | bool | int | float | str | bytes


class OpId(NamedTuple):
    """Who made an operation and when (a Lamport time); sorts as Automerge orders operations."""

    counter: int
    actor: bytes


HEAD = OpId(0, b"")
"""The place in a list before its first element."""


class Action(IntEnum):
    """What an operation does, numbered as in the format."""

    MAKE_MAP = 0
    PUT = 1
    MAKE_LIST = 2
    DELETE = 3
    MAKE_TEXT = 4
    INCREMENT = 5
    MAKE_TABLE = 6
    MARK = 7


class ValueKind(IntEnum):
    """What a value is, numbered as in the format; UNKNOWN stands for the kinds reserved there (10-15)."""

    NULL = 0
    FALSE = 1
    TRUE = 2
    UINT = 3
    INT = 4
    FLOAT = 5
    STR = 6
    BYTES = 7
    COUNTER = 8
    TIMESTAMP = 9
    UNKNOWN = 10


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `obj` is None for the root; `key` is a map's key, or a list element's id (or HEAD)."""

    id: OpId
    obj: OpId | None
    key: str | OpId
    insert: bool
    action: Action
    kind: ValueKind
    value: Scalar
    pred: tuple[OpId, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One change: operations made together, and the changes that they were made on (`deps`)."""

    hash: bytes
    deps: tuple[bytes, ...]
    actor: bytes
    seq: int
    start_op: int
    time: int
    message: str
    operations: tuple[Operation, ...]
    raw: bytes
    """The canonical, uncompressed chunk: what is stored, and what the hash is over."""

    @property
    def last_op(self) -> int:
        """The counter of the last operation; `start_op - 1` where there is none."""
        return self.start_op + len(self.operations) - 1

    @property
    def author(self) -> bytes:
        """The member who made it: the actor's first 32 bytes."""
        return self.actor[:32]


def decode_change(chunk: bytes, limits: Limits = DEFAULT) -> Change:
    """Read one change chunk, deflated or not; FormatError, in one sentence, for all but the canonical form."""
    raise NotImplementedError
