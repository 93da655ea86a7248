"""Relays that share a database lose nothing that they called stored, whichever of them ends, and whenever."""

from __future__ import annotations

import sys
from typing import get_args

import pytest

from tests.survival.database_trouble import Mishap, suffer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them"),
]


@pytest.mark.parametrize("mishap", get_args(Mishap))
async def test_whatever_ends_nothing_that_was_called_stored_is_lost_and_all_come_to_the_same(
    mishap: Mishap,
) -> None:
    figures = await suffer(seed=1, mishaps=[mishap] * 4)
    assert figures.claims > 4
    assert figures.words > 16
