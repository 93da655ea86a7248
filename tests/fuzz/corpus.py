"""What every case begins from: the honest community's changes, its history, and everybody's keys."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from moot_client.replica.replica import Replica
from moot_shared.document import Document
from moot_shared.format.change import Action, Change, OpId, decode_change
from moot_shared.identity import Identity
from moot_shared.trust.facts import Fact, facts_of
from moot_shared.trust.history import Entry, History
from moot_shared.trust.lines import InviteLine
from moot_shared.trust.seal import Sealed, seal_message
from tests.fuzz.community import play
from tests.helpers.community import Machine, person

HONEST = "mara"
"""Whose replica and relay take in the cases; nobody else has this key."""


@dataclass
class Corpus:
    """The community, in memory; nothing here changes while cases are played."""

    folder: Path
    replicas: dict[str, Replica]
    lines: dict[str, InviteLine]
    sealed: list[Sealed]
    changes: list[Change]
    facts: list[Fact]
    history: History
    document: Document
    machines: dict[str, Machine]
    """Everybody who may play the attacker: members, who came to read, who was removed, a stranger."""
    maps: list[OpId]
    lists: list[OpId]
    elements: list[OpId]

    @property
    def id(self) -> bytes:
        """The community's id."""
        return self.changes[0].hash

    @property
    def digest(self) -> str:
        """Names the community, so that a case that is played again is seen to begin from the same."""
        return hashlib.sha256(b"".join(self.history.heads())).hexdigest()[:12]

    def seal(self, change: Change, by: Machine) -> bytes:
        """The seal of somebody over a change."""
        return by.identity.sign(seal_message(self.id, change.actor, change.seq, change.hash))

    @contextmanager
    def with_(self, change: Change) -> Iterator[History]:
        """The history with one more admitted change, and whatever is added to it meanwhile."""
        mark = self.history.mark()
        self.history.unwritten[change.hash] = change.raw
        self.history.add(change)
        try:
            yield self.history
        finally:
            self.history.unwritten.clear()
            self.history.cut(mark)

    def at(self, dice: random.Random) -> tuple[bytes, ...]:
        """Somewhere to build on: most often all that there is."""
        what = dice.random()
        if what < 0.7:
            return self.history.heads()
        if what < 0.85:
            return dice.choice(self.changes[20:]).deps
        return tuple(sorted({dice.choice(self.changes[20:]).hash for _ in range(dice.randint(1, 3))}))


@contextmanager
def corpus(folder: Path) -> Iterator[Corpus]:
    """Play the community in a folder, and keep what the cases need."""
    cast = play(folder / "honest")
    try:
        host = cast.replicas[HONEST]
        sealed = list(host.lacking({}))
        changes = [decode_change(one.chunk) for one in sealed]
        raws = {change.hash: change.raw for change in changes}
        facts = [fact for change in changes for fact in facts_of(change)]
        history = History(raws.__getitem__)
        history.load(map(Entry.of, changes), facts)
        document = Document(host.actor)
        document.apply([change.raw for change in changes])
        document.expect(history.heads())
        made = {action: _made(changes, action) for action in (Action.MAKE_MAP, Action.MAKE_LIST)}
        elements = [op.id for change in changes for op in change.operations if op.insert]
        machines = {name: _machine(r) for name, r in cast.replicas.items() if name != HONEST}
        machines |= {"stranger": person("stranger"), "third": machines["joon"].again(77)}
        yield Corpus(
            folder, cast.replicas, cast.lines, sealed, changes, facts, history, document, machines,
            made[Action.MAKE_MAP], made[Action.MAKE_LIST], elements,
        )  # fmt: skip
    finally:
        cast.close()


def _made(changes: list[Change], action: Action) -> list[OpId]:
    return [op.id for change in changes for op in change.operations if op.action is action and op.obj]


def _machine(replica: Replica) -> Machine:
    identity = Identity.from_seed(replica.identity.seed)
    return Machine(identity, int.from_bytes(replica.actor[32:], "big"))
