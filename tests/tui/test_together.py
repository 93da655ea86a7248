"""Who is here, and who writes where, as the screens show it; and what is said of oneself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from moot_client.replica.replica import Replica
from moot_client.sync.events import Here, Progress
from moot_client.tui.app import MootApp
from moot_client.tui.company.around import around
from moot_client.tui.company.link import Link
from moot_client.tui.company.status import status_line
from moot_client.tui.looks.signs import FULL
from moot_client.tui.widgets import rowlist
from moot_client.views.people import people
from moot_client.views.standing import Standing
from tests.helpers import cohort
from tests.tui.company import URL, Company, actors, app_of, away, ready
from tests.tui.stage import (
    LARGE,
    NOW,
    SMALL,
    Sample,
    main_screen,
    opened,
    replica_of,
    settled,
    shown,
    typed,
)

WIDE = (120, 30)


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
        assert "Ines and Joon are here" in shown(app)
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
        (50, "kept here · on the relay, 10:42 · 2 others here"),
        (45, "on this machine · stored by the relay, 10:42"),
    ],
)
def test_the_status_line_names_them_where_there_is_room(sample: Sample, width: int, words: str) -> None:
    me = Replica.open(sample.home.place(), cohort.outside(5))
    company = around([Here(actor) for actor in actors(sample)], people(me.reader(), me.me))
    me.close()
    standing = Standing(9, 0, NOW, URL, (), ())
    link = Link(connected=True, since=NOW, url=URL)
    assert status_line(standing, link, lambda _: "10:42", FULL, width, company).plain == words


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
