"""Worlds from seeds: whatever happens in them, what must hold holds once they are quiet."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.simulation.template import Template
from tests.simulation.world import World


def play(seed: int, cohort: Template, ground: Path) -> World:
    """One world from beginning to end; where something does not hold, its story is told."""
    folder = ground / f"seed-{seed}"
    world = World(seed, cohort, folder)
    try:
        world.run()
    except AssertionError as error:
        raise AssertionError(f"seed {seed}: {error}\n" + "\n".join(world.story)) from error
    finally:
        world.close()
        shutil.rmtree(folder)
    return world


@pytest.mark.parametrize("seed", range(12))
def test_a_world_comes_to_rest_and_nothing_is_lost(seed: int, cohort: Template, ground: Path) -> None:
    world = play(seed, cohort, ground)
    assert world.words


def test_a_seed_is_one_and_the_same_run(cohort: Template, ground: Path) -> None:
    assert play(3, cohort, ground).story == play(3, cohort, ground).story
