"""The world notices: every planted bug is caught within two thousand seeds, and most within a few."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.bugs import BUGS
from tests.simulation.play import play
from tests.simulation.template import Template

SEEDS = 2_000
NEAR = {
    "a_draft_goes_out_with_what_is_said_next": 141,
    "a_machine_says_and_sends_what_it_has_not_committed": 11,
    "a_refused_tail_is_thrown_away": 34,
    "commits_are_not_synced": 16,
    "seals_are_not_checked": 4,
    "search_keeps_to_the_kinds_of_whoever_wrote": 48,
    "the_relay_forgets_to_pass_on_what_somebody_brings_for_others": 224,
    "the_relays_claims_are_never_taken_back": 3,
    "what_a_dead_process_had_asked_for_is_dropped": 160,
    "what_comes_before_what_it_is_built_on_is_forgotten": 2,
    "who_belongs_now_decides_what_was_allowed_then": 119,
}
"""Where the rarer ones were caught last: begun there, which saves minutes while worlds stay the same."""


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BUGS))
def test_a_planted_bug_is_caught(name: str, cohort: Template, ground: Path) -> None:
    def troubled(seed: int) -> bool:
        with pytest.MonkeyPatch.context() as patch:
            BUGS[name](patch)
            return bool(play(seed, cohort, ground).trouble)

    first = NEAR.get(name, 0)
    caught = next((seed for seed in range(first, first + SEEDS) if troubled(seed)), None)
    assert caught is not None, f"{name} was not noticed"
    assert not play(caught, cohort, ground).trouble, "it was something else"
