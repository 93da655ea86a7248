"""Help is true for where one is: what works there comes first, with the keys that it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from moot_client.home import Home
from tests.tui.stage import LARGE, Sample, app_on, main_screen, opened, settled, shown, typed


def here_and_now(text: str) -> str:
    """What the page says under its first heading."""
    blocks = text.split("\n\n")
    return next(block for block in blocks if "Here and now" in block)


@pytest.mark.parametrize(
    ("place", "keys", "there", "not_there"),
    [
        ("agenda", (), ("v ", "p ", "Give an issue some of your dots"), ("Take an invite back",)),
        (
            "people",
            (),
            ("Make a line that lets somebody in", "Show who has gone too"),
            ("Give an issue some of your dots", "this place's kind", "archived", "in a picture"),
        ),
        ("agenda", (), ("The agenda as a map", "List an issue"), ("elsewhere", "who has gone")),
        ("lessons", (), ("What we said, week by week", "Begin a review"), ("agenda as a map",)),
        ("agenda", ("m",), ("To the next one on the left",), ()),
        ("agenda", ("n",), ("Ctrl+S", "Finish: what was typed is said"), ("Give an issue", " v ")),
        ("agenda", ("v",), ("One dot more",), ("Say how many hours",)),
    ],
)
async def test_what_works_here_comes_first(
    sample: Sample, place: str, keys: tuple[str, ...], there: tuple[str, ...], not_there: tuple[str, ...]
) -> None:
    app = sample.app(place)
    async with opened(app, LARGE) as pilot:
        await pilot.press("j", *keys)
        await settled(pilot)
        await pilot.press("f1")
        await settled(pilot)
        first = here_and_now(shown(app))
        assert all(words in first for words in there), first
        assert not any(words in first for words in not_there), first


async def test_help_over_a_form_takes_no_word(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n")
        await settled(pilot)
        await typed(pilot, "Half a thought")
        await pilot.press("f1")
        await settled(pilot)
        assert "Keys and signs" in shown(app)
        await pilot.press("escape")
        await settled(pilot)
        assert "Half a thought" in shown(app)
        await pilot.press("question_mark")
        assert "Half a thought?" in shown(app)


async def test_help_is_there_before_there_is_a_community(tmp_path: Path) -> None:
    app = app_on(Home(tmp_path))
    async with opened(app) as pilot:
        await pilot.press("question_mark")
        await settled(pilot)
        assert "Keys and signs" in shown(app)
        await pilot.press("escape", "enter", "f1")
        await settled(pilot)
        assert "Ctrl+S" in here_and_now(shown(app))


async def test_a_click_does_what_a_key_does(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        lines = shown(app).splitlines()
        await pilot.click(offset=(lines[-1].index("v vote"), 23))
        await settled(pilot)
        assert "Your dots" in shown(app)
        await pilot.press("escape")
        await settled(pilot)
        await pilot.click(offset=(lines[0].index("People"), 0))
        await settled(pilot)
        assert main_screen(app).here == "people"
        await pilot.click(offset=(10, 4))
        await pilot.press("enter")
        await settled(pilot)
        assert "‹ People" in shown(app)
        await pilot.click(offset=(3, 0))
        await settled(pilot)
        assert "PEOPLE" in shown(app)
