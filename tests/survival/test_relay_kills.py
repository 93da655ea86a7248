"""What a relay called stored is stored whenever its process is killed; `scripts/survive` does it longer."""

from __future__ import annotations

import sys

import pytest

from tests.survival.relay_kills import kill_relays
from tests.survival.watch import Failed

HASTY = ("-m", "tests.survival.hasty_relay")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them"),
]


async def test_a_relay_that_is_killed_ten_times_has_all_that_it_called_stored() -> None:
    figures = await kill_relays(seed=1, number=10)
    assert figures.kills >= 10
    assert figures.claims > 10
    assert figures.words > 20


async def test_a_relay_that_answers_before_it_commits_is_found_out() -> None:
    with pytest.raises(Failed, match=r"told that the relay has|has another one than"):
        await kill_relays(seed=2, number=200, program=HASTY)  # it ends with the first that is found
