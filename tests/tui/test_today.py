"""Today: what others did while I was away, each line of which opens what it is about."""

from __future__ import annotations

import re
from pathlib import Path

from moot_client.replica.commands import Create, Say
from moot_client.replica.replica import Replica
from moot_client.store.glance import glance
from moot_client.tui.desk import Desk
from moot_client.tui.places.today import FRAME, TodayPlace
from moot_client.tui.screens.small import LEAST_HEIGHT
from tests.helpers import cohort
from tests.tui.stage import Sample, app_on, empty_community, main_screen, now, opened, settled, shown


def away(sample: Sample, *, issues: int = 2) -> dict[str, str]:
    """I looked at Today; then the others went on."""
    mara = Replica.open(sample.home.place(), cohort.outside(70))
    look = (
        int(mara.reader().execute("SELECT max(position) FROM change").fetchone()[0]),
        cohort.outside(1).now(),
    )
    mara.set_own("last look", look)
    joon, ines = sample.other(1), sample.other(2)
    keys = {f"new {n}": cohort.issue(joon, f"New thing {n}") for n in range(issues)}
    keys["lesson"] = str(ines.do(Create("lesson", {"statement": "Ask the night crew"})))
    joon.do(Say("comment", sample.keys["meetings"] + "/", {"text": "Half an hour is enough."}))
    for who, what in ((joon, "coaching"), (ines, "meetings"), (ines, "question")):
        cohort.vote(who, sample.keys[what], 1)
    for other in (joon, ines):
        cohort.carry(other, mara)
        other.close()
    mara.close()
    return keys


def test_what_is_read_for_the_first_picture_is_how_the_whole_list_begins(sample: Sample) -> None:
    away(sample, issues=9)
    seen = glance(sample.home.place())
    assert seen is not None
    desk, place = Desk(seen, now), TodayPlace()
    whole = [(item.id, item.target) for item in place.listing(desk).items]
    for height in range(LEAST_HEIGHT, 40):
        first = [(item.id, item.target) for item in place.listing(desk, height).items]
        assert first == whole[: len(first)]
        assert len(first) > height - FRAME or first == whole, "a list that goes on has its scrollbar at once"


async def test_in_a_narrow_window_names_give_way_and_not_what_they_did(
    sample: Sample, tmp_path: Path
) -> None:
    mara = Replica.open(sample.home.place(), cohort.outside(70))
    seen = int(mara.reader().execute("SELECT max(position) FROM change").fetchone()[0])
    mara.set_own("last look", (seen, cohort.outside(1).now()))
    for number, name in enumerate(("Bartholomew Featherstonehaugh", "Constance Wolstenholme-Smythe")):
        joined = cohort.joiner(tmp_path / f"new{number}", mara, name, seed=90 + number)
        cohort.carry(joined, mara)
        joined.close()
    mara.close()
    app = sample.app("today")
    async with opened(app, (40, 12)) as pilot:
        await settled(pilot)
        (told,) = (line for line in shown(app).split("\n") if "Bartholomew" in line)
        assert told.rstrip().endswith("… joined")


async def test_each_line_says_what_and_who_and_opens_it(sample: Sample) -> None:
    keys = away(sample)
    app = sample.app("today")
    async with opened(app) as pilot:
        await settled(pilot)
        screen = shown(app)
        lines = [" ".join(line.split()) for line in screen.split("\n")]
        assert "▸ 2 new issues New thing 1 Joon" in lines
        assert "New thing 0 Joon" in lines
        assert "new lesson Ask the night crew Ines" in lines
        assert "comment Meetings run over Joon" in lines
        assert "3 votes Who has run a case clinic before? 1 vote" in lines
        targets = [item.target for item in main_screen(app).view.list.rows if item.target]
        assert targets[:3] == [keys["new 1"], keys["new 0"], keys["lesson"]]
        await pilot.press("j", "j", "enter")
        await settled(pilot)
        assert main_screen(app).target == keys["lesson"]


async def test_what_is_too_much_is_one_line_and_enter_shows_all_of_it_in_place(sample: Sample) -> None:
    away(sample, issues=9)
    app = sample.app("today")
    async with opened(app) as pilot:
        await settled(pilot)
        assert "9 new issues      New thing 8" in shown(app)
        assert "and 6 more" in shown(app)
        await pilot.press("j", "j", "j", "enter")
        await settled(pilot)
        assert all(f"New thing {n}" in shown(app) for n in range(9))
        assert "and 6 more" not in shown(app)
        assert main_screen(app).here == "today"


async def test_the_vote_that_waits_opens_the_agenda(sample: Sample) -> None:
    app = sample.app("today")
    async with opened(app) as pilot:
        await settled(pilot)
        view = main_screen(app).view
        line = next(item for item in view.list.rows if item.target == "place/agenda")
        assert view.list.select(line.id)
        await pilot.press("enter")
        await settled(pilot)
        assert main_screen(app).here == "agenda"


async def test_a_quiet_day_is_said_warmly(tmp_path: Path) -> None:
    home = empty_community(tmp_path)
    mara = Replica.open(home.place(), cohort.outside(70))
    mara.do(Create("issue", {"title": "Mine"}))
    mara.set_own("words confirmed", True)
    mara.set_own("last look", (10_000, cohort.outside(1).now()))
    (issue,) = mara.reader().execute("SELECT key FROM record WHERE kind = 'issue'").fetchone()
    cohort.vote(mara, issue, 1)
    mara.close()
    app = app_on(home)
    async with opened(app) as pilot:
        await settled(pilot)
        assert "It has been quiet since" in shown(app)
        assert "Nothing waits for you. What is on your mind?" in shown(app)


async def test_two_versions_wait_at_the_next_look_too_and_the_title_alone_gives_way(sample: Sample) -> None:
    waits = "make one of the two in ‘Handover between shifts loses facts’ (Joon and you)"
    app = sample.app("today")
    async with opened(app, (80, 24)) as pilot:
        await settled(pilot)
        assert "Joon and you both edited ‘Handover between shifts loses facts’: both kept" in shown(app)
        await pilot.press("2", "ctrl+q")
    app = sample.app("today")
    async with opened(app, (80, 24)) as pilot:
        await settled(pilot)
        assert ": both kept" not in shown(app)
        assert waits in shown(app)
        await pilot.resize_terminal(60, 24)
        await settled(pilot)
        assert re.search("make one of the two in ‘Handover[^’]*…’ [(]Joon and you[)]", shown(app))
