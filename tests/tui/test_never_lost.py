"""Wherever one types: what was typed is there again, after Esc, after a crash, after an undo."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pexpect
import pytest

from moot_client.home import Home
from moot_client.replica.commands import Command, Edit
from moot_client.tui.app import MootApp
from moot_client.tui.forms import keeper
from moot_client.tui.screens.form import FormScreen
from moot_client.tui.screens.setup import SetupScreen
from moot_client.views.agenda import issue_page
from moot_client.views.reviews import review_page
from tests.helpers import cohort
from tests.helpers.drafts import forget_draft
from tests.helpers.patience import PATIENCE_S
from tests.helpers.terminal import TAB, Terminal
from tests.tui.stage import Sample, app_on, main_screen, opened, replica_of, settled, shown, typed


async def test_the_reason_of_a_vote_is_a_draft_until_it_is_said(sample: Sample) -> None:
    app = sample.app("agenda")
    key = sample.keys["supplier"]
    async with opened(app) as pilot:
        await pilot.press("j", "v", "2")
        await pilot.press("tab", *"it stops the line", "escape")
        await settled(pilot)
        assert "Your draft is kept; v goes on with it" in shown(app)
        assert replica_of(app).draft("vote", key) == {"why": "it stops the line", "dots": "2"}
        await pilot.press("1", "G")
        await settled(pilot)
        assert "Your dots on Nobody owns supplier quality" in shown(app)
        await pilot.press("enter")
        await settled(pilot)
        assert "it stops the line" in shown(app)
        await pilot.press("enter")
        await settled(pilot)
        page = issue_page(replica_of(app).reader(), replica_of(app).me, key)
        assert [(vote.dots, vote.why) for vote in page.votes if vote.member.me] == [(2, "it stops the line")]
        assert not replica_of(app).drafts()


async def test_a_long_reason_that_is_offered_again_is_read_from_its_beginning(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", "v", "tab")
        await typed(pilot, "first of all we pay twice, " + "and again " * 8)
        await settled(pilot)
        assert "first of all" not in shown(app)
        await pilot.press("escape", "v")
        await settled(pilot)
        assert "Your dots  ·····  first of all" in shown(app)


async def test_hours_that_were_typed_and_left_are_offered_again(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", "p", "1", "2", "escape")
        await settled(pilot)
        assert "Your draft is kept; p goes on with it" in shown(app)
        await pilot.press("p", "enter")
        await settled(pilot)
        assert "You would give 12 h" in shown(app)
        assert not replica_of(app).drafts()


async def test_a_line_in_which_nothing_was_typed_leaves_no_draft(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        for keys in (("v", "3", "escape"), ("p", "escape"), ("slash", "x", "escape"), ("c", "escape")):
            await pilot.press(*keys)
            await settled(pilot)
        assert not replica_of(app).drafts()


async def test_a_remark_is_kept_when_one_goes_elsewhere_without_leaving_it(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("c")
        await typed(pilot, "The night crew")
        await main_screen(app).run_action("place('lessons')")
        await settled(pilot)
        (draft,) = replica_of(app).drafts()
        assert replica_of(app).draft(*draft[:2]) == {"text": "The night crew"}


async def test_what_was_typed_before_there_is_a_community_is_there_again(tmp_path: Path) -> None:
    app = app_on(Home(tmp_path))
    async with opened(app) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        await typed(pilot, "Northern cohort")
        await pilot.press("tab", *"Mara", "escape")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, SetupScreen)
        assert {name: row.words for name, row in app.screen.rows.items()} == {
            "name": "Northern cohort",
            "member": "Mara",
        }


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[list[Terminal]]:
    """Terminals on one machine, one after the other."""
    open_now: list[Terminal] = []
    yield open_now
    for terminal in open_now:
        terminal.process.close(force=True)


@pytest.mark.slow
def test_a_machine_that_dies_while_one_types_takes_no_word_that_was_said_to_be_saved(
    machine: list[Terminal], tmp_path: Path
) -> None:
    machine.append(Terminal(tmp_path))
    machine[0].sees("Found a community")
    machine[0].moot("found", "Northern cohort", "--as", "Mara")
    machine.append(Terminal(tmp_path))
    dying = machine[1]
    dying.sees("recovery words")
    dying.types("n")
    dying.sees("New issue")
    dying.types(f"Half a thought{TAB}and a bit")
    dying.sees("and a bit")  # a draft that was saved before is no longer said to be
    dying.sees("draft saved")
    dying.process.kill(signal.SIGKILL)
    dying.process.expect(pexpect.EOF)
    machine.append(Terminal(tmp_path))
    machine[2].sees("New issue: Half a thought")
    machine[2].types("n")
    machine[2].sees("your draft, as you left it")
    machine[2].sees("and a bit")


async def test_what_is_typed_is_on_disk_when_something_else_is_opened_over_it(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "PAUSE_S", 600.0)
    for keys, place in ((("n", "x"), "agenda"), (("w", "x"), "lessons")):
        app = sample.app(place)
        async with opened(app) as pilot:
            await pilot.press(*keys)
            await settled(pilot)
            app.show_record(sample.keys["handover"])
            await settled(pilot)
            assert app.screen is main_screen(app)
            (draft,) = replica_of(app).drafts()
            assert "x" in replica_of(app).draft(*draft[:2]).values()
            forget_draft(replica_of(app), *draft[:2])


async def test_a_draft_of_what_was_put_away_meanwhile_says_so(sample: Sample) -> None:
    app = sample.app("agenda")
    key = sample.keys["supplier"]
    async with opened(app) as pilot:
        await pilot.press("j", "e", "x", "escape")
        await settled(pilot)
        joon = sample.other(1)
        joon.do(Edit(key, {"archived": True}))
        cohort.carry(joon, replica_of(app))
        joon.close()
        await pilot.press("1", "G", "enter")
        await settled(pilot)
        assert "Joon put this away meanwhile." in shown(app)


async def test_for_whom_an_invite_was_to_be_is_there_again(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app) as pilot:
        await pilot.press("n", "tab", "7", "escape")
        await settled(pilot)
        await pilot.press("n")
        await settled(pilot)
        assert isinstance(app.screen, FormScreen)
        assert app.screen.row("uses").words == "17"


def form_of(app: MootApp) -> FormScreen:
    """The form that is open."""
    assert isinstance(app.screen, FormScreen)
    return app.screen


def hold_up(app: MootApp) -> Event:
    """Whatever is said here takes until this is set."""
    go_on, replica = Event(), replica_of(app)
    do = replica.do

    def slowly(command: Command) -> object:
        go_on.wait(PATIENCE_S)
        return do(command)

    replica.do = slowly  # type: ignore[method-assign]
    return go_on


async def test_words_typed_while_an_edit_is_being_kept_are_a_draft_on_top_of_it(sample: Sample) -> None:
    key = sample.keys["supplier"]
    joon = sample.other(1)
    cohort.rewrite(joon, key, "body", "First.\n\nSecond.")
    app = sample.app("agenda")
    async with opened(app) as pilot:
        cohort.carry(joon, replica_of(app))
        await settled(pilot)
        await pilot.press("j", "e", "tab", "tab")
        await typed(pilot, " Mine.")
        go_on = hold_up(app)
        await pilot.press("ctrl+s", *" Later.")
        cohort.rewrite(joon, key, "body", "First, and theirs.\n\nSecond.")
        cohort.carry(joon, replica_of(app))
        go_on.set()
        await settled(pilot)
        assert app.screen is main_screen(app)
        assert "What you typed meanwhile is kept as a draft" in shown(app)
        assert cohort.values(replica_of(app), key)["body"] == "First, and theirs.\n\nSecond. Mine."
        await pilot.press("e")
        await settled(pilot)
        assert form_of(app).row("body").words == "First, and theirs.\n\nSecond. Mine. Later."
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert cohort.values(replica_of(app), key)["body"] == "First, and theirs.\n\nSecond. Mine. Later."
        assert not replica_of(app).drafts()
    joon.close()


async def test_words_typed_while_a_new_issue_is_being_put_up_are_a_draft(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        go_on = hold_up(app)
        await pilot.press("n", *"One", "ctrl+s", *" two")
        go_on.set()
        await settled(pilot)
        assert "What you typed meanwhile is kept as a draft" in shown(app)
        (draft,) = replica_of(app).drafts()
        assert replica_of(app).draft(*draft[:2])["title"] == "One two"


async def test_words_typed_while_a_review_is_being_shared_are_a_draft(sample: Sample) -> None:
    app = sample.app("lessons")
    key = sample.keys["audit"]
    async with opened(app) as pilot:
        go_on = hold_up(app)
        await pilot.press("w", *"one", "ctrl+s", *" two")
        go_on.set()
        await settled(pilot)
        assert review_page(replica_of(app).reader(), replica_of(app).me, key).row.mine_shared
        assert "What you typed meanwhile is kept as a draft" in shown(app)
        (draft,) = replica_of(app).drafts()
        assert "one two" in replica_of(app).draft(*draft[:2]).values()


@pytest.mark.parametrize(
    ("place", "keys"), [("agenda", ("n", "x")), ("agenda", ("e", "x")), ("lessons", ("w", "x"))]
)
async def test_esc_while_something_is_being_said_speaks_of_no_draft(
    sample: Sample, place: str, keys: tuple[str, ...]
) -> None:
    app: MootApp = sample.app(place)
    async with opened(app) as pilot:
        await pilot.press(*keys)
        await settled(pilot)
        go_on = hold_up(app)
        await pilot.press("ctrl+s", "escape")
        writing = app.screen
        assert writing is not main_screen(app)
        go_on.set()
        await settled(pilot)
        assert writing not in app.screen_stack
        assert "draft is kept" not in shown(app)
        assert not replica_of(app).drafts()
