"""The People place: who belongs, what is asked, invites; and every act says first what it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from moot_client.home import Home
from moot_client.replica.commands import MakeInvite, Say
from moot_client.replica.exchange import FORK
from moot_client.replica.replica import Replica
from moot_client.store import changes, standing
from moot_client.sync.events import Offline, Online
from moot_client.tui.app import MootApp
from moot_client.tui.company.syncing import Link, after
from moot_client.tui.screens.form import FormScreen
from tests.helpers import cohort
from tests.tui.stage import (
    NOW,
    Sample,
    app_on,
    empty_community,
    main_screen,
    opened,
    replica_of,
    settled,
    shown,
    typed,
)

SIZES = [(80, 24), (60, 20)]


@pytest.fixture
def three(sample: Sample) -> Iterator[list[Replica]]:
    """Mara, Joon and Ines; closed by `done` before the interface opens."""
    mara = Replica.open(sample.home.place(), cohort.outside(49))
    replicas = [mara, sample.other(1), sample.other(2)]
    yield replicas
    done(replicas)


def done(replicas: list[Replica]) -> None:
    """Let go of them."""
    while replicas:
        replicas.pop().close()


def without_a_convenor(replicas: list[Replica]) -> None:
    """The founder lays the role down, and Joon proposes Ines."""
    mara, joon, ines = replicas
    mara.do(Say("role", f"{mara.me}/{mara.me}/", {"role": "member"}))
    cohort.settle(*replicas)
    joon.do(Say("role", f"{ines.me}/{joon.me}/", {"role": "convenor"}))
    cohort.settle(*replicas)


async def press(pilot: object, *keys: str) -> None:
    for key in keys:
        await pilot.press(key)  # type: ignore[attr-defined]
        await settled(pilot)  # type: ignore[arg-type]


def keys_line(app: MootApp) -> str:
    return shown(app).splitlines()[-1]


@pytest.mark.parametrize("size", SIZES)
async def test_members_stand_by_role_with_who_let_them_in(sample: Sample, size: tuple[int, int]) -> None:
    app = sample.app("people")
    async with opened(app, size) as pilot:
        text = shown(app)
        assert text.index("Convenors") < text.index("Mara") < text.index("Members") < text.index("Ines")
        assert "let in by Mara" in text
        assert "founded it" in text
        assert "3 members" in keys_line(app)
        await press(pilot, "j")
        assert "C convenor" in keys_line(app)
        await press(pilot, "question_mark")
        assert "Keys and signs" in shown(app)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_members_key_is_shown_to_who_asks_for_it(sample: Sample, size: tuple[int, int]) -> None:
    app = sample.app("people")
    async with opened(app, size) as pilot:
        await press(pilot, "j", "enter")
        member = main_screen(app).target.split("/")[1]
        assert member[:20] not in shown(app)
        assert "o shows their key, to be sure" in shown(app)
        await press(pilot, "o")
        assert member[:20] in shown(app)
        assert "To be sure that it is them, compare" in shown(app)


async def test_a_removal_says_what_it_does_and_keeps_what_was_typed(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app) as pilot:
        await press(pilot, "j", "R")
        text = " ".join(shown(app).split())
        assert "Remove Ines" in text
        assert "It does not undo anything" in text
        await typed(pilot, "Moved away")
        await press(pilot, "escape")
        assert "draft is kept" in shown(app)
        await press(pilot, "1", "G")
        assert "Why a membership ends" in shown(app)
        await press(pilot, "5", "R")
        assert "Moved away" in shown(app)
        await press(pilot, "ctrl+s")
        assert "Ines no longer belongs here" in shown(app)
        assert "u takes it back" not in shown(app)
        assert "2 members" in keys_line(app)
        assert "removed by Mara" not in shown(app)
        await press(pilot, "A")
        assert "removed by Mara" in shown(app)
        await press(pilot, "G")
        main_screen(app).view.list.select(f"member/{next(iter(_removed(app)))}")
        await press(pilot, "enter")
        assert "Moved away" in shown(app)
        assert "R remove" not in keys_line(app)


def _removed(app: MootApp) -> set[str]:
    rows = replica_of(app).reader().execute("SELECT key FROM member WHERE removed").fetchall()
    return {key for (key,) in rows}


async def test_a_removal_without_the_relay_says_that_it_has_not_heard(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app) as pilot:
        app.link = Link(since=NOW, trouble="No relay is running.")
        await press(pilot, "j", "R", "ctrl+s")
        assert "The relay has not heard of it yet" in " ".join(shown(app).split())


@pytest.mark.parametrize("size", SIZES)
async def test_a_proposal_waits_in_today_and_is_agreed_with(
    sample: Sample, three: list[Replica], size: tuple[int, int]
) -> None:
    without_a_convenor(three)
    done(three)
    app = sample.app("today")
    async with opened(app, size) as pilot:
        line = next(row for row in shown(app).splitlines() if "Joon proposes Ines" in row)
        assert "do you agree" in line or "…" in line
        await press(pilot, "5")
        assert "Ines as a convenor?   1 of 3 agrees; one more" in shown(app)
        await press(pilot, "g", "enter")
        assert "have not answered" in shown(app)
        assert "C convenor" in keys_line(app)
        await press(pilot, "C")
        assert "with yours it carries" in " ".join(shown(app).split())
        await press(pilot, "ctrl+s")
        assert "It has carried" in shown(app)
        await press(pilot, "escape")
        assert "as a convenor?" not in shown(app)


async def test_a_question_can_be_put_away(sample: Sample, three: list[Replica]) -> None:
    without_a_convenor(three)
    done(three)
    app = sample.app("people")
    async with opened(app) as pilot:
        await press(pilot, "g", "z")
        assert "Today asks you no more" in shown(app)
        assert "z put away" not in keys_line(app)
        await press(pilot, "1")
        assert "Joon proposes Ines" not in shown(app)


async def test_a_member_proposes_and_the_last_convenor_is_warned(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app, (100, 24)) as pilot:
        await press(pilot, "g")
        assert "D step down" in keys_line(app)
        await press(pilot, "L")
        assert "You are the last convenor" in " ".join(shown(app).split())
        await press(pilot, "escape", "D")
        assert "Esc leave it" in keys_line(app)
        await press(pilot, "ctrl+s")
        assert "You are a member like the others now" in shown(app)
        await press(pilot, "G", "C")
        assert "Propose" in shown(app)
        await press(pilot, "ctrl+s")
        assert "1 of 3 agrees; one more is needed" in shown(app)


async def test_leaving_ends_writing_and_reading_goes_on(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app) as pilot:
        await press(pilot, "g", "L", "ctrl+s")
        await press(pilot, "2")
        main_screen(app).status.hush()
        await settled(pilot)
        assert "You have left this community" in shown(app).splitlines()[-2]
        assert "Handover between shifts" in shown(app)
        await press(pilot, "n")
        await typed(pilot, "Words that go nowhere")
        await press(pilot, "ctrl+s")
        text = " ".join(shown(app).split())
        assert "You no longer belong to this community" in text
        assert "Your draft is kept" in text
        assert isinstance(app.screen, FormScreen)
        await press(pilot, "escape", "1")
        assert "Words that go nowhere" in shown(app)
        assert "vote on the agenda" not in shown(app)


async def test_who_lost_a_machine_says_who_they_were_and_another_vouches(
    sample: Sample, three: list[Replica], tmp_path: Path
) -> None:
    mara, _, ines = three
    back = cohort.joiner(tmp_path / "back", mara, "Joon", seed=60)
    cohort.settle(mara, ines, back)
    back.set_own("words confirmed", True)
    back.close()
    done(three)
    app = Sample(tmp_path, {}).app("people")
    app.home = Home(tmp_path / "back")
    app._place = app.home.place()
    async with opened(app) as pilot:
        view = main_screen(app).view
        assert view.list.select(f"member/{_others(app, 'Joon')}")
        await press(pilot, "enter")
        assert "If this was you" in shown(app)
        await press(pilot, "W")
        assert "Two members who know it must vouch" in " ".join(shown(app).split())
        await press(pilot, "ctrl+s", "escape")
        assert "two members must vouch" in shown(app)
    for number in (0, 2):
        replica = Replica.open(Home(sample.folder / str(number)).place(), cohort.outside(90 + number))
        found = Replica.open(Home(tmp_path / "back").place(), cohort.outside(95))
        cohort.settle(replica, found)
        found.close()
        replica.close()
    watching = sample.app("today")
    async with opened(watching) as pilot:
        assert "before: do you know it?" in shown(watching)
        await press(pilot, "5", "g", "V")
        assert "Vouch if you know it from them" in " ".join(shown(watching).split())
        await press(pilot, "ctrl+s")
        assert "one more member must vouch" in shown(watching)


def _others(app: MootApp, name: str) -> str:
    """The key of the other member of that name."""
    from moot_client.views.people import people

    me = replica_of(app).me
    return next(m.key for m in people(replica_of(app).reader(), me) if m.name == name and m.key != me)


async def test_an_invite_is_opened_and_taken_back(sample: Sample, three: list[Replica]) -> None:
    three[0].do(MakeInvite("member", 3, NOW + 86_400_000))
    done(three)
    app = sample.app("people")
    async with opened(app) as pilot:
        await press(pilot, "G")
        assert "a member, for 3" in shown(app)
        assert "T take back" in keys_line(app)
        await press(pilot, "enter")
        assert "nobody yet" in shown(app)
        await press(pilot, "T")
        assert "It is an invite as a member, for 3." in shown(app)
        await press(pilot, "ctrl+s")
        assert "taken back by Mara" in shown(app)
        assert "T take back" not in keys_line(app)
        await press(pilot, "escape", "A")
        assert "used up, by you" in shown(app)


async def test_what_was_said_twice_is_told_in_what_is_where(sample: Sample, three: list[Replica]) -> None:
    mara, joon, _ = three
    chunk = next(c for c in changes.chunks(mara.store.db) if joon.identity.public_key in c[:120])
    standing.note_refused(mara.store, b"1" * 32, "fork", FORK, NOW - 5_000, chunk)
    done(three)
    app = sample.app("agenda")
    async with opened(app) as pilot:
        assert "not accepted" not in shown(app)
        await press(pilot, "S")
        text = " ".join(shown(app).split())
        assert "Two different things were said at one place under Joon’s name" in text
        assert "your words" not in text


def test_the_relay_s_word_that_a_membership_ended_is_kept_until_it_lets_one_in() -> None:
    link = after(Link(connected=True, since=1), Offline("It has ended.", "removed", 9), 5)
    assert link.ended
    link = after(link, Offline("No relay is running.", "refused", 9), 6)
    assert link.ended
    assert not after(link, Online("ws://r"), 7).ended


async def test_who_is_shut_out_is_told_in_the_status_line(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        app._linked(Link(since=NOW, trouble="It has ended.", ended=True))
        await settled(pilot)
        assert "The relay says that your membership has ended" in shown(app).splitlines()[-2]
        await press(pilot, "v", "1", "enter")
        assert "so it stays on this machine" in " ".join(shown(app).split())
    again = sample.app("agenda")
    async with opened(again):
        assert "The relay says that your membership has ended" in shown(again)


async def test_where_to_look_when_the_machine_is_lost(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app, (80, 60)) as pilot:
        await press(pilot, "question_mark", "G")
        text = " ".join(shown(app).split())
        assert "If you lose this machine" in text
        assert "moot recover" in text


async def test_the_first_who_comes_stands_there_at_once_and_nobody_is_said_to_be_missing(
    tmp_path: Path,
) -> None:
    app = app_on(empty_community(tmp_path), "people")
    async with opened(app) as pilot:
        await settled(pilot)
        assert "Nobody else is here yet" in shown(app)
        ines = cohort.joiner(tmp_path / "ines", replica_of(app), "Ines", 2)
        cohort.carry(ines, replica_of(app))
        ines.close()
        await settled(pilot)
        assert "Ines" in shown(app)
        assert "Nobody else is here yet" not in shown(app)
        assert "new, g" not in shown(app)
