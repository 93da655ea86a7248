"""What the simulated relay's shell does with those who do not read, as the real one."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from moot_client.replica.commands import Create
from tests.simulation.template import Template
from tests.simulation.world import World


@pytest.mark.slow
def test_who_does_not_take_what_waits_for_them_is_dropped_and_catches_up(
    cohort: Template, ground: Path
) -> None:
    world = World(1, cohort, ground / "slow")
    relay, schedule = world.relays[0], world.schedule
    relay._most = 24 * 1024
    schedule.run(schedule.now + 30_000)
    mara, other = world.machine(cohort.founder), next(m for m in world.machines if m.name == "ines")
    assert mara.settled
    assert other.settled
    assert other.replica
    assert mara.replica
    wire = other.wire
    assert wire
    other.sleep(35_000)
    for number in range(20):
        mara.replica.do(
            Create("issue", {"title": f"Long {number}", "body": Random(number).randbytes(3_000).hex()})
        )
        mara.pump()
        schedule.run(schedule.now + 1_000)
    assert wire.number not in relay._wires
    assert mara.settled
    schedule.run(schedule.now + 200_000)
    assert other.replica.heads() == mara.replica.heads()
    world.close()
    shutil.rmtree(world.folder)
