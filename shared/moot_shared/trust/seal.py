"""Seals: a member's signature over one change of theirs, and through its deps over all before it.

A change names its deps by hash, and its actor's earlier change is among its ancestors. So
one valid seal at the end of an actor's run vouches for the whole run, whoever carried it.
"""

from __future__ import annotations

from collections.abc import Sequence

from moot_shared.errors import AdmissionError
from moot_shared.format.change import Change
from moot_shared.frozen import frozen
from moot_shared.identity import verify

WINDOW = 64
"""Stores keep one seal of each author among so many changes in the order in which they were stored."""

UNSEALED = "This change carries no signature of the member who made it."

_SEAL, _JOIN = b"moot seal 1\0", b"moot join 1\0"  # what is signed for one thing is no signature for another


@frozen
class Sealed:
    """A change as it travels: its canonical, uncompressed chunk, and the seal beside it if there is one.

    The seal is None where a later one of the same author covers it. Nothing is verified yet.
    """

    chunk: bytes
    seal: bytes | None


def seal_message(community: bytes, actor: bytes, seq: int, change_hash: bytes) -> bytes:
    """The bytes that a member signs for the change `(actor, seq, change_hash)` of a community."""
    return _SEAL + community + actor + seq.to_bytes(8, "big") + change_hash


def join_message(community: bytes, joiner: bytes) -> bytes:
    """The bytes that an invite's key signs to let one member into one community."""
    return _JOIN + community + joiner


def check_seal(change: Change, seal: bytes | None, community: bytes) -> None:
    """The change's author signed it for this community; AdmissionError otherwise."""
    if seal is None:
        raise AdmissionError("unsealed", UNSEALED)
    message = seal_message(community, change.actor, change.seq, change.hash)
    if not verify(change.author, message, seal):
        raise AdmissionError("seal", "This change is signed by somebody else than it says, or was altered.")


def receipt_message(community: bytes, actor: bytes, at: int, heads: Sequence[bytes]) -> bytes:
    """The bytes that a member signs to say that all of `heads` and before is on this machine's disk.

    `at` is Unix milliseconds by that machine's clock.
    """
    return b"moot receipt 1\0" + community + actor + at.to_bytes(8, "big") + b"".join(sorted(heads))
