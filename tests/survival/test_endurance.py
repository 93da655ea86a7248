"""Twenty members whose connections break all the time have the same in the end, and cost no more memory."""

from __future__ import annotations

import sys

import pytest

from tests.survival.endurance import endure

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them"),
]


async def test_twenty_members_with_broken_connections_come_through_and_memory_stays_flat() -> None:
    figures = await endure(seed=1, seconds=8)
    assert figures.cuts > 10
    assert figures.words > 20
