"""What a key costs the screen: the same picture as Textual would paint, of fewer lines."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from textual._compositor import Compositor
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from moot_client.tui.desk import Desk
from moot_client.tui.screens import doing
from moot_client.tui.terminal.painter import Painter, Wanted
from moot_client.tui.widgets.bars import Bar
from moot_client.tui.widgets.linebar import LineBar
from moot_client.tui.widgets.page import Page
from moot_client.tui.widgets.prosebox import LineBox
from moot_client.tui.widgets.rowlist import RowList
from moot_client.tui.widgets.votebar import VoteBar
from tests.tui.stage import LARGE, SMALL, Sample, main_screen, opened, settled


def as_textual_would(painter: Painter) -> list[Strip]:
    """All lines of the screen, put together by Textual's own means."""
    chops = Compositor._render_chops(painter, painter.size.region, lambda y: True)
    return [Strip.join(chop.values()) for chop in chops]


def looks(strips: list[Strip]) -> list[list[tuple[str, str]]]:
    """What is written, and how, cell by cell."""
    return [[(letter, str(part.style)) for part in strip for letter in part.text] for strip in strips]


@contextmanager
def painted() -> Iterator[list[Wanted]]:
    """What is painted from now on, line by line: from which column to which, for each picture."""
    found: list[Wanted] = []
    before = Painter._painted

    def noted(painter: Painter, wanted: Wanted) -> list[dict[int, Strip]]:
        found.append(wanted)
        return before(painter, wanted)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Painter, "_painted", noted)
        yield found


def has(picture: Wanted, widget: Widget) -> bool:
    """Whether all of a widget is in a picture."""
    x, y, width, height = widget.region
    return all(
        any(start <= x and end >= x + width for start, end in picture.get(line, ()))
        for line in range(y, y + height)
    )


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
        right = rows.region.x + rows.size.width
        assert len(pictures[0]) == 2
        assert all(end <= right for spans in pictures[0].values() for _, end in spans)


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


async def test_a_letter_and_the_list_that_it_narrows_are_one_picture(sample: Sample) -> None:
    async with opened(sample.app("agenda"), LARGE) as pilot:
        await pilot.press("slash")
        await settled(pilot)
        rows, line = pilot.app.screen.query_one(RowList), pilot.app.screen.query_one(LineBox)
        with painted() as pictures:
            await pilot.press("s")
            await settled(pilot)
        assert has(pictures[0], line)
        assert all(y in pictures[0] for y in range(rows.region.y, rows.region.y + len(rows.rows)))


@pytest.mark.parametrize(("key", "kind"), [("v", VoteBar), ("slash", LineBar)])
async def test_a_line_comes_and_goes_in_one_picture_each_in_which_the_list_stays_as_it_is(
    sample: Sample, key: str, kind: type[Bar]
) -> None:
    async with opened(sample.app("agenda"), LARGE) as pilot:
        rows = pilot.app.screen.query_one(RowList).region
        for press in (key, "escape"):
            with painted() as pictures:
                await pilot.press(press)
                await settled(pilot)
            open_now = [bar for bar in pilot.app.screen.query(kind) if bar.display]
            place = open_now[0] if open_now else pilot.app.screen.query_one("#rule")
            assert [has(picture, place) for picture in pictures].count(True) == 1, press
            assert has(pictures[0], place), press
            drawn = [y for y in range(rows.y, rows.bottom) if any(y in picture for picture in pictures)]
            assert len(drawn) <= 1, press  # the selected line, which the focus leaves and comes back to
            assert pilot.app.screen.query_one(RowList).region == rows


async def test_a_kept_vote_is_said_in_the_picture_in_which_its_line_is_gone(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doing, "SOON_S", 60.0)  # a disk may take its time here
    app = sample.app("agenda")
    async with opened(app, LARGE) as pilot:
        await pilot.press("j", "v", "2")
        await settled(pilot)
        status, rule = main_screen(app).status, app.screen.query_one("#rule")
        with painted() as pictures:
            await pilot.press("enter")
            await settled(pilot)
        assert status.text.startswith("Your dots: ●●")
        assert has(pictures[0], status)
        assert has(pictures[0], rule)


async def test_a_move_is_painted_before_the_database_is_asked_anything(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(sample.app("agenda"), LARGE) as pilot:
        asked: list[int] = []  # after how many pictures
        before: Callable[[Desk], sqlite3.Connection] = vars(Desk)["db"].fget

        def noted(desk: Desk) -> sqlite3.Connection:
            asked.append(len(pictures))
            return before(desk)

        monkeypatch.setattr(Desk, "db", property(noted))
        with painted() as pictures:
            await pilot.press("j")
            await settled(pilot)
        assert asked  # its page was read
        assert min(asked) >= 1
