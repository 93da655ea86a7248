"""One community on a relay: its history in memory, its rows in the store, and who belongs to it.

The history is an index of the rows and runs ahead of the disk only inside a transaction: where
that fails, the whole `Community` is dropped and loaded again from rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from moot_server.store import Store, Undone
from moot_shared.errors import AdmissionError, FormatError
from moot_shared.format.change import Change, decode_change
from moot_shared.limits import Limits
from moot_shared.trust.admission import MissingDeps, admit
from moot_shared.trust.facts import facts_of
from moot_shared.trust.history import History
from moot_shared.trust.roster import Roster
from moot_shared.trust.seal import bad_runs, check_seal
from moot_shared.wire.messages import Receipt, Refusal
from moot_shared.wire.pages import Carried


@dataclass(slots=True)
class Taken:
    """What became of a batch: new changes in order, through which seqs all of it is stored, and refusals."""

    new: list[Change] = field(default_factory=list)
    through: dict[bytes, int] = field(default_factory=dict)
    refused: dict[bytes, Refusal] = field(default_factory=dict)
    facts: bool = False
    """Whether it says anything about who belongs."""


class Community:
    """Loaded when somebody who belongs to it comes; empty for one that is about to be put here."""

    def __init__(self, community: bytes, store: Store, limits: Limits) -> None:
        self.id = community
        self._store = store
        self._limits = limits
        self._load()

    def _load(self) -> None:
        self.history = History(lambda change_hash: self._store.row(self.id, change_hash).chunk)
        self.history.load(self._store.entries(self.id), self._store.facts(self.id))
        self.receipts = {receipt.actor: receipt for receipt in self._store.receipts(self.id)}
        self._roster: Roster | None = None

    @property
    def roster(self) -> Roster:
        """Who belongs, by everything that is stored."""
        if self._roster is None:
            self._roster = Roster(self.history)
        return self._roster

    def keep_receipt(self, receipt: Receipt) -> None:
        """Keep a machine's newest receipt (its signature has been checked)."""
        self._store.set_receipt(self.id, receipt)
        self.receipts[receipt.actor] = receipt

    def take(self, batch: Sequence[Carried]) -> Taken:
        """Admit and write what the rules allow of a batch in causal order; inside a transaction.

        A change whose author's later, sealed change is refused would stand there unsealed, and
        nobody would take it from us: then the batch is judged again without it.
        """
        refused: dict[bytes, Refusal] = {}
        changes = self._read(batch, refused)
        seals = self._good_seals(changes, {c.hash: s for c, s in changes if s is not None}, refused)
        while True:
            taken = Taken(refused=dict(refused))
            bare: list[Change] = []
            with self._store.attempt():
                self._judge([change for change, _ in changes], seals, taken)
                bare = _bare(taken.new, seals)
                if bare:
                    raise Undone
            if not bare:
                return taken
            self._load()
            for change in bare:
                refused[change.hash] = _refusal(
                    change.hash, "unsealed", "The change that vouches for it was refused."
                )

    def _read(
        self, batch: Sequence[Carried], refused: dict[bytes, Refusal]
    ) -> list[tuple[Change, bytes | None]]:
        changes = []
        for carried in batch:
            try:
                changes.append((decode_change(carried.chunk, self._limits), carried.seal))
            except FormatError as error:
                name = hashlib.sha256(carried.chunk[8:]).digest()  # by which its sender knows it
                refused[name] = _refusal(name, error.code, str(error))
        return changes

    def _good_seals(
        self,
        changes: Sequence[tuple[Change, bytes | None]],
        given: dict[bytes, bytes],
        refused: dict[bytes, Refusal],
    ) -> dict[bytes, bytes]:
        """The seals that hold. Each is kept, since a page for somebody may have to end at any of them."""
        fresh = [change for change, _ in changes if change.hash not in self.history]
        wrong = bad_runs(fresh, given, self.id)
        good: dict[bytes, bytes] = {}
        for change in fresh:
            error = wrong.get(change.actor)
            if error is not None:
                refused[change.hash] = _refusal(change.hash, error.code, str(error))
                continue
            try:
                check_seal(change, given.get(change.hash), self.id)
            except AdmissionError:
                continue  # a later one of this run vouches for it
            good[change.hash] = given[change.hash]
        return good

    def _judge(self, changes: Sequence[Change], seals: dict[bytes, bytes], taken: Taken) -> None:
        for change in changes:
            if change.hash not in self.history:
                if change.hash in taken.refused:
                    continue
                try:
                    self._admit(change, taken.refused)
                except AdmissionError as error:
                    taken.refused[change.hash] = _refusal(change.hash, error.code, str(error))
                    continue
                facts = facts_of(change)
                self._store.add_change(self.id, change, seals.get(change.hash), facts)
                self.history.add(change)
                taken.new.append(change)
                if facts or change.hash == self.id:
                    taken.facts, self._roster = True, None
            taken.through[change.actor] = max(change.seq, taken.through.get(change.actor, 0))

    def _admit(self, change: Change, refused: dict[bytes, Refusal]) -> None:
        if not len(self.history) and change.hash != self.id:
            raise AdmissionError("other community", "This is not the first change of this community.")
        known = self.history.at(change.actor, change.seq)
        if known is not None:
            raise AdmissionError(
                "fork", "Its author has said two different things at the same place in their history."
            )
        try:
            admit(change, self.history, seal=None, seal_needed=False)
        except MissingDeps as error:
            if any(dep in refused for dep in error.missing):
                raise AdmissionError(
                    "built on refused", "This change is built on one that was refused."
                ) from error
            raise


def _bare(new: Sequence[Change], seals: dict[bytes, bytes]) -> list[Change]:
    """Changes at the end of their author's run that no seal vouches for."""
    sealed_later: set[bytes] = set()
    bare = []
    for change in reversed(new):
        if change.hash in seals:
            sealed_later.add(change.actor)
        elif change.actor not in sealed_later:
            bare.append(change)
    return bare


def _refusal(change_hash: bytes, code: str, text: str) -> Refusal:
    return Refusal(code, text, change_hash)
