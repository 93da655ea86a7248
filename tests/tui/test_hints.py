"""What is said where a person would otherwise be lost: what is narrowed, pasted into nothing, next."""

from __future__ import annotations

from pathlib import Path

from moot_client.home import Home
from moot_shared.trust.lines import CommunityLine
from tests.tui.stage import app_on, opened, settled, shown, typed

LINE = str(CommunityLine("ws://relay.example:8787", bytes(32), "Southern"))


async def test_a_pasted_line_leaves_the_cursor_where_it_is_and_tab_goes_to_the_words(tmp_path: Path) -> None:
    app = app_on(Home(tmp_path))
    async with opened(app) as pilot:
        await pilot.press("down", "enter")
        await settled(pilot)
        await typed(pilot, LINE)
        await pilot.press("tab", *"abandon")
        await settled(pilot)
        rows = shown(app).splitlines()
        assert "abandon" in next(row for row in rows if "Your words" in row)


async def test_words_stay_in_sight_when_the_line_above_goes_bad(tmp_path: Path) -> None:
    app = app_on(Home(tmp_path))
    async with opened(app) as pilot:
        await pilot.press("down", "enter")
        await settled(pilot)
        await typed(pilot, LINE)
        await pilot.press("tab", *"abandon", "shift+tab", "end", "!")
        await settled(pilot)
        assert "abandon" in shown(app)
        await pilot.press("backspace")
        await settled(pilot)
        assert "your recovery words bring you back" in shown(app)
