"""Statements of trust, as rows: what a roster is computed from without decoding changes again."""

from __future__ import annotations

from dataclasses import dataclass

from moot_shared.format.change import Change

TRUST_KINDS = frozenset({"invite", "revoke", "join", "removal", "role", "link"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of trust: `subject` and `payload` as they stand in the document's text."""

    kind: str
    author: bytes
    actor: bytes
    seq: int
    subject: str
    payload: str


def facts_of(change: Change) -> tuple[Fact, ...]:
    """The statements of trust in an admitted change, in its order."""
    raise NotImplementedError
