"""What an open relay declared or passed on is there, whenever it is killed: a stock client is the witness."""

from __future__ import annotations

import sys

import pytest

from tests.survival.stock_kills import kill_open_relays
from tests.survival.watch import Failed

HASTY = ("-m", "tests.survival.hasty_relay")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them"),
]


async def test_an_open_relay_that_is_killed_six_times_has_all_that_it_declared() -> None:
    figures = await kill_open_relays(seed=1, number=6)
    assert figures.kills >= 6
    assert figures.edits > 30
    assert figures.promised > 30


async def test_an_open_relay_that_answers_before_it_commits_is_found_out() -> None:
    with pytest.raises(Failed, match="declared or passed on"):
        await kill_open_relays(seed=2, number=200, program=HASTY)  # it ends with the first that is found
