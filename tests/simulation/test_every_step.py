"""What client and relay write is cut short at some of its steps, and done again where a disk has no room.

`scripts/simulate --steps`, which `.ci/run` runs, does it at every step: dies before, in the middle of and
after it, and has no room, no writing or an error of the device from there on.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.simulation.steps import Scene, Steps
from tests.simulation.works import works

CRASHES = {  # the work -> at every so manyth step, how many times at least
    "a relay starts": (6, 8),
    "a relay is given a community": (6, 10),
    "a relay stores pages and receipts": (2, 17),
    "a relay shuts somebody out": (4, 10),
    "a relay was emptied": (8, 10),
    "a relay was put back": (6, 7),
    "a member writes": (10, 16),
    "a member receives": (4, 17),
    "a member yields to another branch": (8, 10),
    "a member founds": (18, 10),
    "a member joins": (18, 13),
    "a member leaves": (8, 6),
    "a member keeps drafts": (1, 16),
    "a member invites": (6, 9),
    "a member serves a script": (6, 10),
    "a member is refused": (12, 11),
    "a member proves their rows": (8, 7),
    "a member is rescued": (18, 10),
    "an open relay starts": (12, 5),
    "an open relay is given a document": (12, 5),
    "an open relay stores changes": (6, 13),
    "an open relay keeps a snapshot": (12, 7),
}
NO_ROOM = {  # the work -> at every so manyth step that asks for room
    name: 2 * every + 1 for name, (every, _) in CRASHES.items()
}


@pytest.fixture(scope="session")
def scenes(ground: Path) -> Mapping[str, Scene]:
    return works(ground / "works")


def test_these_are_all_works_and_hundreds_of_points(scenes: Mapping[str, Scene]) -> None:
    assert scenes.keys() == CRASHES.keys()
    assert sum(least for _, least in CRASHES.values()) >= 200


@pytest.mark.slow
@pytest.mark.parametrize("name", CRASHES)
def test_nothing_is_lost_where_it_is_cut_short(name: str, scenes: Mapping[str, Scene], ground: Path) -> None:
    every, least = CRASHES[name]
    assert Steps(scenes[name], ground / "steps").crash_sparsely(every) >= least


@pytest.mark.slow
@pytest.mark.parametrize("name", NO_ROOM)
def test_where_there_is_no_room_it_is_said_and_work_goes_on_when_there_is(
    name: str, scenes: Mapping[str, Scene], ground: Path
) -> None:
    steps = Steps(scenes[name], ground / "steps")
    assert steps.full(NO_ROOM[name]) >= 1
    assert steps.full(2 * NO_ROOM[name], wholly=True) >= 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "every"), [("a relay starts", 2), ("a relay shuts somebody out", 5), ("a member writes", 12)]
)
def test_an_error_of_the_device_at_any_step_loses_nothing_and_work_goes_on_after(
    name: str, every: int, scenes: Mapping[str, Scene], ground: Path
) -> None:
    assert Steps(scenes[name], ground / "steps").failing(every) > 5
