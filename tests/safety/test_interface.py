"""Nothing in the interface steers a terminal: every place, every page, every screen over them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.pilot import Pilot

from moot_client.tui.app import MootApp
from moot_client.tui.commands.registry import COMMANDS
from tests.helpers.hostile import harm
from tests.safety.community import Hostile
from tests.tui.stage import LARGE, SMALL, app_on, main_screen, opened, settled

PLACES = ("today", "agenda", "lessons", "people")


def drawn(app: MootApp) -> list[str]:
    """The lines on screen, each exactly as wide as the terminal and carrying words and colours alone."""
    lines = []
    for strip in app.screen._compositor.render_strips():
        for text, style, control in strip:
            assert not control
            assert style is None or style.link is None, text
            assert style is None or "@click" not in style.meta, text
        line = "".join(segment.text for segment in strip)
        assert not harm(line), (line, harm(line))
        assert "\n" not in line
        assert strip.cell_length == app.size.width
        lines.append(line)
    assert len(lines) == app.size.height
    return lines


async def press(pilot: Pilot[int], *keys: str) -> list[str]:
    """Press keys; what is then drawn."""
    for key in keys:
        await pilot.press(key)
    await settled(pilot)
    assert isinstance(pilot.app, MootApp)
    return drawn(pilot.app)


def targets(app: MootApp) -> Iterator[str]:
    """Everything in the list that stands open, by id."""
    for item in main_screen(app).view.list.rows:
        if not item.heading and item.target:
            yield item.target


@pytest.mark.slow
@pytest.mark.parametrize("size", [SMALL, pytest.param(LARGE, marks=pytest.mark.slow)], ids=["small", "large"])
@pytest.mark.parametrize("place", PLACES)
async def test_no_place_and_no_page_steers_the_terminal(
    hostile: Hostile, place: str, size: tuple[int, int]
) -> None:
    app = app_on(hostile.home, place)
    async with opened(app, size) as pilot:
        await press(pilot, "A")
        kinds: dict[str, int] = {}
        for target in list(targets(app)):
            kind = target.split("/")[0]
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] <= (2 if size == SMALL else 5):
                main_screen(app).view.go(target)
                await settled(pilot)
                drawn(app)
                await press(pilot, "o", "end")
                await press(pilot, "escape")
        assert kinds or place == "people"


@pytest.mark.slow
async def test_neither_details_nor_help_nor_search_steer_the_terminal(hostile: Hostile) -> None:
    app = app_on(hostile.home, "agenda")
    async with opened(app) as pilot:
        for key in ("S", "question_mark", "ctrl+p"):
            await press(pilot, key)
            if key == "ctrl+p":
                await press(pilot, *"pwned")
            await press(pilot, "escape")


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
async def test_no_form_and_no_bar_steers_the_terminal(hostile: Hostile, place: str) -> None:
    """Every key that does something, on the first line of every place."""
    app = app_on(hostile.home, place)
    keys = [command.keys.split(",")[0] for command in COMMANDS.values()]
    async with opened(app) as pilot:
        for key in (key for key in keys if len(key) == 1 and key not in "1245Suq"):
            await press(pilot, key)
            while app.focused is not main_screen(app).view.list:
                await press(pilot, "escape")
                main_screen(app).view.list.focus()


@pytest.mark.slow
async def test_markup_that_somebody_wrote_is_words(hostile: Hostile) -> None:
    app = app_on(hostile.home, "agenda")
    async with opened(app, LARGE) as pilot:
        for item in main_screen(app).view.list.rows:
            if item.target.startswith("issue/"):
                main_screen(app).view.go(item.target)
                await settled(pilot)
                if any("@click=app.bell]click[" in line for line in drawn(app)):
                    return
    pytest.fail("the words are nowhere")
