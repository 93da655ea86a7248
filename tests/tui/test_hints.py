"""What is said where a person would otherwise be lost: what is narrowed, pasted into nothing, next."""

from __future__ import annotations

from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.tui.app import MootApp
from moot_client.tui.screens.hosting import HostScreen
from moot_client.tui.widgets.chooser import Chooser
from moot_client.views.people import people
from moot_shared.trust.lines import CommunityLine
from tests.tui.stage import (
    Sample,
    app_on,
    empty_community,
    main_screen,
    opened,
    replica_of,
    settled,
    shown,
    typed,
)

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


async def hosted_on(app: MootApp, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is said after the community was put on a relay."""
    monkeypatch.setattr(HostScreen, "work", lambda self, words: words["url"])
    async with opened(app) as pilot:
        await pilot.press("S")
        await settled(pilot)
        await pilot.press("h")
        await settled(pilot)
        await typed(pilot, "ws://r:1")
        await pilot.press("tab")
        await typed(pilot, "key")
        await pilot.press("ctrl+s")
        await settled(pilot)
        said = " ".join(shown(app).split())
        assert "The relay ws://r:1 has stored everything." in said
        if "Esc, then 5, then n" in said:
            await pilot.press("escape", "5", "n")
            await settled(pilot)
            assert "nvite" in shown(app)
    return said


async def test_after_hosting_the_keys_that_are_named_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Esc, then 5, then n" in await hosted_on(app_on(empty_community(tmp_path)), monkeypatch)


async def test_where_there_are_members_they_have_to_be_told(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await hosted_on(sample.app(), monkeypatch)
    assert "moot relay set ws://r:1" in said
    assert "invite" not in said


async def test_a_list_that_is_narrowed_says_so(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("slash", *"supp", "enter")
        await settled(pilot)
        assert "only: supp   Esc shows all" in shown(app)
        await pilot.press("escape")
        await settled(pilot)
        assert "only:" not in shown(app)
        assert "Meetings run over" in shown(app)


async def test_the_welcome_says_how_to_leave_and_nothing_is_cut(tmp_path: Path) -> None:
    app = app_on(Home(tmp_path))
    async with opened(app) as pilot:
        await pilot.pause()
        assert "Ctrl+Q quit" in shown(app)
        for words in ("a relay can come later", "on your other machine", "nothing to set up"):
            assert words in shown(app)


async def test_a_paste_where_there_is_no_field_is_not_silent(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await typed(pilot, "some words")
        assert "Nothing was pasted" in shown(app)
        await pilot.press("n")
        await settled(pilot)
        await typed(pilot, "some words")
        assert "Nothing was pasted" not in shown(app)
        app.screen.set_focus(app.screen.query(Chooser).first())
        await typed(pilot, "lost words")
        assert "Nothing was pasted" in shown(app)


async def test_the_way_to_every_command_is_on_each_line_of_keys_and_nothing_opens_in_an_empty_list(
    tmp_path: Path,
) -> None:
    app = app_on(empty_community(tmp_path), "agenda")
    async with opened(app) as pilot:
        for place in "2", "4", "5", "1", "S":
            await pilot.press(place)
            await settled(pilot)
            keys = shown(app).split("\n")[-1]
            assert "Ctrl+P more" in keys
            assert ("Enter open" in keys) == (place in "15"), keys
        await pilot.press("s")
        await settled(pilot)
        assert "Enter open" not in shown(app)


@pytest.mark.parametrize("keys", [["c"], ["/"], ["n"], ["v", "tab"]], ids=str)
async def test_no_key_of_another_editor_leads_away_from_what_is_being_typed(
    sample: Sample, keys: list[str]
) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press(*keys, "x")
        typing_on = app.screen
        for key in ("ctrl+o", "ctrl+b"):
            await pilot.press(key)
            await settled(pilot)
            assert app.screen is typing_on
        assert "Ctrl+B (another community) leads away from what you type: Esc first" in shown(app)
        await pilot.press("escape", "escape", "ctrl+o")
        await settled(pilot)
        assert app.screen is not typing_on


async def test_ctrl_z_takes_typing_back_in_a_text_and_says_elsewhere_that_it_stops_nothing(
    sample: Sample,
) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("c", "x", "ctrl+z")
        await settled(pilot)
        assert "Ctrl+Z" not in shown(app)
        assert "not stopped" not in shown(app)
        await pilot.press("escape", "ctrl+z")
        await settled(pilot)
        assert "Moot is not stopped by Ctrl+Z" in shown(app)


async def test_what_one_does_to_oneself_alone_says_so_on_anothers_row(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app) as pilot:
        joon = next(m for m in people(replica_of(app).reader(), "") if m.name == "Joon")
        assert main_screen(app).view.list.select(f"member/{joon.key}")
        await settled(pilot)
        for key, name in (("L", "leave for good"), ("D", "step down")):
            await pilot.press(key)
            await settled(pilot)
            assert f"{key} ({name}) works on yourself: select yourself in People" in shown(app)


async def test_a_key_that_does_nothing_here_says_on_what_it_works(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app) as pilot:
        for key, words in (
            ("v", "v (vote) works on an issue; none is selected here"),
            ("m", "m (picture) works in Agenda, Lessons or Today"),
            ("c", "c (comment) works on a lesson, a review or an issue; none is selected here"),
        ):
            await pilot.press(key)
            await settled(pilot)
            assert words in shown(app)
        await pilot.press("2", "j", "o")
        await settled(pilot)
        assert "o (other versions) has nothing to do here" in shown(app)
        await pilot.press("v")
        await settled(pilot)
        assert "(vote)" not in shown(app)
        await pilot.press("x", "escape")
        await settled(pilot)
        assert "(used it)" not in shown(app)
