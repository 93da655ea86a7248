"""Where there is room, nothing is cut; where there is little, what matters most there is what stands."""

from __future__ import annotations

import pytest

from tests.tui.stage import Sample, main_screen, opened, settled, shown


def keys_line(screen: str) -> list[str]:
    """The keys on the last line, with their words."""
    return screen.rsplit("\n", maxsplit=1)[-1].strip().split("   ")


@pytest.mark.parametrize(
    ("place", "what", "first"),
    [
        ("agenda", "handover", ["v vote", "p hours", "c comment", "e edit"]),
        ("lessons", "audit", ["w write", "f finish", "c comment", "e edit"]),
        ("lessons", "read", ["x used it", "c comment", "e edit"]),
    ],
)
async def test_the_keys_of_what_is_read_come_before_those_of_the_list(
    sample: Sample, place: str, what: str, first: list[str]
) -> None:
    app = sample.app(place)
    async with opened(app) as pilot:
        assert main_screen(app).view.list.select(sample.keys[what])
        await pilot.press("enter")
        await settled(pilot)
        keys = keys_line(shown(app))
        assert keys[: len(first)] == first
        assert keys[-3:] == ["Ctrl+P more", "Esc back", "? help"]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("3", "Work (3) comes with a later Moot. Until then 2 shows what is in work"),
        ("6", "Charter (6) comes with a later Moot. Until then Ctrl+O says what we are for"),
    ],
)
async def test_the_key_of_a_place_that_is_still_to_come_says_so(sample: Sample, key: str, said: str) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press(key)
        await settled(pilot)
        assert said in shown(app)
        assert main_screen(app).here == "agenda"
