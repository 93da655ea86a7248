"""Worlds from seeds: whatever happens in them, what must hold holds once they are quiet.

`scripts/simulate` goes on from where these end; `.ci/run` plays ten thousand in all.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.bugs import BUGS
from tests.simulation.play import play, smaller
from tests.simulation.template import Template

SEEDS = 40
EACH = 2
STARTS = [pytest.param(first, marks=[pytest.mark.slow] if first else []) for first in range(0, SEEDS, EACH)]


@pytest.mark.parametrize("first", STARTS)
def test_worlds_come_to_rest_and_nothing_is_lost(first: int, cohort: Template, ground: Path) -> None:
    words = 0
    for seed in range(first, first + EACH):
        run = play(seed, cohort, ground)
        assert not run.trouble, str(run)
        words += run.words
    assert words > EACH


def test_a_seed_is_one_and_the_same_run(cohort: Template, ground: Path) -> None:
    assert play(3, cohort, ground) == play(3, cohort, ground)


@pytest.mark.slow
def test_a_failing_run_is_made_smaller_and_still_fails(
    cohort: Template, ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    BUGS["a_page_that_comes_while_one_is_written_is_dropped"](monkeypatch)
    failed = next(run for seed in range(9) if (run := play(seed, cohort, ground)).trouble)
    small = smaller(failed, cohort, ground)
    assert small.trouble
    assert small.left_out > failed.happenings // 2
