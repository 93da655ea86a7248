"""Closing: whatever keeps in touch with the relay is ended first, then the store is let go of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC

from typing_extensions import override

from moot_client.replica.replica import Replica
from moot_client.tui.app import MootApp
from moot_client.tui.arriving import busy
from moot_client.tui.company.syncing import AGAIN_S, FAULT, EngineSyncing, Link, Syncing
from moot_client.tui.messages import LinkChanged
from moot_client.tui.widgets.bottom import StatusLine
from moot_client.tui.widgets.prosebox import LineBox
from tests.helpers import cohort
from tests.tui.stage import NOW, Sample, opened, replica_of, settled, shown


class Forever(Syncing):
    """Keeps in touch until it is ended."""

    def __init__(self) -> None:
        self.ended = False
        self.nudged = 0

    @override
    async def run(self, tell: Callable[[Link], None]) -> None:
        tell(Link(connected=True, since=NOW, url=cohort.RELAY))
        try:
            await asyncio.Event().wait()
        finally:
            self.ended = True

    @override
    def nudge(self) -> None:
        self.nudged += 1

    @override
    def check(self) -> None:
        """It is in touch."""

    @override
    def stir(self) -> None:
        """It is in touch."""

    @override
    def i_am(self, writing: str | None) -> None:
        """Nobody else is there to be told."""


def syncing_app(sample: Sample, keeping: Syncing) -> MootApp:
    """The application on the sample, with something that keeps in touch."""
    return MootApp(
        sample.home,
        sample.home.place(),
        "agenda",
        now=lambda: NOW,
        zone=UTC,
        outside=cohort.outside(77),
        sync=lambda replica, clock: keeping,
    )


async def test_closing_ends_the_connection_and_lets_go_of_the_store(sample: Sample) -> None:
    keeping = Forever()
    app = syncing_app(sample, keeping)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.pause()
        assert "on the way to the relay" in shown(app)
        await pilot.press("ctrl+q")
        await pilot.pause()
    assert keeping.ended
    assert app.trouble is None
    assert app.return_code == 0
    again = Replica.open(sample.home.place(), cohort.outside(3))
    assert again.become_writer()
    again.close()


async def test_what_is_written_is_sent_at_once(sample: Sample) -> None:
    keeping = Forever()
    app = syncing_app(sample, keeping)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("j", "v", "1", "enter")
        for _ in range(50):
            await pilot.pause(0.02)
            if keeping.nudged:
                break
        assert keeping.nudged


async def test_a_fault_in_the_engine_is_said_and_the_interface_goes_on(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        told: list[Link] = []
        keeping = EngineSyncing(replica_of(app), lambda: NOW)
        replica_of(app).become_writer = lambda: 1 / 0  # type: ignore[method-assign,assignment,return-value]
        running = asyncio.create_task(keeping.run(told.append))
        for _ in range(100):
            await pilot.pause(0.01)
            if told:
                break
        running.cancel()
        await settled(pilot)
        assert told[-1].trouble == FAULT
        assert not told[-1].connected
        assert AGAIN_S > 1


async def test_keys_that_leave_elsewhere_say_how_one_leaves_here(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        for key in ("q", "ctrl+c"):
            await pilot.press(key)
            await settled(pilot)
            assert "Ctrl+Q closes Moot; what you typed is kept" in shown(app)
            app.screen.query_one(StatusLine).hush()
        await pilot.press("n", "q", "ctrl+c")
        await settled(pilot)
        assert "Ctrl+Q closes Moot" in shown(app)
        assert any(box.value == "q" for box in app.screen.query(LineBox))


async def test_what_is_due_on_a_timer_while_moot_closes_finds_no_screen_and_does_nothing(
    sample: Sample,
) -> None:
    app = sample.app("agenda")
    async with opened(app):
        desk = app.desk
    assert not app.screen_stack
    app.desk = desk
    app._refresh()
    app.on_link_changed(LinkChanged(Link()))
    with busy.told(app, desk, busy.GETTING_READY):
        pass
