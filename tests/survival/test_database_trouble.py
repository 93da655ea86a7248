"""Relays that share a database lose nothing that they called stored, whichever of them ends, and whenever.

`scripts/survive` goes on with it, in an order of the dice's.
"""

from __future__ import annotations

import sys

import pytest

from tests.survival.database_trouble import MISHAPS, suffer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them"),
]


async def test_whatever_ends_nothing_that_was_called_stored_is_lost_and_all_come_to_the_same() -> None:
    figures = await suffer(seed=1, mishaps=list(MISHAPS))
    assert figures.mishaps == list(MISHAPS)
    assert figures.claims > 6
    assert figures.words > 24
