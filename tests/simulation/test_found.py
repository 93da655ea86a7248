"""Worlds that once failed are played again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.found import SEEDS
from tests.simulation.play import play
from tests.simulation.template import Template


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_found_once_holds(seed: int, cohort: Template, ground: Path) -> None:
    run = play(seed, cohort, ground)
    assert not run.trouble, str(run)
