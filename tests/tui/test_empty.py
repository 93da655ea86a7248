"""Where there is nothing, what to do next is said, with the keys that do it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.stage import LARGE, SMALL, Sample, app_on, empty_community, opened, settled, shown


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("today", "list the first issue that matters to you"),
        ("agenda", "n lists the first one. A shows what was closed or put away."),
        ("lessons", "n begins a review. l on an issue or a review notes a lesson."),
        ("people", "Nobody else is here yet: n invites somebody."),
    ],
)
async def test_an_empty_place_says_what_to_do_next(
    tmp_path: Path, place: str, words: str, size: tuple[int, int]
) -> None:
    app = app_on(empty_community(tmp_path), place)
    async with opened(app, size):
        assert words in " ".join(shown(app).split())


async def test_a_list_that_is_narrowed_to_nothing_says_so_and_how_to_go_on(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app, LARGE) as pilot:
        await pilot.press("slash", *"zzz[b]", "enter")
        await settled(pilot)
        said = " ".join(shown(app).split())
        assert "No line here has ‘zzz[b]’ in it." in said
        assert "Esc shows all of them again; s searches everything." in said
        await pilot.press("escape")
        await settled(pilot)
        assert "No line here" not in shown(app)
        assert "Meetings run over" in shown(app)


async def test_keys_that_were_changed_are_named_there_too(tmp_path: Path) -> None:
    home = empty_community(tmp_path)
    home.config.write_text('[keys]\nnew = "f4"')
    app = app_on(home, "agenda")
    async with opened(app):
        assert "F4 lists the first one" in shown(app)
