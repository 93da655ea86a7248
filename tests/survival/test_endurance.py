"""Twenty members whose connections break all the time have the same in the end, and cost no more memory."""

from __future__ import annotations

import sys

import pytest

from tests.survival.endurance import endure
from tests.survival.growth import Growth
from tests.survival.vitals import MIB, Vitals
from tests.survival.watch import Failed

STEADY = Vitals(40 * MIB, 32, 2)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")
async def test_twenty_members_with_broken_connections_come_through_and_memory_stays_flat() -> None:
    growth = await endure(seed=1, seconds=8)
    assert growth.cuts > 10
    assert growth.words > 20


def grown(*later: tuple[str, Vitals]) -> Growth:
    """The relay's curve, while the members stay as they are."""
    curve = [
        (10.0 * turn, what, relay, STEADY) for turn, (what, relay) in enumerate([("warm", STEADY), *later])
    ]
    return Growth(members=20, cuts=300, quiet_cuts=200, curve=curve)


def test_a_history_that_grows_may_take_memory_and_cuts_may_not() -> None:
    grown(("writing", Vitals(60 * MIB, 32, 2)), ("cuts", Vitals(60 * MIB, 32, 2))).judge()
    with pytest.raises(Failed, match=r"while nobody wrote, the relay grew by 2\.0 MiB"):
        grown(("writing", STEADY), ("cuts", Vitals(42 * MIB, 32, 2))).judge()


@pytest.mark.parametrize("kept", [Vitals(40 * MIB, 33, 2), Vitals(40 * MIB, 32, 3)], ids=["handle", "thread"])
def test_what_a_cut_connection_had_open_is_given_back(kept: Vitals) -> None:
    with pytest.raises(Failed, match="did not give everything back"):
        grown(("cuts", kept)).judge()
