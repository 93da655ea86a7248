"""Every size uses its room; a window that is resized loses nothing; a mouse may be used, and never must."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from moot_client.replica.commands import Edit
from tests.helpers import cohort
from tests.tui.stage import Sample, main_screen, opened, replica_of, settled, shown, typed

VERY_WIDE = (200, 50)


async def test_very_wide_shows_list_page_and_talk_and_cuts_no_title(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app, VERY_WIDE) as pilot:
        lines = shown(app).splitlines()
        assert "…" not in "\n".join(lines[2:10])
        assert any("The night crew keeps its own list already." in line for line in lines)
        view = main_screen(app).view
        assert view.list.size.width + view.page.size.width + view.talk.size.width > 190
        await pilot.press("j", "j", "j")
        await settled(pilot)
        assert "none yet: c says something" in shown(app)


@pytest.mark.parametrize("place", ["today", "people"])
async def test_where_nothing_is_talked_about_no_column_is_left_empty(sample: Sample, place: str) -> None:
    app = sample.app(place)
    async with opened(app, VERY_WIDE):
        view = main_screen(app).view
        assert view.list.size.width + view.page.size.width > 190


SIZES = ((60, 20), (200, 50), (110, 30), (40, 12), (80, 24))


@pytest.mark.parametrize("keys", [("n",), ("c",), ("slash",), ("ctrl+p",)], ids=lambda keys: keys[0])
async def test_resizing_while_one_types_loses_nothing(sample: Sample, keys: tuple[str, ...]) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press(*keys)
        await settled(pilot)
        await typed(pilot, "handover")
        focused = app.screen.focused
        for width, height in SIZES:
            await pilot.resize_terminal(width, height)
            await settled(pilot)
            assert app.screen.focused is focused
        words = focused.value if isinstance(focused, Input) else getattr(focused, "text", "")
        assert words == "handover"
        assert "handover" in shown(app)


async def test_resizing_while_one_votes_keeps_the_dots(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("v", "4")
        for width, height in SIZES:
            await pilot.resize_terminal(width, height)
            await settled(pilot)
        assert "●●●●·" in shown(app)
        await pilot.press("enter")
        await settled(pilot)
        assert "Your dots: ●●●●" in shown(app)


async def test_a_line_is_selected_by_a_click_and_opened_by_two(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        lines = shown(app).splitlines()
        at = next(y for y, line in enumerate(lines) if "Meetings run over" in line)
        await pilot.click(offset=(30, at))
        await settled(pilot)
        assert shown(app).splitlines()[at].startswith(" ▸")
        await pilot.click(offset=(30, at), times=2)
        await settled(pilot)
        assert "‹ Agenda   Meetings run over" in shown(app)


async def test_what_a_page_leads_to_opens_by_two_clicks(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app, (120, 40)) as pilot:
        lines = shown(app).splitlines()
        at = next(y for y, line in enumerate(lines) if "affects  Meetings run over" in line)
        column = lines[at].index("affects  Meetings")
        await pilot.click(offset=(column + 12, at), times=2)
        await settled(pilot)
        assert main_screen(app).view.target == sample.keys["meetings"]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_a_title_that_its_line_cuts_is_read_whole_on_the_page(
    sample: Sample, size: tuple[int, int]
) -> None:
    title = "What did the night crew know on the second of March that the early crew had to find out anew"
    app = sample.app("lessons")
    async with opened(app, size) as pilot:
        replica_of(app).do(Edit(sample.keys["audit"], {"title": title}))
        await settled(pilot)
        assert main_screen(app).view.list.select(sample.keys["audit"])
        await pilot.press("enter")
        await settled(pilot)
        assert title in " ".join(main_screen(app).view.page.text.split())
        replica_of(app).do(Edit(sample.keys["audit"], {"title": "Short"}))
        await settled(pilot)
        assert "Short" not in main_screen(app).view.page.text


async def test_a_question_with_dots_is_told_from_an_issue(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        joon = sample.other(1)
        cohort.vote(joon, sample.keys["question"], 1)
        cohort.carry(joon, replica_of(app))
        joon.close()
        await settled(pilot)
        assert "question: Who has run" in shown(app)
        await pilot.resize_terminal(56, 24)
        await settled(pilot)
        assert "? Who has run a case clinic" in shown(app)


async def test_that_more_is_shown_than_usual_stands_above_the_list_until_it_is_not(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        for place, words in (
            ("2", "closed and put away too, A: without"),
            ("4", "put away too, A: without"),
            ("5", "who has gone too, A: without"),
        ):
            await pilot.press(place, "A")
            await settled(pilot)
            assert words in shown(app)
            await pilot.press("A")
            await settled(pilot)
            assert words not in shown(app)
