"""The tour: shown once after beginning, gone on with by doing or by Enter, ended by Esc, never in the way."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from moot_client.home import Home
from moot_client.tui.app import MootApp
from moot_client.tui.tour import STEPS
from tests.tui.stage import Sample, app_on, main_screen, opened, settled, shown


async def look(pilot: Pilot[int]) -> str:
    """What is on screen once the tour has looked at what was done."""
    await settled(pilot)
    app = pilot.app
    assert isinstance(app, MootApp)
    if app._tour is not None:
        app._tour.look()
    await settled(pilot)
    return " ".join(shown(app).split())


async def pressed(pilot: Pilot[int], *keys: str) -> str:
    """The same after some keys."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)
    return await look(pilot)


async def began(pilot: Pilot[int]) -> str:
    """Begin a tour, as the palette does."""
    await pilot.app.run_action("tour")
    return await look(pilot)


async def test_each_step_is_over_when_one_has_done_it(sample: Sample) -> None:
    app = sample.app("today")
    async with opened(app) as pilot:
        assert "A look around, in a minute?" in await began(pilot)
        assert "On top are the places" in await pressed(pilot, "enter")
        assert "Here stand issues" in await pressed(pilot, "2")
        assert "gives an issue some of your dots" in await pressed(pilot, "j", "enter")
        assert "Your dots" in await pressed(pilot, "v")
        assert "Down here: what is safe where" in await pressed(pilot, "2", "enter")
        assert "Here and now" in await pressed(pilot, "question_mark")
        assert "finds every command" in await pressed(pilot, "escape")
        await pressed(pilot, "ctrl+p")
        assert "That is all." in await pressed(pilot, "escape")
        assert "That is all." not in await pressed(pilot, "enter")
        assert app._tour is None


async def test_enter_alone_goes_through_it(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app) as pilot:
        await began(pilot)
        for _ in STEPS:
            await pressed(pilot, "enter")
        assert app._tour is None
        assert main_screen(app).here == "agenda"


async def test_esc_ends_it_at_any_step_and_then_keys_are_as_ever(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await began(pilot)
        assert "ends the tour" not in await pressed(pilot, "escape")
        await pressed(pilot, "enter")
        assert main_screen(app).view.opened
        await pressed(pilot, "escape")
        assert not main_screen(app).view.opened


async def test_what_is_typed_in_a_bar_is_the_bars_alone(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await began(pilot)
        await pressed(pilot, "slash", *"meet", "enter")
        assert "only: meet" in await look(pilot)
        assert app._tour is not None
        await pressed(pilot, "p", "escape")
        assert app._tour is not None


async def test_it_is_shown_once_on_a_machine_after_founding(tmp_path: Path) -> None:
    async def founded(name: str) -> str:
        app = app_on(Home(tmp_path))
        async with opened(app) as pilot:
            if Home(tmp_path).places():
                await pressed(pilot, "ctrl+b")
            await pressed(pilot, "enter", *name, "enter", *"Mara", "enter")
            assert "look around, in a minute" not in await pressed(pilot)
            await pressed(pilot, "escape")
            while app._tour_due:
                await pilot.pause(0.05)
            return await look(pilot)

    assert "A look around, in a minute?" in await founded("North")
    assert "A look around, in a minute?" not in await founded("South")


async def test_one_that_is_open_while_moot_closes_ends_with_it(sample: Sample) -> None:
    """It looks at what was done five times a second, also when the screens have gone."""
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await began(pilot)
        tour = app._tour
    assert tour is not None
    tour.look()
    assert app._tour is None
    await app._begin_when_free()
    assert app._tour is None


async def test_in_a_community_without_issues_it_says_how_to_make_one(tmp_path: Path) -> None:
    from tests.tui.stage import empty_community

    app = app_on(empty_community(tmp_path), "agenda")
    async with opened(app) as pilot:
        await began(pilot)
        await pressed(pilot, "enter")
        assert "n makes the first one" in await pressed(pilot, "enter")
        await pressed(pilot, "n", *"Late", "ctrl+s")
        assert "gives an issue some of your dots" in await look(pilot)


async def test_it_is_over_for_whoever_writes_something_that_it_did_not_ask_for(sample: Sample) -> None:
    app = sample.app("today")
    async with opened(app) as pilot:
        await began(pilot)
        assert "On top are the places" in await pressed(pilot, "enter")
        assert "New issue" in await pressed(pilot, "n")
        assert "On top are the places" not in await pressed(pilot, "escape")
        assert app._tour is None
