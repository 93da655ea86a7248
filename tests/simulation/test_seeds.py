"""Worlds from seeds: whatever happens in them, what must hold holds once they are quiet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.bugs import BUGS
from tests.simulation.play import play, smaller
from tests.simulation.template import Template

SEEDS = 60
PARTS = 6


@pytest.mark.parametrize("part", range(PARTS))
def test_worlds_come_to_rest_and_nothing_is_lost(part: int, cohort: Template, ground: Path) -> None:
    for seed in range(part, SEEDS, PARTS):
        run = play(seed, cohort, ground)
        assert not run.trouble, str(run)
        assert run.words


def test_a_seed_is_one_and_the_same_run(cohort: Template, ground: Path) -> None:
    assert play(3, cohort, ground) == play(3, cohort, ground)


def test_a_failing_run_is_made_smaller_and_still_fails(
    cohort: Template, ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    BUGS["a_page_that_comes_while_one_is_written_is_dropped"](monkeypatch)
    failed = next(run for seed in range(9) if (run := play(seed, cohort, ground)).trouble)
    small = smaller(failed, cohort, ground)
    assert small.trouble
    assert small.left_out > failed.happenings // 2
