"""Who is here, and who writes where, as the screens show it; and what is said of oneself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from textual.pilot import Pilot
from typing_extensions import override

from moot_client.home import Home
from moot_client.replica.commands import Say
from moot_client.replica.founding import found_community
from moot_client.replica.replica import Replica
from moot_client.sync.events import Here, Progress
from moot_client.tui import busy
from moot_client.tui.app import MootApp
from moot_client.tui.around import around
from moot_client.tui.link import Link
from moot_client.tui.screens.details import DetailsScreen
from moot_client.tui.screens.main import MainScreen
from moot_client.tui.signs import FULL
from moot_client.tui.status import status_line
from moot_client.tui.syncing import Syncing
from moot_client.tui.widgets import rowlist
from moot_client.tui.widgets.bottom import StatusLine
from moot_client.views.people import people
from moot_client.views.standing import Standing
from moot_client.views.waiting import Thing, Waiting, waiting
from tests.helpers import cohort
from tests.tui.stage import (
    LARGE,
    NOW,
    SMALL,
    Sample,
    app_on,
    main_screen,
    now,
    opened,
    replica_of,
    settled,
    shown,
    typed,
)

URL = cohort.RELAY
WIDE = (120, 30)


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


async def test_people_shows_who_is_here_beside_their_name_and_nothing_moves(sample: Sample) -> None:
    company, (joon, ines) = Company(), actors(sample)
    app = app_of(sample, company, "people")
    async with opened(app) as pilot:
        await ready(pilot)
        before = shown(app).splitlines()
        await company.here(pilot, Here(joon), Here(ines))
        with_them = shown(app).splitlines()
        assert [line for line in with_them if "• here" in line] == [
            line for line in with_them if line.strip().startswith(("Joon", "Ines"))
        ]
        assert "2 others here" in shown(app)
        assert [line.split()[:1] for line in with_them[:-3]] == [line.split()[:1] for line in before[:-3]]
        await company.here(pilot)
        assert shown(app).splitlines() == before


async def test_a_page_says_who_is_writing_there(sample: Sample) -> None:
    company, (joon, _) = Company(), actors(sample)
    app = app_of(sample, company, "lessons")
    async with opened(app, WIDE) as pilot:
        await ready(pilot)
        main_screen(app).view.go(sample.keys["audit"])
        await settled(pilot)
        assert "writing here" not in shown(app)
        lines = len(main_screen(app).view.page.text.splitlines())
        await company.here(pilot, Here(joon, sample.keys["audit"]))
        assert "Joon is writing here" in shown(app)
        assert len(main_screen(app).view.page.text.splitlines()) == lines, "beside the title: nothing moves"
        await company.here(pilot, Here(joon, sample.keys["handover"]))
        assert "writing here" not in shown(app)


async def test_where_i_write_is_said_and_what_i_read_is_not(sample: Sample) -> None:
    company = Company()
    app = app_of(sample, company, "agenda")
    async with opened(app) as pilot:
        await ready(pilot)
        app.look()
        assert company.said == [""], "I am here"
        await pilot.press("down", "enter")
        await settled(pilot)
        app.look()
        await pilot.press("escape")
        await settled(pilot)
        main_screen(app).view.go(sample.keys["handover"])
        await settled(pilot)
        await pilot.press("e")
        await settled(pilot)
        app.look()
        assert company.written == [sample.keys["handover"]]
        await typed(pilot, "words that go nowhere")
        await pilot.press("escape")
        await settled(pilot)
        app.look()
        await pilot.press("c")
        await settled(pilot)
        app.look()
        assert company.written == [sample.keys["handover"], sample.keys["handover"]]
        await pilot.press("escape")
        await settled(pilot)
        main_screen(app).view.go(sample.keys["audit"])
        await settled(pilot)
        await pilot.press("w")
        await settled(pilot)
        app.look()
        assert company.written[2:] == [sample.keys["audit"]], "in that review, and never what"


async def test_any_key_is_a_reason_to_look_for_a_relay_that_was_away(sample: Sample) -> None:
    company = Company()
    app = app_of(sample, company)
    async with opened(app) as pilot:
        await ready(pilot)
        company.asked.clear()
        await pilot.press("j")
        await settled(pilot)
        assert "stir" in company.asked


def test_only_those_who_belong_are_named_each_once(sample: Sample) -> None:
    me = Replica.open(sample.home.place(), cohort.outside(5))
    known = people(me.reader(), me.me)
    joon, ines = actors(sample)
    second = joon[:32] + bytes(8)
    stranger = bytes(40)
    found = around((Here(joon, "a"), Here(second, "a"), Here(ines), Here(me.actor), Here(stranger)), known)
    assert list(found.names.values()) == ["Ines", "Joon"]
    assert found.sentence == "Ines and Joon are here"
    assert found.brief == "2 others here"
    assert found.at("a") == "Joon is writing here"
    assert found.at("b") == ""
    assert found.machines == {joon, second, ines, me.actor}
    me.close()


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (100, "on this machine · stored by the relay, 10:42 · Ines and Joon are here"),
        (70, "on this machine · stored by the relay, 10:42 · Ines and Joon are here"),
        (62, "on this machine · stored by the relay, 10:42 · 2 others here"),
        (50, "on this machine · stored by the relay, 10:42"),
    ],
)
def test_the_status_line_names_them_where_there_is_room(sample: Sample, width: int, words: str) -> None:
    me = Replica.open(sample.home.place(), cohort.outside(5))
    company = around([Here(actor) for actor in actors(sample)], people(me.reader(), me.me))
    me.close()
    standing = Standing(9, 0, NOW, URL, (), ())
    link = Link(connected=True, since=NOW, url=URL)
    assert status_line(standing, link, lambda _: "10:42", FULL, width, company).plain == words


def test_a_large_exchange_is_told_in_numbers() -> None:
    standing = Standing(9, 3, NOW, URL, (), ())
    link = Link(connected=True, since=NOW, url=URL, progress=Progress(12_000, 35_000, sending=False))
    line = status_line(standing, link, lambda _: "10:42", FULL, 76).plain
    assert line == "12,000 of about 35,000 changes are here · on this machine"
    link = Link(connected=True, since=NOW, url=URL, progress=Progress(500, 2_000, sending=True))
    line = status_line(standing, link, lambda _: "10:42", FULL, 76, busy="getting ready to write").plain
    assert line.startswith("getting ready to write · 500 of about 2,000 changes have gone out")


async def test_who_does_not_want_to_be_seen_is_not(sample: Sample) -> None:
    company = Company()
    app = app_of(sample, company)
    async with opened(app) as pilot:
        await ready(pilot)
        app.look()
        assert app.together is not None
        await app.together.hide(True)
        assert company.said == ["", None]
        assert replica_of(app).own("unseen") is True
        await app.together.hide(False)
        assert company.said == ["", None, ""]


# -- what is where -----------------------------------------------------------------------------------


def away(**more: object) -> Link:
    """No connection for an hour."""
    trouble = "No relay is running at ws://relay.example. Your work is safe on this machine."
    link = Link(since=NOW - 3_600_000, trouble=trouble, trouble_at=NOW - 20_000, url=URL)
    return replace(link, **more)  # type: ignore[arg-type]


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


# -- pictures ----------------------------------------------------------------------------------------

Compare = Callable[..., bool]
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])


@SIZES
@pytest.mark.parametrize("place", ["people", "lessons", "offline", "online", "coming"])
def test_together(
    sample: Sample, snap_compare: Compare, place: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Joon writes in the review, Ines is here; then what is where without the relay, and with it."""
    monkeypatch.setattr(rowlist, "MARKED_FOR_S", 600.0)
    company, (joon, ines) = Company(), actors(sample)

    async def steps(pilot: Pilot[int]) -> None:
        await ready(pilot)
        app = pilot.app
        assert isinstance(app, MootApp)
        replica = replica_of(app)
        replica.note_stored({actor: seq for actor, (seq, _) in replica.version().items()}, NOW - 600_000)
        if place in ("people", "lessons"):
            await company.here(pilot, Here(joon, sample.keys["audit"]), Here(ines))
            if place == "lessons":
                main_screen(app).view.go(sample.keys["audit"])
                await settled(pilot)
            return
        cohort.vote(replica, sample.keys["handover"], 2)
        for title in ("Rosters come late", "The stock list is never right", "Keys are lost"):
            cohort.issue(replica, title)
        if place == "offline":
            company.tell(away(next_try=NOW + 40_000))
        elif place == "online":
            await company.here(pilot, Here(joon), Here(ines))
        else:
            going = Progress(12_000, 35_000, sending=False)
            company.tell(Link(connected=True, since=NOW, url=URL, progress=going))
        await settled(pilot)
        await pilot.press("S")
        await settled(pilot)

    where = place if place in ("people", "lessons") else "today"
    assert snap_compare(app_of(sample, company, where), terminal_size=size, run_before=steps)


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
