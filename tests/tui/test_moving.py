"""Moving about: never lost, and back to exactly where one was."""

from __future__ import annotations

import pytest

from moot_client.replica.commands import Say
from tests.helpers import cohort
from tests.tui.stage import LARGE, Sample, main_screen, opened, replica_of, settled, shown, typed


async def test_each_place_has_its_digit_and_stands_in_capitals(sample: Sample) -> None:
    app = sample.app()
    async with opened(app) as pilot:
        for key, name in (("2", "AGENDA"), ("4", "LESSONS"), ("5", "PEOPLE"), ("1", "TODAY")):
            await pilot.press(key)
            await settled(pilot)
            assert name in shown(app).splitlines()[0]


async def test_a_place_is_as_it_was_left(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", "j", "5", "2")
        await settled(pilot)
        assert main_screen(app).target == sample.keys["coaching"]


async def test_enter_opens_over_the_list_and_esc_goes_back_to_the_same_line(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", "enter")
        await settled(pilot)
        assert "‹ Agenda   Nobody owns supplier quality" in shown(app)
        await pilot.press("escape")
        await settled(pilot)
        assert main_screen(app).target == sample.keys["supplier"]
        assert "AGENDA" in shown(app)


async def test_following_links_leaves_a_trail_that_esc_goes_back_along(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("enter", "tab", "enter")
        await settled(pilot)
        assert main_screen(app).target == sample.keys["meetings"]
        await pilot.press("tab", "enter")
        await settled(pilot)
        assert main_screen(app).target == sample.keys["handover"]
        await pilot.press("escape")
        await settled(pilot)
        assert main_screen(app).target == sample.keys["meetings"]
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert "AGENDA" in shown(app)
        assert main_screen(app).target == sample.keys["handover"]


async def test_list_and_page_stand_side_by_side_from_110_columns(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app, LARGE) as pilot:
        await pilot.press("j", "j")
        await settled(pilot)
        assert "Handover between" in shown(app)
        assert "Ines ●●●●" in shown(app)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert "Ines ●●●●" not in shown(app)


async def test_a_slash_narrows_as_one_types_and_esc_shows_all(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("slash")
        await settled(pilot)
        await typed(pilot, "sup")
        assert [row.target for row in main_screen(app).view.list.rows] == [
            sample.keys["supplier"],
            sample.keys["coaching"],
        ]
        await pilot.press("enter", "j")
        assert main_screen(app).target == sample.keys["coaching"]
        await pilot.press("escape")
        assert len(main_screen(app).view.list.rows) == 5
        assert main_screen(app).target == sample.keys["coaching"]


async def test_what_others_do_appears_and_does_not_move_what_i_look_at(sample: Sample) -> None:
    app = sample.app("agenda")
    joon = sample.other(1)
    async with opened(app) as pilot:
        await pilot.press("j", "j")
        before = [row.target for row in main_screen(app).view.list.rows]
        for title in ("One", "Two"):
            cohort.vote(joon, cohort.issue(joon, f"{title} more issue"), 1)
        joon.do(Say("pledge", sample.keys["coaching"], {"hours": 3}))
        cohort.carry(joon, replica_of(app))
        await settled(pilot)
        screen = main_screen(app)
        assert [row.target for row in screen.view.list.rows] == before
        assert screen.target == sample.keys["coaching"]
        assert "two new, g brings them in" in shown(app)
        assert "▸•●●●●        4   15 h" in shown(app)
        await pilot.press("g")
        await settled(pilot)
        assert len(screen.view.list.rows) == len(before) + 2
        assert "new, g" not in shown(app)
    joon.close()


async def test_a_page_stays_while_its_line_leaves_the_list(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", "enter")
        joon = sample.other(1)
        joon.do(Say("comment", sample.keys["supplier"] + "/", {"text": "We close this one."}))
        cohort.issue(joon, "Another")
        from moot_client.replica.commands import Edit

        joon.do(Edit(sample.keys["supplier"], {"status": "closed"}))
        cohort.carry(joon, replica_of(app))
        joon.close()
        await settled(pilot)
        assert "across teams · closed" in shown(app)
        assert "We close this one." in shown(app)


@pytest.mark.parametrize("place", ["today", "agenda", "lessons", "people"])
async def test_no_key_of_moving_can_break_an_empty_place(
    tmp_path_factory: pytest.TempPathFactory, place: str
) -> None:
    from tests.tui.stage import app_on, empty_community

    app = app_on(empty_community(tmp_path_factory.mktemp("empty")), place)
    async with opened(app) as pilot:
        for key in (
            "j",
            "k",
            "G",
            "g",
            "pagedown",
            "pageup",
            "tab",
            "escape",
            "u",
            "v",
            "x",
            "a",
            "o",
            "escape",
        ):
            await pilot.press(key)
            await settled(pilot)
        await pilot.press("escape")  # in People one is never alone: `o` opens what there is of oneself
        await settled(pilot)
        assert place.upper() in shown(app)


async def test_the_palette_finds_words_and_opens_what_has_them(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app) as pilot:
        await pilot.press("ctrl+p")
        await settled(pilot)
        await typed(pilot, "supplier")
        await pilot.pause(0.3)
        await pilot.press("enter")
        await settled(pilot)
        assert "‹ People   Nobody owns supplier quality" in shown(app)
        await pilot.press("escape")
        await settled(pilot)
        assert "PEOPLE" in shown(app)
