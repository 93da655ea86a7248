"""A sample community on real replicas, and the real application on it, with clock and dice fixed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

import textual.app
import textual.pilot
from textual.events import Paste
from textual.pilot import Pilot

from moot_client.home import Home
from moot_client.replica.commands import Create, Edit, Say, Together
from moot_client.replica.replica import Replica
from moot_client.tui.app import MootApp
from moot_client.tui.looks.signs import FULL, Signs
from moot_client.tui.screens.main import MainScreen
from moot_shared.errors import StorageError
from tests.helpers import cohort
from tests.tui.rest import at_rest

for each in (textual.app, textual.pilot):  # whoever plays on this stage waits until nothing is left to do
    each.wait_for_idle = at_rest  # type: ignore[attr-defined]

NOW = 1_760_000_000_000 + 2 * 3_600_000  # 9 October 2025, 10:53 UTC
SMALL, LARGE = (80, 24), (120, 40)


def now() -> int:
    """A clock that stands still, a little after everything that was written."""
    return NOW


@dataclass
class Sample:
    """Three members' homes; the interface opens on the first one's."""

    folder: Path
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Home:
        """The home of whom we watch."""
        return Home(self.folder / "0")

    def app(self, place: str = "today", signs: Signs = FULL) -> MootApp:
        """The application on that home, as `moot` would open it."""
        return app_on(self.home, place, signs)

    def other(self, number: int) -> Replica:
        """Another member's replica: Joon (1) or Ines (2)."""
        return Replica.open(Home(self.folder / str(number)).place(), cohort.outside(50 + number))


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


def make_sample(folder: Path) -> dict[str, str]:
    """Issues, votes, hours, a review that two have shared, lessons, a text that two people edited."""
    mara = cohort.founder(folder / "0")
    joon = cohort.joiner(folder / "1", mara, "Joon", seed=11)
    ines = cohort.joiner(folder / "2", mara, "Ines", seed=12)
    cohort.settle(mara, joon, ines)
    keys = _issues(mara, joon, ines)
    cohort.settle(mara, joon, ines)
    _two_at_once(mara, joon, keys["handover"])
    keys |= _reviews(mara, joon, ines)
    cohort.settle(mara, joon, ines)
    mara.set_own("words confirmed", True)
    for replica in (mara, joon, ines):
        replica.close()
    return keys


def _issues(mara: Replica, joon: Replica, ines: Replica) -> dict[str, str]:
    keys = {}
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
    for who, what, text in (
        (joon, "question", "We ran two last year. One case, one hour."),
        (ines, "question", "I have, and I would do it again."),
        (joon, "handover", "The night crew keeps its own list already."),
    ):
        who.do(Say("comment", keys[what] + "/", {"text": text}))
    ines.do(Say("link", f"{keys['handover']}/{keys['meetings']}", {"how": "affects", "to": keys["meetings"]}))
    return keys


def _two_at_once(mara: Replica, joon: Replica, key: str) -> None:
    first = "We lose about a shift a week to finding out what the last one knew."
    for who, second, level in (
        (mara, "It is worst on Mondays. The weekend crew has gone by then.", "across teams"),
        (joon, "It is worst on Mondays. Nobody reads the log on a Monday.", "organisation"),
    ):
        who.do(Edit(key, {"body": f"{first}\n\n{second}", "level": level}))


def _reviews(mara: Replica, joon: Replica, ines: Replica) -> dict[str, str]:
    keys = {"audit": str(ines.do(Create("review", {"title": "The March audit", "form": "full"})))}
    cohort.settle(mara, joon, ines)
    for who, answers in (
        (ines, {"planned": "One list, closed on Friday.", "happened": "Two late changes were not on it."}),
        (joon, {"planned": "That each line lead checks their part.", "why": "It was printed too early."}),
    ):
        notes = (Say("note", f"{keys['audit']}/{q}", {"text": t}) for q, t in answers.items())
        who.do(Together(tuple(notes)))
    keys["read"] = str(ines.do(Create("lesson", {"statement": "Read it back out loud", "origin": "nights"})))
    lesson = {"statement": "Close the list before printing it", "source": keys["audit"]}
    keys["list"] = str(ines.do(Create("lesson", lesson)))
    use = {"where": "Ward round, May", "how": "Two mistakes caught.", "state": "tried"}
    ines.do(Say("use", keys["read"] + "/", use))
    return keys


@asynccontextmanager
async def opened(app: MootApp, size: tuple[int, int] = SMALL) -> AsyncIterator[Pilot[int]]:
    """The application, running without a terminal, settled."""
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot
    assert not app.faults, app.faults


async def settled(pilot: Pilot[int]) -> None:
    """All that was begun is done, what it led to as well, and drawn."""
    app = pilot.app
    assert isinstance(app, MootApp)
    for _ in range(50):  # some test makes something that never rests
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        if app.keys_at_rest and app.shows_what_is and all(worker.is_finished for worker in app.workers):
            return


async def typed(pilot: Pilot[int], words: str) -> None:
    """Put some words where the cursor is, all at once."""
    pilot.app.post_message(Paste(words))
    await settled(pilot)


def shown(app: MootApp) -> str:
    """What is on screen, as text."""
    lines = (
        "".join(part.text for part in strip).rstrip() for strip in app.screen._compositor.render_strips()
    )
    return "\n".join(lines)


def main_screen(app: MootApp) -> MainScreen:
    """The screen with the places, wherever it is in the stack."""
    return next(screen for screen in app.screen_stack if isinstance(screen, MainScreen))


def replica_of(app: MootApp) -> Replica:
    """The replica that the interface works on."""
    assert app.desk is not None
    return app.desk.replica


def full(*_: object, **__: object) -> None:
    """Instead of anything that writes."""
    raise StorageError("The disk is full. Make room, then try again.")
