"""Some cases, in processes that may die of them; a hundred thousand run in CI (`.ci/run`)."""

from __future__ import annotations

import os

import pytest

from tests.fuzz.families import FAMILIES
from tests.fuzz.watch import Total, watch

SEED = int(os.environ.get("MOOT_FUZZ_SEED", "1"))
CASES = 1_500


def troubles(total: Total) -> list[str]:
    """Each failure as one can play it again."""
    return [f"scripts/fuzz --seed {f['seed']} --case {f['case']}: {f['error']}" for f in total.failed]


@pytest.mark.slow
def test_no_bytes_break_anything_and_what_is_admitted_can_be_lived_with() -> None:
    total = watch(SEED, 0, CASES, workers=1)
    assert not troubles(total)
    assert total.cases == CASES
    assert not total.unmet(FAMILIES)
    assert total.admitted > CASES / 20
