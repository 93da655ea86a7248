"""Writing, and coming back to it, as pictures. After a change: look at them.

`pytest tests/tui/test_writing_pictures.py --snapshot-update` writes them anew.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from moot_client.replica.replica import Replica
from moot_client.tui.app import MootApp
from moot_client.tui.forms import keeper
from moot_client.tui.looks.signs import PLAIN
from tests.helpers import cohort
from tests.tui.stage import LARGE, SMALL, Sample, replica_of, settled, typed
from tests.tui.test_today import away

Compare = Callable[..., bool]
Steps = Callable[[Pilot[int]], Awaitable[None]]
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
WORDS = """# Before the change of shift

What **must** be told, in this order:

1. what is *still open*
2. who is on call, and from when: the list is long, so it is read out loud and then read back
3. what is out of order
   - the lift
   - the scanner in room 4

> Nobody reads the log on a Monday.

More in [the old list](https://example.org/list); 2*3*4 beds."""


@pytest.fixture(autouse=True)
def _no_timers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture shows what was done, however long a slow machine takes over it."""
    for name in ("PAUSE_S", "LONGEST_S"):
        monkeypatch.setattr(keeper, name, 600.0)


async def _pressed(pilot: Pilot[int], *keys: str) -> None:
    await settled(pilot)
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


@SIZES
def test_today_after_a_while_away(sample: Sample, snap_compare: Compare, size: tuple[int, int]) -> None:
    away(sample, issues=6)

    async def steps(pilot: Pilot[int]) -> None:
        await _pressed(pilot, "j")

    assert snap_compare(sample.app("today"), terminal_size=size, run_before=steps)


@SIZES
def test_two_people_in_one_text(sample: Sample, snap_compare: Compare, size: tuple[int, int]) -> None:
    key, joon = sample.keys["supplier"], sample.other(1)
    first, second = "We print the list the night before.", "Two late changes are never on it."
    cohort.rewrite(joon, key, "body", f"{first}\n\n{second}")
    mara = Replica.open(sample.home.place(), cohort.outside(60))
    cohort.carry(joon, mara)
    mara.close()
    app = sample.app("agenda")

    async def steps(pilot: Pilot[int]) -> None:
        await _pressed(pilot, "j", "e", "tab", "tab")
        await typed(pilot, " Nobody says so.")
        cohort.rewrite(joon, key, "body", f"{first} At ten.\n\n{second} We know it.")
        cohort.carry(joon, replica_of(app))
        joon.close()
        app.look()
        await settled(pilot)
        await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=steps)


def _previewed(app: MootApp) -> Steps:
    async def steps(pilot: Pilot[int]) -> None:
        await _pressed(pilot, "n", "x", "tab")
        await typed(pilot, WORDS)
        await _pressed(pilot, "ctrl+r")

    return steps


@SIZES
def test_a_text_as_others_will_read_it(sample: Sample, snap_compare: Compare, size: tuple[int, int]) -> None:
    app = sample.app("agenda")
    assert snap_compare(app, terminal_size=size, run_before=_previewed(app))


def test_the_same_on_a_bare_console(sample: Sample, snap_compare: Compare) -> None:
    app = sample.app("agenda", PLAIN)
    assert snap_compare(app, terminal_size=SMALL, run_before=_previewed(app))


def test_a_long_text_has_half_of_the_screen(sample: Sample, snap_compare: Compare) -> None:
    async def steps(pilot: Pilot[int]) -> None:
        await _pressed(pilot, "n", "x", "tab")
        await typed(pilot, WORDS)
        await _pressed(pilot, "tab", "shift+tab")

    assert snap_compare(sample.app("agenda"), terminal_size=LARGE, run_before=steps)


def test_a_reason_that_was_left_is_offered_again(sample: Sample, snap_compare: Compare) -> None:
    async def steps(pilot: Pilot[int]) -> None:
        await _pressed(pilot, "j", "v", "2", *"it stops", "escape", "v")

    assert snap_compare(sample.app("agenda"), terminal_size=SMALL, run_before=steps)
