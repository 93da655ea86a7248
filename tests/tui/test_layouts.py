"""Every size uses its room; a window that is resized loses nothing; a mouse may be used, and never must."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from tests.tui.stage import Sample, main_screen, opened, settled, shown, typed

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
