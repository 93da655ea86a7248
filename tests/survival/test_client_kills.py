"""What a member's Moot said is on the machine is there, whenever it is killed; `scripts/survive` goes on."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from tests.survival.client_kills import kill_clients
from tests.survival.ledger import Ledger
from tests.survival.scene import DRIVER
from tests.survival.victim import Victim
from tests.survival.watch import Failed, Watch

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them"),
]


async def test_a_moot_that_is_killed_twenty_times_has_all_that_it_said() -> None:
    figures = await kill_clients(seed=1, number=20)
    assert figures.kills >= 20
    assert figures.words > 20
    assert figures.checked > 50


async def test_a_word_that_was_said_and_is_not_there_is_found_out(tmp_path: Path) -> None:
    found_community(Home(tmp_path / "ann"), "Northern cohort", "Ann")
    watch = Watch()
    victim = Victim("Ann", tmp_path / "ann", Ledger(), watch)
    seed = str(random.Random(3).random())
    driver = await victim.run(str(victim.home), "ann", seed, module=DRIVER)
    await watch.until(lambda: len(driver.lines) > 5, "it says something")
    driver.shoot()
    await driver.end()
    victim.heard(driver.lines)
    victim.look({}, again=False)
    replica = Replica.open(victim.place)
    with replica.store.writing() as db:
        db.execute("DELETE FROM change WHERE position > 2")
        db.execute("DELETE FROM draft")
    replica.close()
    victim.heard(driver.lines)
    with pytest.raises(Failed, match="was told that"):
        victim.look({}, again=False)
