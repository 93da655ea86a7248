"""m: the agenda as a map, and words week by week; from point to point, and back to the list as it was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from moot_client.tui.looks.signs import PLAIN
from moot_client.tui.pictures.screens import ActivityScreen, MapScreen
from tests.tui.stage import LARGE, SMALL, Sample, app_on, empty_community, main_screen, opened, settled, shown

Compare = Callable[..., bool]
Steps = Callable[[Pilot[int]], Awaitable[None]]


def after(*keys: str) -> Steps:
    async def steps(pilot: Pilot[int]) -> None:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)

    return steps


async def test_arrows_go_from_point_to_point_and_enter_opens_the_issue(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await after("m")(pilot)
        screen = app.screen
        assert isinstance(screen, MapScreen)
        assert screen.here == sample.keys["handover"]
        await after("left", "down")(pilot)
        assert screen.point is not None
        assert screen.point.dots < 9
        await after("right", "right", "right")(pilot)
        assert screen.here == sample.keys["coaching"]
        await after("enter")(pilot)
        view = main_screen(app).view
        assert app.screen is main_screen(app)
        assert (view.opened, view.target) == (True, sample.keys["coaching"])


@pytest.mark.parametrize("key", ["escape", "m"])
async def test_the_way_back_leads_to_the_list_exactly_as_it_was(sample: Sample, key: str) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await after("j", "j")(pilot)
        before = shown(app)
        await after("m", "left", "down")(pilot)
        assert shown(app) != before
        await after(key)(pilot)
        assert shown(app) == before


async def test_tab_steps_through_all_points_and_comes_round(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await after("m")(pilot)
        screen = app.screen
        assert isinstance(screen, MapScreen)
        first = screen.here
        seen = {first}
        for _ in range(3):
            await after("tab")(pilot)
            seen.add(screen.here)
        assert len(seen) == 4
        await after("tab", "shift+tab", "tab")(pilot)
        assert screen.here == first


async def test_a_click_selects_a_point_and_a_second_one_opens_it(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await after("m")(pilot)
        screen = app.screen
        assert isinstance(screen, MapScreen)
        x, y = screen._places[sample.keys["coaching"]]
        for _ in range(2):
            await pilot.click(screen.field, offset=(x + 2, y))
            await settled(pilot)
        assert main_screen(app).view.target == sample.keys["coaching"]


async def test_people_have_no_picture_and_today_shows_words_a_week(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app) as pilot:
        await after("m")(pilot)
        assert app.screen_stack[-1] is main_screen(app)
        await after("1", "m")(pilot)
        screen: object = app.screen
        assert isinstance(screen, ActivityScreen)
        words = shown(app)
        assert "votes and hours" in words
        assert not any(name in words for name in ("Mara", "Joon", "Ines"))


async def test_it_is_drawn_at_sixty_by_fifteen_and_very_wide(sample: Sample) -> None:
    for size in ((60, 15), (240, 60)):
        for place in ("agenda", "today"):
            app = sample.app(place)
            async with opened(app, size) as pilot:
                await after("m")(pilot)
                assert max(len(line) for line in shown(app).splitlines()) <= size[0]
                assert ("Handover" if place == "agenda" else "issues") in shown(app)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("place", ["agenda", "today"])
def test_pictures(sample: Sample, snap_compare: Compare, place: str, size: tuple[int, int]) -> None:
    assert snap_compare(sample.app(place), terminal_size=size, run_before=after("m"))


@pytest.mark.parametrize("place", ["agenda", "today"])
def test_pictures_where_nothing_is_yet(tmp_path: Path, snap_compare: Compare, place: str) -> None:
    app = app_on(empty_community(tmp_path), place)
    assert snap_compare(app, terminal_size=SMALL, run_before=after("m"))


@pytest.mark.parametrize("place", ["agenda", "today"])
def test_pictures_on_a_bare_console(sample: Sample, snap_compare: Compare, place: str) -> None:
    assert snap_compare(sample.app(place, PLAIN), terminal_size=SMALL, run_before=after("m"))


def test_a_map_without_colour(sample: Sample, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(sample.app("agenda"), terminal_size=SMALL, run_before=after("m", "down"))


async def test_a_point_that_was_read_and_is_not_yet_drawn_is_in_nobodys_way(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await after("m")(pilot)
        screen = app.screen
        assert isinstance(screen, MapScreen)
        one = screen._found.points[0]
        screen._found = replace(screen._found, points=(*screen._found.points, replace(one, key="issue/n/m")))
        screen.action_left()
        screen.action_down()
        assert await pilot.click(screen.field, offset=(5, 5))
        assert screen.here in sample.keys.values()
