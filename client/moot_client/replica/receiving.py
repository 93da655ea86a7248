"""Changes from elsewhere: read strictly, judged one by one, kept together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from moot_client.replica.writer import Writer
from moot_shared.errors import AdmissionError, FormatError
from moot_shared.format.change import Change, decode_change
from moot_shared.trust.admission import MissingDeps, admit
from moot_shared.trust.seal import bad_runs


@dataclass(frozen=True, slots=True)
class Sealed:
    """A change as it travels: its canonical chunk, and the seal beside it if there is one."""

    chunk: bytes
    seal: bytes | None


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a batch of changes: how many were new, and what was refused and why."""

    new: int
    refused: tuple[tuple[bytes, str, str], ...] = ()  # hash, code, reason
    missing: tuple[bytes, ...] = ()  # hashes of ancestors that are not here


def receive(
    writer: Writer, batch: Sequence[Sealed], own_actor: bytes, withdrawn: Collection[bytes] = ()
) -> Received:
    """Admit a batch (causal order) and commit what is admitted; durable when it returns.

    `own_actor` is the actor under which this machine writes: nobody else may. `withdrawn` hashes
    were refused before and are not looked at again.
    """
    history = writer.history
    changes, refused = _read(batch)
    seals = {c.hash: s.seal for c, s in changes if s.seal is not None}
    community = history.community or (changes[0][0].hash if changes else b"")
    refused += _unsealed([c for c, _ in changes if c.hash not in history], seals, community)
    stopped = {change_hash for change_hash, _, _ in refused} | set(withdrawn)
    missing: dict[bytes, None] = {}
    admitted: list[Change] = []
    with writer.transaction():
        for change, sealed in changes:
            if change.hash in history or change.hash in stopped:
                continue
            try:
                _judge(change, writer, own_actor, stopped)
            except MissingDeps as error:
                missing.update(dict.fromkeys(error.missing))
                continue
            except AdmissionError as error:
                refused.append((change.hash, error.code, str(error)))
                stopped.add(change.hash)
                continue
            writer.keep(change, sealed.seal)
            admitted.append(change)
        if admitted:
            writer.settle(admitted)
    return Received(len(admitted), tuple(refused), tuple(missing))


def _read(batch: Sequence[Sealed]) -> tuple[list[tuple[Change, Sealed]], list[tuple[bytes, str, str]]]:
    changes: list[tuple[Change, Sealed]] = []
    refused: list[tuple[bytes, str, str]] = []
    for sealed in batch:
        try:
            changes.append((decode_change(sealed.chunk), sealed))
        except FormatError as error:
            refused.append((b"", error.code, str(error)))
    return changes, refused


def _unsealed(
    changes: Sequence[Change], seals: dict[bytes, bytes], community: bytes
) -> list[tuple[bytes, str, str]]:
    """Runs that do not end with a good seal, refused whole; one actor's trouble is not another's."""
    bad = bad_runs(changes, seals, community)
    return [(c.hash, bad[c.actor].code, str(bad[c.actor])) for c in changes if c.actor in bad]


def _judge(change: Change, writer: Writer, own_actor: bytes, stopped: Collection[bytes]) -> None:
    if writer.history.at(change.actor, change.seq) is not None:
        raise AdmissionError("fork", "Its author has said two different things in the same place.")
    if change.actor == own_actor:
        raise AdmissionError("not mine", "This change bears this machine's name, and it did not write it.")
    if any(dep in stopped for dep in change.deps):
        raise AdmissionError("built on refused", "This change is built on one that was refused.")
    admit(change, writer.history, seal=None, seal_needed=False)
