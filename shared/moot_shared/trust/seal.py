"""Seals: a member's signature over one change of theirs, and through its deps over all before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from moot_shared.format.change import Change


def seal_message(community: bytes, actor: bytes, seq: int, change_hash: bytes) -> bytes:
    """The bytes that a member signs for the change `(actor, seq, change_hash)` of a community."""
    raise NotImplementedError


def check_seals(changes: Sequence[Change], seals: Mapping[bytes, bytes], community: bytes) -> None:
    """Each actor's run in a batch (causal order) ends with a valid seal; AdmissionError otherwise.

    `seals` maps change hashes to signatures. One verification a run: earlier changes of the
    same actor are vouched for by the chain.
    """
    raise NotImplementedError
