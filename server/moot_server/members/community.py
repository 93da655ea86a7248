"""One community on a relay: its history in memory, its rows in the store, and who belongs to it.

The history is an index of the rows and runs ahead of the disk only inside a transaction: where
that fails, the whole `Community` is dropped and loaded again from rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from moot_server.events import Told
from moot_server.storage.store import News, Store
from moot_shared.format.change import Change
from moot_shared.limits import Limits
from moot_shared.trust.facts import facts_of
from moot_shared.trust.history import History
from moot_shared.trust.intake import take_in
from moot_shared.trust.roster import Roster
from moot_shared.trust.seal import Sealed
from moot_shared.trust.waiting import Waiting
from moot_shared.wire.messages import Receipt, Refusal


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
        self.history = History(lambda change_hash: self._store.row(self.id, change_hash).chunk)
        with self._store.steady():
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

    def catch_up(self, told: Told | None = None) -> News | None:
        """Take in what other processes have stored; what of it is new, None where there can be nothing."""
        news = self._store.news(self.id, len(self.history), told)
        if news is None:
            return None
        self.history.load(news.entries, news.facts)
        if news.entries:
            self._roster = None
        fresh = [receipt for receipt in news.receipts if self.receipts.get(receipt.actor) != receipt]
        self.receipts |= {receipt.actor: receipt for receipt in fresh}
        return replace(news, receipts=fresh)

    def take(self, batch: Sequence[Sealed], waiting: Waiting) -> Taken:
        """Admit and write what the rules allow of a batch in causal order; inside a transaction."""
        verdict = take_in(batch, self.history, self.id, waiting, limits=self._limits)
        taken = Taken(
            [item.change for item in verdict.admitted],
            verdict.through,
            {h: Refusal(no.code, no.reason, no.hash) for h, no in verdict.refused.items()},
        )
        for item in verdict.admitted:
            facts = facts_of(item.change)
            self._store.add_change(self.id, item.change, item.seal, facts)
            if facts or self.history.links or item.change.hash == self.id:
                taken.facts, self._roster = True, None
        return taken
