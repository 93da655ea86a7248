"""Whoever types faster than a screen opens loses no key, and types into no wrong field."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot

from moot_client.home import Home
from moot_client.tui.app import MootApp
from moot_client.tui.commands import keys
from moot_client.views.agenda import issue_page
from moot_client.views.rows import records
from moot_shared.kinds import Issue
from tests.tui.stage import Sample, app_on, opened, replica_of, settled

NAMES = {" ": "space", "\r": "enter", "\t": "tab", "\x13": "ctrl+s", "\x1b": "escape"}


@pytest.fixture(autouse=True)
def in_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other tests: no key goes out before the one before is done."""
    monkeypatch.setattr(keys, "LONGEST_S", 20.0)


async def burst(pilot: Pilot[int], keys: str) -> None:
    """All keys at once, as a terminal hands them over when one types while it is busy."""
    for key in keys:
        pilot.app.post_message(Key(NAMES.get(key, key), key if key.isprintable() else None))
    for _ in range(200):
        await pilot.pause(0.01)
        app = pilot.app
        if isinstance(app, MootApp) and app.keys_at_rest:
            break
    await settled(pilot)


async def test_an_issue_is_listed_and_voted_on_in_one_breath(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await burst(pilot, "nQuickly written\tas it is now\x13")
        await burst(pilot, "v2 because\r")
        db, me = replica_of(app).reader(), replica_of(app).me
        key = next(str(row.row.key) for row in records(db, Issue) if row.row.title == "Quickly written")
        page = issue_page(db, me, key)
        assert str(page.issue.now) == "as it is now"
        assert [(vote.dots, vote.why) for vote in page.votes] == [(2, "because")]


async def test_two_names_go_into_two_fields(tmp_path: Path) -> None:
    app = app_on(Home(tmp_path))
    async with opened(app) as pilot:
        await burst(pilot, "\rNorthern cohort\rMara\r")
        (place,) = Home(tmp_path).places()
        assert (place.name, place.member_name) == ("Northern cohort", "Mara")


async def test_going_somewhere_and_acting_there_in_one_breath(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app) as pilot:
        await burst(pilot, "2jp7\r")
        page = issue_page(replica_of(app).reader(), replica_of(app).me, sample.keys["supplier"])
        assert page.row.my_hours == 7


async def test_what_waits_for_one_text_goes_into_it_together_whatever_else_comes_between(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = "Facts are told in the corridor. " * 30, "A third never arrive: " * 30
    app, handed_out = sample.app("agenda"), 0

    async def counted(key: Key) -> None:
        nonlocal handed_out
        handed_out += 1
        await hand_out(key)

    async with opened(app) as pilot:
        hand_out = app._hand_out
        monkeypatch.setattr(app, "_hand_out", counted)
        await burst(pilot, f"nx\t{first}\r{second}\x13")
        (made,) = (row.row for row in records(replica_of(app).reader(), Issue) if row.row.title == "x")
        assert str(made.now) == f"{first}\n{second}".strip()
        assert handed_out < 20


async def test_what_is_pasted_waits_for_the_key_before_it(tmp_path: Path) -> None:
    app = app_on(Home(tmp_path))
    async with opened(app) as pilot:
        await burst(pilot, "\r")
        app.post_message(Paste("Northern cohort"))
        app.post_message(Key("tab", None))
        app.post_message(Paste("Mara"))
        await burst(pilot, "\r")
        (place,) = Home(tmp_path).places()
        assert (place.name, place.member_name) == ("Northern cohort", "Mara")
