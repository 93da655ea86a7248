"""All that client and relay write is cut short at every step, and done again where the disk has no room.

A *point* is one step of one work. Those of the first kind are died at before, in the middle of and after;
the others, where one step is much like another, in one of these ways. `scripts/simulate --steps` dies at
every one of them in all three ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.simulation.steps import Scene, Steps
from tests.simulation.works import works

IN_ALL_WAYS = {  # the work -> how many steps it has at least
    "a relay starts": 50,
    "a relay is given a community": 65,
    "a relay stores pages and receipts": 35,
    "a relay shuts somebody out": 40,
    "a relay was emptied": 85,
    "a relay was put back": 45,
    "a member writes": 160,
    "a member receives": 70,
    "a member yields to another branch": 80,
}
IN_ONE_WAY = {  # the work -> at every so manyth step, how many times at least
    "a member founds": (3, 60),
    "a member joins": (3, 80),
    "a member leaves": (1, 55),
    "a member keeps drafts": (1, 16),
    "a member invites": (1, 55),
    "a member serves a script": (1, 60),
    "a member is refused": (2, 70),
    "a member proves their rows": (2, 30),
    "a member is rescued": (3, 60),
    "an open relay starts": (3, 20),
    "an open relay is given a document": (3, 20),
    "an open relay stores changes": (1, 80),
    "an open relay keeps a snapshot": (3, 30),
}
FULL = {  # the work -> at every so manyth step that asks for room, how many times at least
    **{name: (1, 15) for name in IN_ALL_WAYS if name.startswith("a relay")},
    "an open relay starts": (4, 6),
    "an open relay is given a document": (4, 6),
    "an open relay stores changes": (2, 15),
    "an open relay keeps a snapshot": (4, 8),
    "a member founds": (6, 15),
    "a member joins": (6, 15),
    "a member writes": (4, 15),
    "a member leaves": (2, 8),
    "a member keeps drafts": (1, 4),
    "a member invites": (2, 8),
    "a member serves a script": (2, 8),
    "a member receives": (2, 8),
    "a member is refused": (4, 15),
    "a member yields to another branch": (2, 8),
    "a member proves their rows": (2, 8),
    "a member is rescued": (6, 15),
}


@pytest.fixture(scope="session")
def scenes(ground: Path) -> Mapping[str, Scene]:
    return works(ground / "works")


def test_these_are_all_works_and_more_points_than_were_asked_for(scenes: Mapping[str, Scene]) -> None:
    assert scenes.keys() == {*IN_ALL_WAYS, *IN_ONE_WAY} == FULL.keys()
    assert sum(IN_ALL_WAYS.values()) >= 600
    assert sum(least for _, least in FULL.values()) >= 200


@pytest.mark.slow
@pytest.mark.parametrize("name", IN_ALL_WAYS)
def test_nothing_is_lost_where_it_is_cut_short_before_in_and_after_a_step(
    name: str, scenes: Mapping[str, Scene], ground: Path
) -> None:
    assert Steps(scenes[name], ground / "steps").crash() >= IN_ALL_WAYS[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", IN_ONE_WAY)
def test_nor_where_it_is_cut_short_at_one_of_many_steps(
    name: str, scenes: Mapping[str, Scene], ground: Path
) -> None:
    every, least = IN_ONE_WAY[name]
    assert Steps(scenes[name], ground / "steps").crash_sparsely(every) >= least


@pytest.mark.slow
@pytest.mark.parametrize("wholly", [False, True])
@pytest.mark.parametrize("name", FULL)
def test_where_there_is_no_room_it_is_said_and_work_goes_on_when_there_is(
    name: str, wholly: bool, scenes: Mapping[str, Scene], ground: Path
) -> None:
    every, least = FULL[name]
    assert Steps(scenes[name], ground / "steps").full(2 * every if wholly else every, wholly=wholly) >= least


@pytest.mark.slow
@pytest.mark.parametrize(("name", "every"), [("a member writes", 4), ("a relay shuts somebody out", 2)])
def test_an_error_of_the_device_at_any_step_loses_nothing_and_work_goes_on_after(
    name: str, every: int, scenes: Mapping[str, Scene], ground: Path
) -> None:
    assert Steps(scenes[name], ground / "steps").failing(every) > 15
