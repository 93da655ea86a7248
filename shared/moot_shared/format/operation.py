"""What a change is made of: operations, their ids, what they do and the values they carry."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from moot_shared.frozen import frozen

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


MAKES = frozenset({Action.MAKE_MAP, Action.MAKE_LIST, Action.MAKE_TEXT, Action.MAKE_TABLE})
"""The actions that make a container."""


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


class Mark(NamedTuple):
    """What a MARK carries beside its value: the name of what begins (None where one ends), and whether
    text that is written at its edge belongs to it.
    """

    name: str | None
    expand: bool


@frozen
class Operation:
    """One operation. `obj` is None for the root; `key` is a map's key, or a list element's id (or HEAD).

    `value` is milliseconds for a TIMESTAMP, and raw bytes for UNKNOWN. `pred` are the operations
    that this one replaces, sorted. `mark` is there for a MARK and for nothing else.
    """

    id: OpId
    obj: OpId | None
    key: str | OpId
    insert: bool
    action: Action
    kind: ValueKind
    value: Scalar
    pred: tuple[OpId, ...]
    mark: Mark | None = None
