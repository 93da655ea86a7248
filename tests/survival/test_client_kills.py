"""What a member's Moot said is on the machine is there, whenever it is killed; `scripts/survive` goes on."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.founding import found_community
from tests.survival.client_kills import kill_clients
from tests.survival.ledger import Ledger
from tests.survival.victim import Running, Victim
from tests.survival.watch import Failed, Watch

HASTY = "tests.survival.hasty_client"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them"),
]


async def test_a_moot_that_is_killed_six_times_has_all_that_it_said() -> None:
    figures = await kill_clients(seed=1, number=6)
    assert figures.kills >= 6
    assert figures.words > 6
    assert figures.checked > 15


async def test_a_moot_that_says_so_before_it_has_committed_is_found_out(tmp_path: Path) -> None:
    found_community(Home(tmp_path / "ann"), "Northern cohort", "Ann")
    watch = Watch()
    victim = Victim("Ann", tmp_path / "ann", Ledger(), watch)
    with pytest.raises(Failed, match="was told that"):
        await die(victim, watch, HASTY)


async def die(victim: Victim, watch: Watch, module: str) -> None:
    """Ten times, each after a few words."""
    for number in range(10):
        driver = await victim.run(str(victim.home), f"ann{number}", str(number), module=module)
        await watch.until(partial(said_enough, driver), "it says something")
        driver.shoot()
        await driver.end()
        victim.heard(driver.lines)
        victim.look({}, again=False)


def said_enough(driver: Running) -> bool:
    return len(driver.lines) > 3
