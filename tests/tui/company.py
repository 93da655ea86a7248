"""Members who are here, by hand: no relay, and no waiting for one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC

from textual.pilot import Pilot
from typing_extensions import override

from moot_client.sync.events import Here
from moot_client.tui.app import MootApp
from moot_client.tui.company.link import Link
from moot_client.tui.company.syncing import Syncing
from moot_client.tui.looks.signs import FULL
from tests.helpers import cohort
from tests.tui.stage import NOW, Sample, now, settled

URL = cohort.RELAY


class Company(Syncing):
    """Syncing by hand: what it is told of me, and what it tells."""

    def __init__(self) -> None:
        self.said: list[str | None] = []
        self.asked: list[str] = []
        self.tell: Callable[[Link], None] = lambda link: None

    @override
    async def run(self, tell: Callable[[Link], None]) -> None:
        self.tell = tell
        tell(Link(connected=True, since=NOW, url=URL))

    @override
    def nudge(self) -> None:
        self.asked.append("nudge")

    @override
    def check(self) -> None:
        self.asked.append("check")

    @override
    def stir(self) -> None:
        self.asked.append("stir")

    @override
    def i_am(self, writing: str | None) -> None:
        self.said.append(writing)

    @property
    def written(self) -> list[str]:
        """Where I was said to write."""
        return [said for said in self.said if said]

    async def here(self, pilot: Pilot[int], *others: Here) -> None:
        """These are here now."""
        self.tell(Link(connected=True, since=NOW, url=URL, here=others))
        await settled(pilot)


def app_of(sample: Sample, company: Company, place: str = "today") -> MootApp:
    """The application on the sample, in this company."""
    return MootApp(
        sample.home, sample.home.place(), place, now=now, zone=UTC, signs=FULL, outside=cohort.outside(77),
        sync=lambda replica, clock: company,
    )  # fmt: skip


def actors(sample: Sample) -> list[bytes]:
    """Joon's machine and Ines's."""
    found = []
    for number in (1, 2):
        replica = sample.other(number)
        found.append(replica.actor)
        replica.close()
    return found


async def ready(pilot: Pilot[int]) -> None:
    """The community can be written to, and whoever keeps in touch is there."""
    assert isinstance(pilot.app, MootApp)
    while pilot.app.together is None:
        await asyncio.sleep(0)
        await settled(pilot)
    await settled(pilot)


def away(**more: object) -> Link:
    """No connection for an hour."""
    trouble = "No relay is running at ws://relay.example. Your work is safe on this machine."
    link = Link(since=NOW - 3_600_000, trouble=trouble, trouble_at=NOW - 20_000, url=URL)
    return replace(link, **more)  # type: ignore[arg-type]
