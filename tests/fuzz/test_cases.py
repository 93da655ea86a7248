"""Ten thousand cases, in processes that may die of them; a hundred thousand run in CI (`.ci/run`)."""

from __future__ import annotations

import os

import pytest

from tests.fuzz.families import FAMILIES
from tests.fuzz.watch import Total, watch

SEED = int(os.environ.get("MOOT_FUZZ_SEED", "1"))
PARTS, EACH = 4, 2_500


def troubles(total: Total) -> list[str]:
    """Each failure as one can play it again."""
    return [f"scripts/fuzz --seed {f['seed']} --case {f['case']}: {f['error']}" for f in total.failed]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_no_bytes_break_anything_and_what_is_admitted_can_be_lived_with(part: int) -> None:
    total = watch(SEED, part * EACH, EACH, workers=1)
    assert not troubles(total)
    assert total.cases == EACH
    met = {word.partition(":")[0] for word in total.words}
    assert met == set(FAMILIES)
    assert sum(n for word, n in total.words.items() if "admitted" in word or "taken" in word) > EACH / 20
