"""Whatever honest members write, in whatever order it arrives, everybody admits."""

from __future__ import annotations

import random

import pytest

from moot_shared.format.change import Change, decode_change
from moot_shared.trust.history import History
from tests.helpers.binding import Pen
from tests.helpers.community import Community, Machine


class Replica:
    """A machine that writes with the binding and keeps what the rules admit."""

    def __init__(self, machine: Machine, base: Community) -> None:
        self.machine = machine
        self.pen = Pen(machine.actor, machine.text)
        self.moot = Community.__new__(Community)
        self.moot.chunks = {}
        self.moot.history = History(self.moot.chunks.__getitem__)
        self.take([base.history.change(h) for h in base.chunks])

    def take(self, changes: list[Change]) -> None:
        for change in changes:
            self.moot.add(change)
        self.pen.apply([change.raw for change in changes])

    def write(self, dice: random.Random) -> None:
        chunk = self.pen.write(dice)
        if chunk is not None:
            self.moot.add(decode_change(chunk))

    def pull(self, other: Replica) -> None:
        missing = other.moot.history.missing_from(self.moot.history.version())
        self.take([other.moot.history.change(entry.hash) for entry in missing])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_everybody_admits_what_honest_members_write(seed: int) -> None:
    dice = random.Random(seed)
    base = Community()
    machines = [base.founder.again(1), *(base.member(name) for name in ("ann", "bob"))]
    replicas = [Replica(machine, base) for machine in (*machines, machines[1].again(9))]
    for _ in range(120):
        dice.choice(replicas).write(dice)
        if dice.random() < 0.35:
            one, other = dice.sample(replicas, 2)
            one.pull(other)
    for _ in range(2):
        for replica in replicas:
            for other in replicas:
                if other is not replica:
                    replica.pull(other)
    for replica in replicas:
        assert replica.pen.heads() == set(replica.moot.history.heads()) == replicas[0].pen.heads()
        assert replica.moot.history.version() == replicas[0].moot.history.version()
