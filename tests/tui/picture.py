"""The picture in the README: the real application on the sample, written as SVG.

`scripts/picture` runs this; it writes the same bytes until the interface or the sample changes.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from moot_client.home import Home
from moot_client.replica.commands import Say
from moot_client.replica.replica import Replica
from moot_client.tui.company.syncing import Link
from tests.helpers import cohort
from tests.tui.stage import NOW, Sample, main_screen, make_sample, opened, settled

SIZE = (112, 30)  # wide enough for list and page side by side
STORED = NOW - 11 * 60_000


def picture() -> str:
    """The agenda, one of its issues opened, and a vote about to be given."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keys = make_sample(folder)
        _busier(folder)
        return asyncio.run(_drawn(Sample(folder, keys)))


MORE: tuple[tuple[str, dict[str, str], int, int, float], ...] = (
    ("Audits find the same things twice", {}, 3, 2, 3.0),
    ("The night shift has no say in the rota", {}, 2, 2, 1.5),
    ("New tools arrive before anybody is trained", {"level": "organisation"}, 2, 1, 0.0),
    ("Good people leave and we do not ask why", {"level": "across teams"}, 1, 1, 4.0),
    ("Near misses are told at home, not here", {}, 1, 0, 0.0),
    ("What do you do in your first week in a team?", {"kind": "question"}, 0, 0, 0.0),
)


def _busier(folder: Path) -> None:
    """A few more issues; all of it stored by the relay, and signed for by two."""
    mara, joon, ines = (
        Replica.open(Home(folder / str(number)).place(), cohort.outside(90 + number)) for number in range(3)
    )
    for title, fields, of_ines, of_mara, hours in MORE:
        key = cohort.issue(ines, title, **fields)
        cohort.carry(ines, mara)
        cohort.vote(ines, key, of_ines)
        cohort.vote(mara, key, of_mara)
        ines.do(Say("pledge", key, {"hours": hours}))
    cohort.settle(mara, joon, ines)
    mara.note_stored({actor: seq for actor, (seq, _) in mara.version().items()}, STORED)
    for other in (joon, ines):
        assert mara.note_receipts([other.receipt(STORED)])
    for replica in (mara, joon, ines):
        replica.close()


async def _drawn(sample: Sample) -> str:
    app = sample.app("agenda")
    async with opened(app, SIZE) as pilot:
        app.link = Link(connected=True, since=STORED, url=cohort.RELAY)
        main_screen(app).show_standing()
        await pilot.press("v", "2")
        await settled(pilot)
        return app.export_screenshot(title="moot")


def steady(svg: str) -> str:
    """Without the number that a fresh drawing is given each time."""
    import re

    found = re.search(r"terminal-(\d+)-", svg)
    return svg.replace(f"terminal-{found.group(1)}", "terminal-moot") if found else svg


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(steady(picture()), encoding="utf-8")
