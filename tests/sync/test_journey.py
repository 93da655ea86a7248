"""Where a member's machine goes next, when the community has moved and somebody is not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.replica.commands import Say
from moot_client.replica.replica import Replica
from moot_client.sync import ways
from moot_client.sync.journey import Journey, Rhythm, Visit
from moot_client.sync.trouble import Unreachable
from tests.helpers.cohort import Cohort, carry

OLD, NEW = "ws://old.example", "ws://new.example"
STAYS = [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, None]
RHYTHM = Rhythm(jitter=lambda: 1.0)
NOBODY = Unreachable("refused", "No relay is running there.")


def visit_of(journey: Journey) -> Visit:
    """Where it goes now."""
    visit = journey.next()
    assert visit
    return visit


@pytest.fixture
def mara(tmp_path: Path) -> Iterator[Replica]:
    """She was at the old relay, and has said that the community moves."""
    with Cohort(tmp_path, size=1) as (mara,):
        mara.do(Say("relay", "home", {"n": 1, "url": OLD}))
        ways.arrived(mara, OLD)
        mara.do(Say("relay", "home", {"n": 2, "url": NEW}))
        yield mara


def test_where_the_community_has_moved_the_old_relay_hears_of_it_first(mara: Replica) -> None:
    journey = Journey(mara, RHYTHM)
    visit = visit_of(journey)
    assert (visit.url, visit.stay) == (OLD, 0.0)
    assert not journey.settled(visit)
    journey.ended(visit)
    visit = visit_of(journey)
    assert (visit.url, visit.farewell) == (NEW, False)


def test_whoever_has_moved_the_community_looks_in_again_where_it_was_and_not_for_ever(mara: Replica) -> None:
    """The old relay can be put back to before it heard of the move, and somebody can have left there."""
    assert stays_between_farewells(Journey(mara, RHYTHM)) == STAYS


def test_who_only_heard_of_the_move_says_it_once(tmp_path: Path) -> None:
    with Cohort(tmp_path) as (mara, joon, _):
        mara.do(Say("relay", "home", {"n": 1, "url": OLD}))
        carry(mara, joon)
        ways.arrived(joon, OLD)
        mara.do(Say("relay", "home", {"n": 2, "url": NEW}))
        carry(mara, joon)
        assert stays_between_farewells(Journey(joon, RHYTHM)) == [None]


def test_who_asks_for_it_does_not_pay_for_what_failed_before(mara: Replica) -> None:
    journey = Journey(mara, Rhythm(jitter=lambda: 1.0))
    visit = Visit(NEW, NEW, None)
    assert [journey.failed(visit, NOBODY) for _ in range(6)] == [1, 2, 4, 8, 16, 32]
    journey.begin_again()
    assert [journey.failed(visit, NOBODY) for _ in range(3)] == [1, 2, 4]


def stayed(journey: Journey) -> Visit:
    """A visit as it should be."""
    visit = visit_of(journey)
    assert not journey.settled(visit)
    journey.ended(visit)
    return visit


def stays_between_farewells(journey: Journey) -> list[float | None]:
    """How long it stays at home after each farewell, all of which find somebody; to the last one."""
    stays: list[float | None] = []
    while not stays or stays[-1] is not None:
        farewell, home = stayed(journey), stayed(journey)
        assert (farewell.url, farewell.farewell, home.url, home.farewell) == (OLD, True, NEW, False)
        stays.append(home.stay)
    return stays


def test_a_farewell_that_finds_nobody_is_tried_again_later_and_not_for_ever(mara: Replica) -> None:
    journey, stays = Journey(mara, RHYTHM), []
    for _ in range(ways.FAREWELLS):
        farewell = visit_of(journey)
        assert farewell.url == OLD
        assert journey.failed(farewell, NOBODY) is None
        home = visit_of(journey)
        assert home.url == NEW
        stays.append(home.stay)
        journey.settled(home)
        journey.ended(home)
    assert stays == STAYS


def test_a_farewell_that_was_missed_is_tried_at_once_by_the_next_process(mara: Replica) -> None:
    journey = Journey(mara, RHYTHM)
    visit = visit_of(journey)
    journey.failed(visit, NOBODY)
    again = visit_of(Journey(mara, RHYTHM))
    assert (again.url, again.farewell) == (OLD, True)


def test_where_home_is_not_there_either_the_old_relay_is_asked_in_turn(mara: Replica) -> None:
    journey, urls = Journey(mara, RHYTHM), []
    for _ in range(4):
        visit = visit_of(journey)
        urls.append(visit.url)
        journey.failed(visit, NOBODY)
    assert urls == [OLD, NEW, OLD, NEW]


def test_what_is_said_is_how_it_stands_at_home_wherever_one_was_since(mara: Replica) -> None:
    journey, away = Journey(mara, RHYTHM), Unreachable("name", "No machine by that name.")
    journey.failed(visit_of(journey), NOBODY)  # the farewell
    home = visit_of(journey)
    journey.failed(home, NOBODY)
    elsewhere = visit_of(journey)
    assert (home.url, elsewhere.url) == (NEW, OLD)
    journey.failed(elsewhere, away)
    assert journey.trouble(away) is NOBODY
    assert not journey.settled(elsewhere)
    assert journey.trouble(away) is away


def test_whoever_was_there_meanwhile_for_another_reason_has_said_farewell(mara: Replica) -> None:
    journey = Journey(mara, RHYTHM)
    for _ in range(3):
        visit = visit_of(journey)
        journey.failed(visit, NOBODY)
    visit = visit_of(journey)
    assert visit.url == NEW
    journey.failed(visit, NOBODY)
    visit = visit_of(journey)
    assert visit.url == OLD
    journey.settled(visit)
    journey.ended(visit)
    visit = visit_of(journey)
    assert (visit.url, visit.stay) == (NEW, 60)


def test_a_community_that_moves_back_is_told_where_it_has_been_meanwhile(mara: Replica) -> None:
    """Also where she has put it there while she knew the very address to which it goes back."""
    mara.do(Say("relay", "home", {"n": 3, "url": OLD}))
    ways.arrived(mara, NEW)
    mara.do(Say("relay", "home", {"n": 4, "url": NEW}))
    mara.do(Say("relay", "home", {"n": 5, "url": OLD}))
    assert ways.ways(mara).farewells == (NEW,)


def test_where_the_home_was_hears_of_the_move_also_from_who_never_got_through_to_it(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=1) as (mara,):
        mara.do(Say("relay", "home", {"n": 1, "url": OLD}))
        journey = Journey(mara, RHYTHM)
        journey.failed(visit_of(journey), NOBODY)
        mara.do(Say("relay", "home", {"n": 2, "url": NEW}))
        visit = visit_of(journey)
        assert (visit.url, visit.farewell) == (OLD, True)
