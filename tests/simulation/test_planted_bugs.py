"""The world notices: every planted bug is caught within two thousand seeds, and most within a few."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.bugs import BUGS
from tests.simulation.play import play
from tests.simulation.template import Template

SEEDS = 2_000


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BUGS))
def test_a_planted_bug_is_caught(name: str, cohort: Template, ground: Path) -> None:
    def troubled(seed: int) -> bool:
        with pytest.MonkeyPatch.context() as patch:
            BUGS[name](patch)
            return bool(play(seed, cohort, ground).trouble)

    caught = next((seed for seed in range(SEEDS) if troubled(seed)), None)
    assert caught is not None, f"{name} was not noticed"
    assert not play(caught, cohort, ground).trouble, "it was something else"
