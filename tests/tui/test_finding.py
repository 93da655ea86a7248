"""Finding anything, and the history of it: as keys do it, and as pictures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot

from moot_client.replica.commands import Edit, Say
from moot_client.tui import screens
from moot_client.tui.app import MootApp
from moot_client.tui.looks.signs import PLAIN
from moot_client.tui.screens.base import MootScreen
from moot_client.tui.screens.history import HistoryScreen
from moot_client.tui.screens.main import MainScreen
from moot_client.tui.screens.search import SearchScreen
from moot_client.views import search
from moot_client.views.hits import Found
from tests.helpers import cohort
from tests.helpers.patience import PATIENCE_S
from tests.tui.stage import (
    LARGE,
    SMALL,
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

Compare = Callable[..., bool]
Steps = Callable[[Pilot[int]], Awaitable[None]]
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])


async def press(pilot: Pilot[int], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def seek(pilot: Pilot[int], words: str) -> None:
    await press(pilot, "s")
    await typed(pilot, words)


def here(app: MootApp, screen: type[MootScreen]) -> bool:
    return isinstance(app.screen, screen)


# -- search ----------------------------------------------------------------------------------------


async def test_what_one_types_is_found_and_enter_opens_it_over_what_one_was_reading(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await press(pilot, "j")
        before = shown(app)
        await seek(pilot, "hadnover")
        assert "No “hadnover”; shown for “handover”." in shown(app)
        await press(pilot, "enter")
        assert main_screen(app).target == sample.keys["handover"]
        assert "How it is now" in shown(app)
        await press(pilot, "escape")
        assert shown(app) == before


async def test_esc_leads_to_exactly_where_one_was(sample: Sample) -> None:
    app = sample.app("lessons")
    async with opened(app) as pilot:
        await press(pilot, "j", "enter")
        before = shown(app)
        await seek(pilot, "meetings")
        await press(pilot, "down", "escape")
        assert shown(app) == before


async def test_the_words_are_there_again_and_typing_replaces_them(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await seek(pilot, "meetings")
        await press(pilot, "escape", "s")
        assert "Meetings run over" in shown(app)
        await press(pilot, "c", "o", "a")
        assert "New supervisors get no coaching" in shown(app)
        assert "Meetings" not in shown(app)


async def test_a_comment_a_person_and_a_lesson_are_found(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await seek(pilot, "its own list")
        assert "Joon commented: " in shown(app)
        await press(pilot, "enter")
        assert main_screen(app).target == sample.keys["handover"]
        await seek(pilot, "ines")
        await press(pilot, "enter")
        assert main_screen(app).target.startswith("member/")
        await seek(pilot, "lesson: read")
        await press(pilot, "enter")
        assert main_screen(app).target == sample.keys["read"]


async def test_down_and_up_move_while_one_types(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await seek(pilot, "list")
        screen = app.screen
        assert isinstance(screen, SearchScreen)
        first = screen.list.selected
        await press(pilot, "down")
        assert screen.list.selected != first
        await press(pilot, "up", "s")
        assert "lists" in shown(app)


async def test_a_draft_is_found_and_gone_on_with(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await press(pilot, "n")
        await typed(pilot, "Ladders are too short")
        await press(pilot, "escape")
        await seek(pilot, "ladders")
        assert "draft" in shown(app)
        await press(pilot, "enter")
        assert "Ladders are too short" in shown(app)
        assert not here(app, MainScreen)


async def test_nothing_to_open_says_so(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await press(pilot, "s", "enter")
        assert "nothing to open" in shown(app)
        await typed(pilot, "xylophone")
        await press(pilot, "enter")
        assert isinstance(app.screen, SearchScreen)
        assert "No “xylophone” anywhere here." in shown(app)


@pytest.mark.parametrize(
    "words", ["[bold]x[/]", "🙂🙂", "\x1b[31mred", "x" * 3000, '"unended', "— / \\ '", "[", "a:b:c", "研修"]
)
async def test_whatever_is_typed_or_pasted_is_only_words(sample: Sample, words: str) -> None:
    with_signs = sample.other(0)
    with_signs.do(Say("comment", sample.keys["meetings"] + "/", {"text": f"so: {words[:50]} 🙂 研修会"}))
    with_signs.close()
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await seek(pilot, words)
        assert "\x1b" not in shown(app)
        await press(pilot, "down", "escape")
        assert here(app, MainScreen)


async def test_the_newest_words_win_however_fast_one_types(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await press(pilot, "s")
        await pilot.press(*"meetings")
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, SearchScreen)
        assert screen._shown[0] == "meetings"
        assert [row.target for row in screen.list.rows if row.target] == [sample.keys["meetings"]]


async def test_enter_before_the_answer_opens_what_was_asked_for_and_not_what_was_found_before(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, go_on = sample.app("agenda"), Event()

    def slowly(*asked: Any) -> Found:
        assert go_on.wait(PATIENCE_S)
        return search.search(*asked)

    async with opened(app) as pilot:
        await seek(pilot, "coaching")
        await settled(pilot)
        monkeypatch.setattr(screens.search, "search", slowly)
        await pilot.press(*["backspace"] * 8, *"supplier", "enter")
        assert here(app, SearchScreen)
        go_on.set()
        await settled(pilot)
        assert main_screen(app).target == sample.keys["supplier"]


# -- history ---------------------------------------------------------------------------------------


async def test_an_earlier_text_comes_back_and_u_takes_that_back(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        replica, key = replica_of(app), sample.keys["meetings"]
        replica.do(Edit(key, {"title": "Meetings run late"}))
        await seek(pilot, "meetings")
        await press(pilot, "enter", "h")
        assert "you changed the title" in shown(app)
        assert "r brings back how it was before this" in shown(app)
        await press(pilot, "r")
        assert here(app, MainScreen)
        assert cohort.values(replica, key)["title"] == "Meetings run over"
        assert "Brought back: “Title”. u takes it back" in shown(app)
        await press(pilot, "u")
        assert cohort.values(replica, key)["title"] == "Meetings run late"


async def test_enter_shows_a_version_and_only_r_brings_it_back(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        replica, key = replica_of(app), sample.keys["handover"]
        await seek(pilot, "handover")
        await press(pilot, "enter", "h", "end")
        assert "you listed it" in shown(app)
        assert "r bring it back" in shown(app)
        await press(pilot, "enter", "down")
        assert here(app, HistoryScreen)
        await press(pilot, "escape")
        assert here(app, HistoryScreen)
        await press(pilot, "enter", "r")
        assert "It is worst on Mondays, when the weekend crew has left" in cohort.values(replica, key)["body"]


async def test_edits_at_the_same_time_are_told_as_such(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await seek(pilot, "handover")
        await press(pilot, "enter", "h")
        screen = app.screen
        assert isinstance(screen, HistoryScreen)
        assert "at the same time as you: both are kept" in " ".join(screen.page.text.split())


async def test_what_another_member_said_is_theirs(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await seek(pilot, "handover")
        await press(pilot, "enter", "h", "down", "down", "r")
        assert here(app, HistoryScreen)
        assert "Only Joon can say this again" in shown(app)
        await press(pilot, "h")
        assert here(app, MainScreen)


async def test_a_member_has_a_history(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app) as pilot:
        await press(pilot, "j", "h")
        assert "took the name" in shown(app)
        await press(pilot, "escape")
        assert here(app, MainScreen)


async def test_what_others_do_meanwhile_comes_on_top_and_the_selection_stays(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        replica, key = replica_of(app), sample.keys["handover"]
        await seek(pilot, "handover")
        await press(pilot, "enter", "h", "down", "down", "down")
        screen = app.screen
        assert isinstance(screen, HistoryScreen)
        before = screen.event
        replica.do(Say("vote", key, {"dots": 5}))
        await settled(pilot)
        assert screen.event is not None
        assert before is not None
        assert screen.event.id == before.id
        await press(pilot, "home")
        assert "you changed 3 dots to 5" in shown(app)


async def test_what_others_do_elsewhere_does_not_move_the_words_that_one_reads_in_a_history(
    sample: Sample,
) -> None:
    app = sample.app("agenda")
    text = "\n\n".join(f"Paragraph {number}." for number in range(60))
    async with opened(app) as pilot:
        replica_of(app).do(Edit(sample.keys["handover"], {"body": text}))
        await press(pilot, "h", "enter", "pagedown")
        screen = app.screen
        assert isinstance(screen, HistoryScreen)
        read = screen.page.scroll_offset.y
        assert read > 0
        joon = sample.other(1)
        cohort.issue(joon, "Elsewhere")
        cohort.carry(joon, replica_of(app))
        joon.close()
        await settled(pilot)
        assert screen.page.scroll_offset.y == read


async def test_a_very_long_history_is_read_on_as_one_goes_down(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moot_client.tui.screens.history.FIRST", 5)
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await seek(pilot, "handover")
        await press(pilot, "enter", "h")
        assert "5 earlier changes" in shown(app)
        await press(pilot, "end")
        await press(pilot, "end")
        assert "you listed it" in shown(app)


# -- pictures --------------------------------------------------------------------------------------


def after(*keys: str, words: str = "", then: tuple[str, ...] = ()) -> Steps:
    async def steps(pilot: Pilot[int]) -> None:
        await settled(pilot)
        await press(pilot, *keys)
        if words:
            await typed(pilot, words)
        await press(pilot, *then)
        await pilot.pause(0.15)  # the page beside the list comes when the cursor rests
        await settled(pilot)

    return steps


@SIZES
@pytest.mark.parametrize(
    "words",
    ["", "hadnover", "list", "xylophone"],
    ids=["nothing-typed", "a-slip", "several", "nothing-found"],
)
def test_searching(sample: Sample, snap_compare: Compare, size: tuple[int, int], words: str) -> None:
    assert snap_compare(sample.app("agenda"), terminal_size=size, run_before=after("s", words=words))


@SIZES
def test_searching_where_nothing_is_yet(tmp_path: Path, snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_on(empty_community(tmp_path), "agenda")
    assert snap_compare(app, terminal_size=size, run_before=after("s", words="handover"))


@SIZES
@pytest.mark.parametrize("down", [0, 1, 9], ids=["newest", "at-once", "oldest"])
def test_a_history(sample: Sample, snap_compare: Compare, size: tuple[int, int], down: int) -> None:
    steps = after("s", words="handover", then=("enter", "h", *("down",) * down))
    assert snap_compare(sample.app("agenda"), terminal_size=size, run_before=steps)


def test_a_history_in_plain_signs(sample: Sample, snap_compare: Compare) -> None:
    steps = after("s", words="handover", then=("enter", "h"))
    assert snap_compare(sample.app("agenda", signs=PLAIN), terminal_size=SMALL, run_before=steps)
