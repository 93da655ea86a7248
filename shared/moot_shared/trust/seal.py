"""Seals: a member's signature over one change of theirs, and through its deps over all before it.

A change names its deps by hash, and its actor's earlier change is among its ancestors. So
one valid seal at the end of an actor's run vouches for the whole run, whoever carried it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from moot_shared.errors import AdmissionError
from moot_shared.format.change import Change
from moot_shared.identity import verify

_SEAL, _JOIN = b"moot seal 1\0", b"moot join 1\0"  # what is signed for one thing is no signature for another


def seal_message(community: bytes, actor: bytes, seq: int, change_hash: bytes) -> bytes:
    """The bytes that a member signs for the change `(actor, seq, change_hash)` of a community."""
    return _SEAL + community + actor + seq.to_bytes(8, "big") + change_hash


def join_message(community: bytes, joiner: bytes) -> bytes:
    """The bytes that an invite's key signs to let one member into one community."""
    return _JOIN + community + joiner


def check_seal(change: Change, seal: bytes | None, community: bytes) -> None:
    """The change's author signed it for this community; AdmissionError otherwise."""
    if seal is None:
        raise AdmissionError("unsealed", "This change carries no signature of the member who made it.")
    message = seal_message(community, change.actor, change.seq, change.hash)
    if not verify(change.author, message, seal):
        raise AdmissionError("seal", "This change is signed by somebody else than it says, or was altered.")


def receipt_message(community: bytes, actor: bytes, at: int, heads: Sequence[bytes]) -> bytes:
    """The bytes that a member signs to say that all of `heads` and before is on this machine's disk.

    `at` is Unix milliseconds by that machine's clock.
    """
    return b"moot receipt 1\0" + community + actor + at.to_bytes(8, "big") + b"".join(sorted(heads))


def bad_runs(
    changes: Sequence[Change], seals: Mapping[bytes, bytes], community: bytes
) -> dict[bytes, AdmissionError]:
    """The actors whose runs in a batch do not end with a valid seal or do not build on themselves, and why.

    `changes` are all changes of a batch that are new here, of all actors, in causal order: a run
    may build on itself by way of others' changes. `seals` maps change hashes to signatures. One
    verification a run: the earlier changes of a run are vouched for because the later ones are
    made on them. Without that, a true sealed change could carry in a forged one that only claims
    to come before it.
    """
    place = {change.hash: index for index, change in enumerate(changes)}
    below: list[int] = []  # for each change, a bit for every change of the batch that it is made on
    last: dict[bytes, int] = {}
    found: dict[bytes, AdmissionError] = {}
    for index, change in enumerate(changes):
        reached = 0
        for dep in change.deps:
            at = place.get(dep, index)
            if at < index:
                reached |= below[at] | 1 << at
        below.append(reached)
        before = last.get(change.actor)
        if before is not None and not reached >> before & 1:
            found[change.actor] = AdmissionError(
                "chain", "This change is not built on the earlier ones of its author."
            )
        last[change.actor] = index
    for actor, index in last.items():
        try:
            check_seal(changes[index], seals.get(changes[index].hash), community)
        except AdmissionError as error:
            found[actor] = error
    return found


def check_seals(changes: Sequence[Change], seals: Mapping[bytes, bytes], community: bytes) -> None:
    """Nothing is wrong with any run of a whole batch (`bad_runs`); AdmissionError otherwise."""
    for error in bad_runs(changes, seals, community).values():
        raise error
