"""What comes in is tidied up after while it is little, so that no key waits for all of it at once."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from moot_client.replica.replica import Replica
from moot_client.sync.events import Event, Received
from moot_client.tui.arriving import pace
from moot_client.tui.company import syncing
from tests.tui.stage import Sample, now


class Knot:
    """Something that only the garbage collector takes away."""

    def __init__(self) -> None:
        self.itself = self


def knotted() -> weakref.ref[Knot]:
    """One that nobody holds any more."""
    return weakref.ref(Knot())


@pytest.fixture
def plain() -> Iterator[None]:
    """The interpreter as it was, afterwards."""
    interval, thresholds, enabled = sys.getswitchinterval(), gc.get_threshold(), gc.isenabled()
    gc.collect()
    gc.disable()
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*thresholds)
    if enabled:
        gc.enable()


@pytest.fixture
def interface(plain: None) -> None:
    """The interpreter as it is under an interface, before anything of itself is collected."""
    pace.begun()


def test_what_was_made_lately_is_looked_through_and_what_was_there_before_is_not(interface: None) -> None:
    kept = Knot()
    lost = knotted()
    pace.tidied()
    assert lost() is None
    was = weakref.ref(kept)
    del kept
    pace.tidied()
    assert was() is not None
    gc.collect()
    assert was() is None


def test_where_no_interface_has_begun_the_interpreter_is_left_alone(plain: None) -> None:
    lost = knotted()
    pace.tidied()
    assert lost() is not None


async def test_after_each_page_that_comes_in_is_tidied(
    interface: None, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[bool] = []

    class Pages:
        """An engine to which two pages come."""

        def __init__(self, replica: Replica, report: Callable[[Event], None]) -> None:
            self.report = report

        def i_am(self, where: Any) -> None:
            """Nobody is told."""

        async def run(self) -> None:
            """Two pages, and what their reading leaves behind."""
            for _ in range(2):
                left = knotted()
                self.report(Received(500))
                found.append(left() is None)
            ended.set()

    monkeypatch.setattr(syncing, "Engine", Pages)
    ended = asyncio.Event()
    replica = Replica.open(sample.home.place())
    running = asyncio.create_task(syncing.EngineSyncing(replica, now).run(lambda link: None))
    await ended.wait()
    running.cancel()
    replica.close()
    assert found == [True, True]
