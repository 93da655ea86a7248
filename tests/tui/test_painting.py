"""What a key costs the screen: the same picture as Textual would paint, of fewer lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from textual._compositor import Compositor
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

from moot_client.tui.painter import Painter
from moot_client.tui.widgets.page import Page
from moot_client.tui.widgets.rowlist import RowList
from tests.tui.stage import LARGE, SMALL, Sample, opened, settled


def as_textual_would(painter: Painter) -> list[Strip]:
    """All lines of the screen, put together by Textual's own means."""
    chops = Compositor._render_chops(painter, painter.size.region, lambda y: True)
    return [Strip.join(chop.values()) for chop in chops]


def looks(strips: list[Strip]) -> list[list[tuple[str, str]]]:
    """What is written, and how, cell by cell."""
    return [[(letter, str(part.style)) for part in strip for letter in part.text] for strip in strips]


@contextmanager
def painted() -> Iterator[list[list[Region]]]:
    """What is painted from now on, a list of regions for each picture."""
    found: list[list[Region]] = []
    before = Painter.render_partial_update

    def noted(painter: Painter) -> object:
        found.append(list(painter._dirty_regions))
        return before(painter)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Painter, "render_partial_update", noted)
        yield found


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_what_is_painted_is_what_textual_would_paint(sample: Sample, size: tuple[int, int]) -> None:
    async with opened(sample.app("agenda"), size) as pilot:
        for keys in ([], ["v"], ["2"], ["escape"], ["slash", "s"], ["escape"], ["enter"], ["5"]):
            await pilot.press(*keys)
            await settled(pilot)
            painter = pilot.app.screen._compositor
            assert isinstance(painter, Painter)
            assert looks(painter.render_strips()) == looks(as_textual_would(painter)), keys


async def test_a_move_paints_two_lines_before_anything_else(sample: Sample) -> None:
    async with opened(sample.app("agenda"), LARGE) as pilot:
        rows = pilot.app.screen.query_one(RowList)
        with painted() as pictures:
            await pilot.press("j")
            await settled(pilot)
        width = rows.size.width
        assert sorted(region.height for region in pictures[0]) == [1, 1]
        assert all(region.width <= width for region in pictures[0])


async def test_a_page_that_grows_lays_nothing_out(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(sample.app("agenda"), LARGE) as pilot:
        laid_out = []
        before = Screen._refresh_layout

        def noted(screen: Screen[object], *given: object, **named: object) -> None:
            laid_out.append(screen)
            before(screen, *given, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(Screen, "_refresh_layout", noted)
        first = pilot.app.screen.query_one("#page", Page).text
        await pilot.press("j")
        await settled(pilot)
        assert pilot.app.screen.query_one("#page", Page).text != first
        assert not laid_out
