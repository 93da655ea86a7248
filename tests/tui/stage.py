"""A sample community on real replicas, and the real application on it, with clock and dice fixed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from textual.pilot import Pilot

from moot_client.home import Home
from moot_client.replica.commands import Create, Edit, Say, Together
from moot_client.replica.replica import Replica
from moot_client.tui.app import MootApp
from moot_client.tui.signs import FULL, Signs
from tests.helpers import cohort

NOW = 1_760_000_000_000 + 2 * 3_600_000  # 9 October 2025, 10:53 UTC
SMALL, LARGE = (80, 24), (120, 40)


def now() -> int:
    """A clock that stands still, a little after everything that was written."""
    return NOW


@dataclass
class Sample:
    """Three members' replicas; the interface opens on the first one's."""

    folder: Path
    mara: Replica
    joon: Replica
    ines: Replica
    keys: dict[str, str]

    @property
    def home(self) -> Home:
        """The home of whom we watch."""
        return Home(self.folder / "0")

    def app(self, place: str = "today", signs: Signs = FULL) -> MootApp:
        """The application on that home, as `moot` would open it."""
        return app_on(self.home, place, signs)


def app_on(home: Home, place: str = "today", signs: Signs = FULL) -> MootApp:
    """The application on a home, with the clock standing still and nothing syncing."""
    chosen = home.place() if home.places() else None
    around = cohort.outside(77)
    return MootApp(
        home, chosen, place, now=now, zone=UTC, signs=signs, outside=around, sync=lambda replica, clock: None
    )


def empty_community(folder: Path) -> Home:
    """A community that was founded a moment ago."""
    cohort.founder(folder / "0").close()
    return Home(folder / "0")


def sample(folder: Path) -> Sample:
    """Issues, votes, hours, a review that two have shared, lessons, and a text that two people edited."""
    mara = cohort.founder(folder / "0")
    joon = cohort.joiner(folder / "1", mara, "Joon", seed=11)
    ines = cohort.joiner(folder / "2", mara, "Ines", seed=12)
    cohort.settle(mara, joon, ines)
    stage = Sample(folder, mara, joon, ines, {})
    _issues(stage)
    cohort.settle(mara, joon, ines)
    _two_at_once(stage)
    _reviews(stage)
    cohort.settle(mara, joon, ines)
    mara.set_own("words confirmed", True)
    for replica in (mara, joon, ines):
        replica.close()
    return stage


def _issues(stage: Sample) -> None:
    mara, joon, ines, keys = stage.mara, stage.joon, stage.ines, stage.keys
    keys["handover"] = cohort.issue(
        mara,
        "Handover between shifts loses facts",
        now="Facts are told in the corridor; a third never arrive.",
        body="We lose about a shift a week to finding out what the last one knew.\n\n"
        "It is worst on Mondays, when the weekend crew has left before anybody asks.",
    )
    keys["supplier"] = cohort.issue(mara, "Nobody owns supplier quality", level="across teams")
    keys["coaching"] = cohort.issue(mara, "New supervisors get no coaching", level="organisation")
    keys["meetings"] = cohort.issue(mara, "Meetings run over")
    keys["question"] = cohort.issue(mara, "Who has run a case clinic before?", kind="question")
    cohort.settle(mara, joon, ines)
    for who, what, dots, why in (
        (mara, "handover", 3, ""),
        (joon, "handover", 5, "it costs us a shift a week"),
        (ines, "handover", 1, ""),
        (joon, "supplier", 3, ""),
        (ines, "supplier", 3, ""),
        (ines, "coaching", 4, ""),
        (mara, "meetings", 1, ""),
        (joon, "meetings", 1, ""),
    ):
        cohort.vote(who, keys[what], dots, why)
    for who, what, hours in (
        (joon, "handover", 4),
        (mara, "handover", 2),
        (ines, "coaching", 12),
        (joon, "meetings", 2),
    ):
        who.do(Say("pledge", keys[what], {"hours": hours}))
    joon.do(Say("comment", keys["question"] + "/", {"text": "We ran two last year. One case, one hour."}))
    ines.do(Say("comment", keys["question"] + "/", {"text": "I have, and I would do it again."}))
    joon.do(Say("comment", keys["handover"] + "/", {"text": "The night crew keeps its own list already."}))
    ines.do(Say("link", f"{keys['handover']}/{keys['meetings']}", {"how": "affects", "to": keys["meetings"]}))


def _two_at_once(stage: Sample) -> None:
    mara, joon, key = stage.mara, stage.joon, stage.keys["handover"]
    monday = "It is worst on Mondays."
    first = "We lose about a shift a week to finding out what the last one knew."
    mara.do(
        Edit(
            key, {"body": f"{first}\n\n{monday} The weekend crew has gone by then.", "level": "across teams"}
        )
    )
    joon.do(
        Edit(key, {"body": f"{first}\n\n{monday} Nobody reads the log on a Monday.", "level": "organisation"})
    )


def _reviews(stage: Sample) -> None:
    mara, joon, ines, keys = stage.mara, stage.joon, stage.ines, stage.keys
    keys["audit"] = str(ines.do(Create("review", {"title": "The March audit", "form": "full"})))
    cohort.settle(mara, joon, ines)
    for who, answers in (
        (ines, {"planned": "One list, closed on Friday.", "happened": "Two late changes were not on it."}),
        (
            joon,
            {
                "planned": "That each line lead checks their own part.",
                "why": "The list was printed too early.",
            },
        ),
    ):
        who.do(Together(tuple(Say("note", f"{keys['audit']}/{q}", {"text": t}) for q, t in answers.items())))
    keys["read"] = str(
        ines.do(Create("lesson", {"statement": "Read it back out loud", "origin": "night handover"}))
    )
    keys["list"] = str(
        ines.do(Create("lesson", {"statement": "Close the list before printing it", "source": keys["audit"]}))
    )
    ines.do(
        Say(
            "use",
            keys["read"] + "/",
            {"where": "Ward round, May", "how": "Two mistakes caught.", "state": "tried"},
        )
    )


Making = Callable[[], MootApp]


@asynccontextmanager
async def opened(app: MootApp, size: tuple[int, int] = SMALL) -> AsyncIterator[Pilot[int]]:
    """The application, running without a terminal, settled."""
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot[int]) -> None:
    """All that was begun is done, and drawn."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
