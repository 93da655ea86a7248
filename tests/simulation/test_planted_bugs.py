"""The world notices: every planted bug is caught within two thousand seeds, and most within a few."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from moot_shared.errors import MootError
from tests.simulation.bugs import BUGS
from tests.simulation.template import Template
from tests.simulation.world import World

SEEDS = 2_000


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BUGS))
def test_a_planted_bug_is_caught(
    name: str, cohort: Template, ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    BUGS[name](monkeypatch)
    caught = next((seed for seed in range(SEEDS) if _fails(seed, cohort, ground)), None)
    assert caught is not None, f"{name} was not noticed in {SEEDS} worlds"
    print(f"{name}: seed {caught}")


def _fails(seed: int, cohort: Template, ground: Path) -> bool:
    folder = ground / f"planted-{seed}"
    world = World(seed, cohort, folder)
    try:
        world.run()
    except (AssertionError, MootError):
        return True
    finally:
        world.close()
        shutil.rmtree(folder)
    return False
