"""What is safe where: three claims, each said only when it is true; offline, calmly."""

from __future__ import annotations

import pytest

from moot_client.sync.events import Connecting, Elsewhere, NoRelay, Offline, Online, Received
from moot_client.tui.company.around import Around
from moot_client.tui.company.status import status_line
from moot_client.tui.company.syncing import Link, after
from moot_client.tui.looks.signs import FULL
from moot_client.views.people import Member
from moot_client.views.phrases import count, listed, spelled
from moot_client.views.standing import Holder, Refusal, Standing
from moot_client.views.times import greeting, when
from tests.tui.stage import NOW, Sample, opened, settled, shown

URL = "ws://relay.example:8787"
HOUR = 3_600_000


def member(name: str) -> Member:
    """Somebody else."""
    return Member(name, name, name, "member", me=False)


def said(
    waiting: int = 0, stored: int | None = NOW, link: Link | None = None, width: int = 100, **more: object
) -> str:
    """The status line for a standing."""
    holders = more.get("holders", ())
    refused = more.get("refused", ())
    assert isinstance(holders, tuple)
    assert isinstance(refused, tuple)
    standing = Standing(9, waiting, stored, str(more.get("relay", URL)), holders, refused)
    clock = more.get("when", lambda ms: "10:42")
    assert callable(clock)
    return status_line(standing, link or Link(connected=True, since=NOW, url=URL), clock, FULL, width).plain


def test_stored_and_held() -> None:
    holders = (Holder(member("Ines"), NOW, 0), Holder(member("Joon"), NOW, 2))
    assert said(holders=holders) == "on this machine · stored by the relay, 10:42 · Ines has it"


def test_stored_is_not_said_of_what_only_waits() -> None:
    assert said(waiting=2) == "on this machine · 2 changes on the way to the relay"


def test_offline_is_said_calmly_with_what_waits() -> None:
    away = Link(connected=False, since=NOW, url=URL)
    assert said(waiting=3, link=away) == "offline since 10:42 · on this machine · 3 changes wait to go out"
    assert said(waiting=1, link=away).endswith("1 change waits to go out")


def test_without_a_relay_nothing_is_claimed_of_one() -> None:
    assert said(stored=None, link=Link(), relay="") == "on this machine · no relay yet"


def test_a_refused_change_is_never_silent() -> None:
    assert said(refused=(Refusal("Not yours.", NOW, ""),)).startswith(
        "1 change of yours not accepted, S shows why"
    )


def test_where_it_is_narrow_the_last_claims_give_way_first() -> None:
    holders = (Holder(member("Ines"), NOW, 0),)
    assert said(holders=holders, width=50) == "kept here · on the relay, 10:42 · Ines has it"
    assert said(holders=holders, width=44) == "on this machine · stored by the relay, 10:42"
    assert said(holders=holders, width=20) == "on this machine"


@pytest.mark.parametrize(
    ("away", "line"),
    [
        (False, "on this machine · on the relay, 17:47 · Ada Moreno has it · 1 other here"),
        (True, "on this machine · on the relay, 17:47 · another Moot syncs · 1 other here"),
    ],
)
def test_with_ordinary_names_all_of_it_stands_in_80_columns(away: bool, line: str) -> None:
    standing = Standing(9, 0, NOW, URL, (Holder(member("Ada Moreno"), NOW, 0),), ())
    link = Link(connected=not away, elsewhere=away, since=NOW, url=URL)
    others = Around({"key": "Joaquín Fernández-Ortiz"})
    assert status_line(standing, link, lambda ms: "17:47", FULL, 76, others).plain == line


def test_that_another_moot_keeps_in_touch_stands_in_80_columns() -> None:
    link = Link(elsewhere=True, url=URL)
    assert (
        said(link=link, width=76)
        == "on this machine · stored by the relay, 10:42 · another Moot keeps in touch"
    )


def test_what_is_short_claims_no_more_than_what_is_long() -> None:
    holders = (Holder(member("Joaquín Fernández"), NOW, 0), Holder(member("Joon"), NOW, 2))
    assert said(holders=holders, width=48) == "kept here · on the relay, 10:42 · 1 other has it"
    assert said(waiting=2, holders=(), width=34) == "kept here · 2 changes on the way"
    away = Link(connected=False, since=NOW, url=URL)
    assert said(waiting=2, link=away, width=48) == "offline since 10:42 · kept here · 2 changes wait"


def test_the_link_follows_the_engines_events() -> None:
    link = after(Link(), Connecting(URL), 1)
    assert (link.connected, link.url) == (False, URL)
    link = after(link, Online(URL), 2)
    assert (link.connected, link.since) == (True, 2)
    assert after(link, Received(3), 3) == link
    gone = after(link, Offline("No relay is running.", "refused", 9), 4)
    assert (gone.connected, gone.since, gone.trouble) == (False, 4, "No relay is running.")
    assert after(gone, Offline("Still none.", "refused", 9), 8).since == 4, "away since the first time"
    assert after(gone, Elsewhere(), 9).elsewhere
    assert after(gone, NoRelay(), 9) == Link()


async def test_details_have_a_row_for_each_and_the_last_trouble(sample: Sample) -> None:
    app = sample.app()
    async with opened(app) as pilot:
        app.link = Link(connected=False, since=NOW - HOUR, trouble="No relay is running there.", url=URL)
        await pilot.press("S")
        await settled(pilot)
        for words in (
            "This machine",
            URL,
            "not reached since 09:53",
            "No relay is running there.",
            "Ines",
            "Joon",
        ):
            assert words in shown(app)
        await pilot.press("escape")
        await settled(pilot)
        assert "TODAY" in shown(app)


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (NOW - HOUR, "09:53"),
        (NOW - 20 * HOUR, "yesterday 14:53"),
        (NOW - 72 * HOUR, "Monday 10:53"),
        (NOW - 40 * 24 * HOUR, "30 August"),
        (NOW - 400 * 24 * HOUR, "4 September 2024"),
        (NOW + 48 * HOUR, "11 October 2025"),
        (0, "at an unknown time"),
        (2**60, "30 December 9999"),
    ],
)
def test_times_are_said_as_people_say_them(ms: int, words: str) -> None:
    from datetime import UTC

    assert when(ms, NOW, UTC) == words


def test_counts_and_names() -> None:
    assert count(1, "change") == "1 change"
    assert count(1200, "change") == "1,200 changes"
    assert spelled(3) == "three"
    assert spelled(30) == "30"
    assert listed(["A"]) == "A"
    assert listed(["A", "B", "C"]) == "A, B and C"
    assert listed(["A", "B", "C", "D", "E"]) == "A, B and 3 others"


def test_greetings_follow_the_sun() -> None:
    from datetime import UTC

    assert greeting(NOW, UTC) == "Good morning"
    assert greeting(NOW + 4 * HOUR, UTC) == "Good afternoon"
    assert greeting(NOW + 9 * HOUR, UTC) == "Good evening"
