"""A community comes to the screen: what is on disk first, then what writes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from moot_client.home import Place
from moot_client.replica.commands import Say
from moot_client.replica.outside import Outside
from moot_client.replica.replica import Replica
from moot_client.tui.app import MootApp
from moot_client.tui.arriving import arrival
from moot_client.views.ledger import issue_rows
from moot_shared.errors import StorageError
from tests.helpers import cohort
from tests.helpers.patience import PATIENCE_S
from tests.tui.stage import SMALL, Sample, empty_community, main_screen, replica_of, settled, shown


@pytest.fixture
def go_on(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The replica opens only when this is called."""
    may = threading.Event()
    monkeypatch.setattr(arrival, "load_the_rest", lambda stop: may.wait(PATIENCE_S))
    return may.set


@pytest.fixture
def too_late(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """The first replica opens just when nobody waits for it any more, others at once; set as it begins."""
    begun = threading.Event()

    def load(stop: threading.Event) -> bool:
        if not begun.is_set():
            begun.set()
            stop.wait(PATIENCE_S)
        return True

    monkeypatch.setattr(arrival, "load_the_rest", load)
    return begun


async def sees(pilot: Pilot[int], words: str) -> None:
    """Some words are on screen."""
    assert isinstance(pilot.app, MootApp)
    async with asyncio.timeout(PATIENCE_S):
        while words not in shown(pilot.app):
            await pilot.pause(0.01)


async def rows_shown(pilot: Pilot[int]) -> None:
    """The first picture is there, and its list is read whole."""
    app = pilot.app
    assert isinstance(app, MootApp)
    await sees(pilot, "Handover between")
    async with asyncio.timeout(PATIENCE_S):
        while len(main_screen(app).view.list.rows) < 5:
            await pilot.pause(0.01)


async def test_rows_are_there_and_one_moves_in_them_before_anything_can_be_written(
    sample: Sample, go_on: Callable[[], None]
) -> None:
    app = sample.app("agenda")
    async with app.run_test(size=SMALL) as pilot:
        await rows_shown(pilot)
        await pilot.press("j", "enter")
        assert app.desk is not None
        assert not app.desk.is_whole
        assert "‹ Agenda   Nobody owns supplier quality" in shown(app)
        go_on()
        await settled(pilot)
        assert app.desk.is_whole


async def test_what_only_reads_waits_for_nothing(sample: Sample, go_on: Callable[[], None]) -> None:
    app = sample.app("agenda")
    async with app.run_test(size=SMALL) as pilot:
        await rows_shown(pilot)
        assert app.desk is not None
        for key, words in (("s", "Type what you look for"), ("h", "Joon commented"), ("m", "as a map")):
            await pilot.press(key)
            await sees(pilot, words)
            assert not app.desk.is_whole
            await pilot.press("escape")
        go_on()
        await settled(pilot)


async def test_a_key_that_writes_waits_its_moment_and_what_is_typed_after_it_goes_where_it_belongs(
    sample: Sample, go_on: Callable[[], None]
) -> None:
    app = sample.app("agenda")
    async with app.run_test(size=SMALL) as pilot:
        await rows_shown(pilot)
        pressed = asyncio.create_task(pilot.press("j", "v", "2", "enter"))
        await asyncio.sleep(0)
        go_on()
        await pressed
        await settled(pilot)
        row = issue_rows(replica_of(app).reader(), replica_of(app).me, [sample.keys["supplier"]])
        assert row[sample.keys["supplier"]].my_dots == 2


async def test_what_others_wrote_between_the_look_and_the_opening_is_shown(
    sample: Sample, go_on: Callable[[], None]
) -> None:
    app = sample.app("agenda")
    async with app.run_test(size=SMALL) as pilot:
        await rows_shown(pilot)
        beside = Replica.open(
            sample.home.place(), cohort.outside(78)
        )  # as `moot pledge` in another terminal does
        beside.do(Say("pledge", sample.keys["coaching"], {"hours": 3}))
        beside.close()
        go_on()
        await settled(pilot)
        assert "15 h" in shown(app)


async def test_who_closes_moot_before_it_is_whole_leaves_nothing_open(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "load_the_rest", lambda stop: stop.wait(PATIENCE_S))
    async with sample.app("agenda").run_test(size=SMALL) as pilot:
        await rows_shown(pilot)
    again = Replica.open(sample.home.place(), cohort.outside(79))
    assert again.become_writer()
    again.close()


async def test_who_goes_to_another_community_before_the_first_is_whole_works_on_the_other_alone(
    sample: Sample, too_late: threading.Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, other = sample.app("agenda"), empty_community(tmp_path / "other").place()
    followed: list[Path] = []
    monkeypatch.setattr(app, "_sync", lambda replica, clock: followed.append(replica.place.folder))
    async with app.run_test(size=SMALL) as pilot:
        await rows_shown(pilot)
        await asyncio.to_thread(too_late.wait, PATIENCE_S)
        app.open_place(other)
        await settled(pilot)
        assert followed == [other.folder]
        assert replica_of(app).place.folder == other.folder
        assert replica_of(app).become_writer()
    assert not app.faults
    again = Replica.open(sample.home.place(), cohort.outside(79))
    assert again.become_writer()
    again.close()


async def test_a_community_that_was_left_and_then_fails_to_open_does_not_end_moot(
    sample: Sample, too_late: threading.Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, other = sample.app("agenda"), empty_community(tmp_path / "other").place()
    opens = Replica.open

    def fails(place: Place, outside: Outside) -> Replica:
        if place.folder != other.folder:
            raise StorageError("This community cannot be read.")
        return opens(place, outside)

    monkeypatch.setattr(Replica, "open", fails)
    async with app.run_test(size=SMALL) as pilot:
        await rows_shown(pilot)
        await asyncio.to_thread(too_late.wait, PATIENCE_S)
        app.open_place(other)
        await settled(pilot)
        assert app.trouble is None
        assert app.return_code is None
        assert replica_of(app).place.folder == other.folder
    assert not app.faults
