"""Statements of trust, as rows: what a roster is computed from without decoding changes again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moot_shared.errors import FormatError
from moot_shared.format.change import Action, Change, Operation, ValueKind
from moot_shared.frozen import frozen
from moot_shared.ids import KEY_BYTES, decode_bytes
from moot_shared.jsons import read_object

TRUST_KINDS = frozenset({"invite", "revoke", "join", "removal", "role", "self"})
"""Kinds of statements that are only ever added to: no put of them replaces another. (`self` links a
member to an earlier key of theirs; `link` is what issues have between them, and can be said again.)"""

RECORDS_COUNTER, SAID_COUNTER = 2, 3
"""The genesis change makes `records` and `said` as its second and third operation; all other
changes are made on it, so no other operation in a community has these counters."""


@frozen
class Fact:
    """One statement of trust: `subject` and `payload` as they stand in the document's text."""

    kind: str
    author: bytes
    actor: bytes
    seq: int
    subject: str
    payload: str

    def values(self) -> Mapping[str, Any]:
        """The payload as JSON; empty where it is not an object."""
        try:
            return read_object(self.payload)
        except FormatError:
            return {}


def facts_of(change: Change) -> tuple[Fact, ...]:
    """The statements of trust in an admitted change, in its order."""
    return tuple(
        Fact(key[1], change.author, change.actor, change.seq, key[2], str(op.value))
        for op in change.operations
        if (key := _statement(op)) and key[1] in TRUST_KINDS
    )


def _statement(op: Operation) -> list[str] | None:
    """author, kind and subject of a statement that is said; None for any other operation."""
    if op.obj is None or op.obj.counter != SAID_COUNTER or op.action is not Action.PUT:
        return None
    parts = op.key.split("/", 2) if isinstance(op.key, str) and op.kind is ValueKind.STR else []
    return parts if len(parts) == 3 else None


def member_key(text: object) -> bytes | None:
    """A key from its text in a statement; None where somebody wrote something else there."""
    try:
        return decode_bytes(text, KEY_BYTES) if isinstance(text, str) else None
    except FormatError:
        return None
