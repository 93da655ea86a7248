"""What is where, and what waits to go out: the status line, and the screen that says all of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from moot_client.home import Home
from moot_client.replica.commands import Say
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.sync.events import Here, Progress
from moot_client.tui.app import MootApp
from moot_client.tui.arriving import busy
from moot_client.tui.company.link import Link
from moot_client.tui.company.status import status_line
from moot_client.tui.looks.signs import FULL
from moot_client.tui.screens.details import DetailsScreen
from moot_client.tui.screens.main import MainScreen
from moot_client.tui.widgets.bottom import StatusLine
from moot_client.views.standing import Standing
from moot_client.views.waiting import Thing, Waiting, waiting
from tests.helpers import cohort
from tests.tui.company import URL, Company, actors, app_of, away, ready
from tests.tui.stage import NOW, Sample, app_on, main_screen, opened, replica_of, settled, shown


async def details(pilot: Pilot[int], link: Link) -> str:
    assert isinstance(pilot.app, MootApp)
    pilot.app.link = link
    await pilot.press("S")
    await settled(pilot)
    return shown(pilot.app)


async def test_what_waits_is_named_and_opened_with_enter(sample: Sample) -> None:
    app = sample.app("today")
    async with opened(app, (100, 40)) as pilot:
        replica = replica_of(app)
        replica.note_stored({actor: seq for actor, (seq, _) in replica.version().items()}, NOW - 600_000)
        cohort.vote(replica, sample.keys["handover"], 2)
        replica.do(Say("comment", sample.keys["audit"] + "/", {"text": "Seen."}))
        replica.do(Say("profile", "me", {"about": "Shift lead"}))
        cohort.issue(replica, "The stock list is never right")
        cohort.issue(replica, "Rosters come late")
        page = await details(pilot, away())
        assert "it has what you did before (last stored 10:43)" in page
        assert "5 changes of yours wait to go out:" in page
        assert "Rosters come late" in page
        assert "The stock list is never right" in page
        assert "and 2 more" in page
        assert "it has all of yours" not in page, "two claims that cannot both be true"
        await pilot.press("j", "j", "k", "enter")
        await settled(pilot)
        assert isinstance(app.screen, MainScreen)
        assert "Rosters come late" in shown(app)


async def test_where_all_is_stored_that_is_said_and_nothing_else(sample: Sample) -> None:
    app = sample.app("today")
    async with opened(app, (100, 40)) as pilot:
        replica = replica_of(app)
        replica.note_stored({actor: seq for actor, (seq, _) in replica.version().items()}, NOW - 600_000)
        page = await details(pilot, Link(connected=True, since=NOW, url=URL))
        assert "it has all of yours (last stored 10:43)" in page
        assert "wait" not in page.split("Members")[0]


async def test_trouble_says_when_it_was_and_when_it_is_tried_again_live(sample: Sample) -> None:
    app = sample.app("today")
    async with opened(app, (100, 40)) as pilot:
        page = await details(pilot, away(next_try=NOW + 40_000))
        assert "not reached since 09:53" in page
        assert "10:53" in page
        assert "tries again in 40 s, r tries now" in page
        assert app.desk is not None
        app.desk.now = lambda: NOW + 7_000
        assert isinstance(app.screen, DetailsScreen)
        app.screen._draw()
        await settled(pilot)
        assert "tries again in 33 s" in shown(app)
        app.desk.now = lambda: NOW + 40_000
        app.screen._draw()
        await settled(pilot)
        assert "tries again now" in shown(app)
        app.link = Link(connected=True, since=NOW, url=URL, trouble="It was away.", trouble_at=NOW - 60_000)
        app.screen._draw()
        await settled(pilot)
        assert "connected since 10:53" in shown(app)
        assert "the last trouble was at 10:52" in shown(app)


async def test_members_who_are_here_are_marked_and_enter_opens_their_page(sample: Sample) -> None:
    company, (joon, _) = Company(), actors(sample)
    app = app_of(sample, company)
    async with opened(app, (100, 40)) as pilot:
        await ready(pilot)
        await company.here(pilot, Here(joon))
        await pilot.press("S")
        await settled(pilot)
        marked = [line for line in shown(app).splitlines() if "• here" in line]
        assert len(marked) == 1
        assert "Joon" in marked[0]
        await pilot.press("r")
        await settled(pilot)
        assert company.asked[-1] == "check"
        await pilot.press("v")
        await settled(pilot)
        assert "nobody sees that you are here" in shown(app)
        assert company.said[-1] is None
        await pilot.press("shift+tab", "enter")
        await settled(pilot)
        assert isinstance(app.screen, MainScreen)


def test_what_waits_costs_what_waits(sample: Sample) -> None:
    me = Replica.open(sample.home.place(), cohort.outside(5))
    me.note_stored({actor: seq for actor, (seq, _) in me.version().items()}, NOW)
    assert waiting(me.reader(), me.me) == Waiting((), 0)
    other = sample.other(1)
    cohort.issue(other, "Somebody else's")
    cohort.carry(other, me)
    other.close()
    assert waiting(me.reader(), me.me) == Waiting((), 0), "what others wrote is not mine"
    me.do(Say("profile", "me", {"about": "Shift lead"}))
    assert waiting(me.reader(), me.me) == Waiting((Thing("what you say of yourself"),), 0)
    cohort.vote(me, sample.keys["coaching"], 1)
    first, second = waiting(me.reader(), me.me).things
    assert first == Thing("New supervisors get no coaching", sample.keys["coaching"])
    assert second == Thing("what you say of yourself")
    me.close()


def test_a_large_exchange_is_told_in_numbers() -> None:
    standing = Standing(9, 3, NOW, URL, (), ())
    link = Link(connected=True, since=NOW, url=URL, progress=Progress(12_000, 35_000, sending=False))
    line = status_line(standing, link, lambda _: "10:42", FULL, 76).plain
    assert line == "12,000 of about 35,000 changes are here · on this machine"
    link = Link(connected=True, since=NOW, url=URL, progress=Progress(500, 2_000, sending=True))
    line = status_line(standing, link, lambda _: "10:42", FULL, 76, busy="getting ready to write").plain
    assert line.startswith("getting ready to write · 500 of about 2,000 changes have gone out")


async def test_what_takes_a_while_is_said_while_it_does_and_no_longer(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(busy, "WORTH_TELLING_S", 0.01)
    app = sample.app("people")
    async with opened(app) as pilot:
        with busy.told(app, app.desk, busy.GETTING_READY):
            while busy.GETTING_READY not in shown(app):
                await pilot.pause(0.01)
        await settled(pilot)
        assert busy.GETTING_READY not in shown(app)


async def test_that_one_is_offline_stays_in_its_place_while_something_is_said(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        app.link = away()
        app.screen.query_one(StatusLine).say("first")
        main_screen(app).show_standing()
        await settled(pilot)
        await pilot.press("a")
        await settled(pilot)
        assert "offline since 09:53 · Put away. u takes it back" in shown(app)


async def test_where_there_is_no_relay_inviting_says_so_first_and_hosting_is_offered_only_there(
    sample: Sample, tmp_path: Path
) -> None:
    found_community(Home(tmp_path), "Northern cohort", "Mara", outside=cohort.outside(1))
    app = app_on(Home(tmp_path), "people")
    async with opened(app) as pilot:
        await pilot.press("n")
        await settled(pilot)
        assert "this community is on none yet: no line can be made. Esc, S and h" in " ".join(
            shown(app).split()
        )
        await pilot.press("escape", "S")
        await settled(pilot)
        assert "h put it on a relay" in shown(app).split("\n")[-1]
    app = sample.app("people")
    async with opened(app) as pilot:
        await pilot.press("n")
        await settled(pilot)
        assert "on none yet" not in shown(app)
        await pilot.press("escape", "S")
        await settled(pilot)
        assert "h put it on a relay" not in shown(app).split("\n")[-1]
        await pilot.press("h")
        await settled(pilot)
        assert "Put it on a relay" in shown(app)
