"""The bench community is one that every machine would take."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from moot_client.replica.replica import Replica
from moot_client.replica.verify import verify
from moot_client.views.budget import dots_left
from tests.bench.client.community import MEMBERS, make
from tests.bench.client.homes import fill_home
from tests.helpers.cohort import ballots

SCALE = 0.02


@pytest.mark.slow
def test_it_is_the_same_from_its_seed_and_another_from_another() -> None:
    assert make(SCALE).log == make(SCALE).log
    assert make(SCALE, seed=2).log != make(SCALE).log


@pytest.mark.slow
def test_a_home_made_of_it_is_valid_and_everybody_is_within_their_budget(tmp_path: Path) -> None:
    made = make(SCALE)
    place = fill_home(tmp_path / "home", made.log)
    with closing(Replica.open(place)) as replica:
        found = verify(replica.store, made.community)
        assert found.good, found.troubles
        assert (found.changes, found.members) == (len(made.log), MEMBERS)
        assert len(replica.heads()) >= 1
        voters = {who for who, _, _ in ballots(replica.reader())}
        assert len(voters) == MEMBERS
        assert all(dots_left(replica.reader(), who) > 0 for who in voters)
