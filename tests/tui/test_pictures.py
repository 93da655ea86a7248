"""The main screens as pictures, each a moment in somebody's day. After a change: look at them.

`pytest tests/tui/test_pictures.py --snapshot-update` writes them anew.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from moot_client.home import Home
from moot_client.replica.commands import MakeInvite, Say
from moot_client.replica.replica import Replica
from moot_client.tui.company.syncing import Link
from moot_client.tui.forms import keeper
from moot_client.tui.looks.signs import PLAIN
from moot_client.tui.screens.base import MootScreen
from tests.helpers import cohort
from tests.tui.stage import (
    LARGE,
    NOW,
    SMALL,
    Sample,
    app_on,
    empty_community,
    main_screen,
    settled,
    typed,
)

Compare = Callable[..., bool]
Steps = Callable[[Pilot[int]], Awaitable[None]]
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])


@pytest.fixture(autouse=True)
def _no_timers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture shows what was done, however long a slow machine takes over it."""
    for name in ("PAUSE_S", "LONGEST_S"):
        monkeypatch.setattr(keeper, name, 600.0)


def after(*keys: str, words: str = "", then: tuple[str, ...] = ()) -> Steps:
    """Press keys, put some words where the cursor is, press more keys."""

    async def steps(pilot: Pilot[int]) -> None:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        if words:
            await typed(pilot, words)
            if isinstance(pilot.app.screen, MootScreen):
                await pilot.app.screen.keep_typing()
        for key in then:
            await pilot.press(key)
            await settled(pilot)

    return steps


@SIZES
def test_the_first_screen_of_all(tmp_path: Path, snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(app_on(Home(tmp_path)), terminal_size=size, run_before=after())


@SIZES
@pytest.mark.parametrize("place", ["today", "agenda", "lessons", "people"])
def test_a_place_on_an_ordinary_day(
    sample: Sample, snap_compare: Compare, place: str, size: tuple[int, int]
) -> None:
    assert snap_compare(sample.app(place), terminal_size=size, run_before=after("j"))


@pytest.mark.parametrize("place", ["today", "agenda", "lessons"])
def test_a_place_where_nothing_is_yet(tmp_path: Path, snap_compare: Compare, place: str) -> None:
    app = app_on(empty_community(tmp_path), place)
    assert snap_compare(app, terminal_size=SMALL, run_before=after())


def test_an_issue_that_two_people_edited_at_once(sample: Sample, snap_compare: Compare) -> None:
    assert snap_compare(sample.app("agenda"), terminal_size=SMALL, run_before=after("enter", "o"))


def test_voting_on_it(sample: Sample, snap_compare: Compare) -> None:
    steps = after("enter", "v", "left", "tab", words="it costs us a shift a week")
    assert snap_compare(sample.app("agenda"), terminal_size=SMALL, run_before=steps)


def test_saying_something_about_it(sample: Sample, snap_compare: Compare) -> None:
    steps = after("enter", "c", words="We tried a paper list once. It got lost.")
    assert snap_compare(sample.app("agenda"), terminal_size=SMALL, run_before=steps)


@SIZES
def test_listing_an_issue(sample: Sample, snap_compare: Compare, size: tuple[int, int]) -> None:
    steps = after("n", words="Nobody reads the printed list", then=("tab", "tab"))
    assert snap_compare(sample.app("agenda"), terminal_size=size, run_before=steps)


def test_writing_alone(sample: Sample, snap_compare: Compare) -> None:
    words = "The list was printed the night before, so the two late changes were not on it."
    steps = after("w", "tab", words=words)
    assert snap_compare(sample.app("lessons"), terminal_size=SMALL, run_before=steps)


@SIZES
def test_reading_together(sample: Sample, snap_compare: Compare, size: tuple[int, int]) -> None:
    steps = after("w", "tab", words="Two late changes were missing.", then=("ctrl+s",))
    assert snap_compare(sample.app("lessons"), terminal_size=size, run_before=steps)


def test_offline_with_work_that_waits(sample: Sample, snap_compare: Compare) -> None:
    app = sample.app("agenda")

    async def steps(pilot: Pilot[int]) -> None:
        app.link = Link(since=NOW - 6_000_000, trouble="No relay is running at ws://relay.example.")
        main_screen(app).show_standing()
        await after("S")(pilot)

    assert snap_compare(app, terminal_size=SMALL, run_before=steps)


def _asked(sample: Sample) -> None:
    """Joon proposes Ines as a convenor, and one invite is out."""
    mara, joon = Replica.open(sample.home.place(), cohort.outside(49)), sample.other(1)
    ines = sample.other(2).me
    mara.do(MakeInvite("member", 3, NOW + 3 * 86_400_000))
    joon.do(Say("role", f"{ines}/{joon.me}/", {"role": "convenor"}))
    cohort.carry(joon, mara)
    for replica in (mara, joon):
        replica.close()


@pytest.mark.parametrize("size", [SMALL, (60, 20)], ids=["80x24", "60x20"])
def test_a_proposal_and_an_invite_among_people(
    sample: Sample, snap_compare: Compare, size: tuple[int, int]
) -> None:
    _asked(sample)
    assert snap_compare(sample.app("people"), terminal_size=size, run_before=after("g"))


def test_a_proposal_opened(sample: Sample, snap_compare: Compare) -> None:
    _asked(sample)
    assert snap_compare(sample.app("people"), terminal_size=SMALL, run_before=after("g", "enter"))


def test_removing_a_member(sample: Sample, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    steps = after("j", "R", words="She has moved to another site.")
    assert snap_compare(sample.app("people"), terminal_size=SMALL, run_before=steps)


def test_keys_and_signs(sample: Sample, snap_compare: Compare) -> None:
    app = sample.app("agenda")
    app.home.config = Path("/home/mara/.config/moot/config.toml")  # it is named: as long on every machine
    assert snap_compare(app, terminal_size=SMALL, run_before=after("question_mark"))


@pytest.mark.parametrize("keys", [("j",), ("enter",), ("n", "tab")], ids=["agenda", "issue", "form"])
def test_without_colour(
    sample: Sample, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(sample.app("agenda"), terminal_size=SMALL, run_before=after(*keys))


def test_in_light_colours(sample: Sample, snap_compare: Compare) -> None:
    app = sample.app("agenda")
    app.theme = "moot-light"
    assert snap_compare(app, terminal_size=LARGE, run_before=after("j", "v", "2"))


def test_on_a_bare_console(sample: Sample, snap_compare: Compare) -> None:
    assert snap_compare(sample.app("agenda", PLAIN), terminal_size=SMALL, run_before=after("enter", "v", "2"))


def test_at_sixty_columns(sample: Sample, snap_compare: Compare) -> None:
    assert snap_compare(sample.app("agenda"), terminal_size=(60, 20), run_before=after("j"))
