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
def test_a_planted_bug_is_caught(
    name: str, cohort: Template, ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    BUGS[name](monkeypatch)
    assert any(play(seed, cohort, ground).trouble for seed in range(SEEDS)), f"{name} was not noticed"
