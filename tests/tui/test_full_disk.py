"""A full disk: what was typed is nowhere else, so it stays where it is, and says why."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest

from moot_client.replica.commands import Command
from moot_client.tui.forms import keeper
from moot_client.tui.screens.form import FormScreen
from moot_client.tui.widgets.prosebox import LineBox
from moot_client.tui.widgets.votebar import VoteBar
from moot_client.views.agenda import issue_page
from moot_client.views.rows import records
from moot_shared.errors import StorageError
from moot_shared.kinds import Issue
from tests.helpers.drafts import forget_draft
from tests.helpers.patience import PATIENCE_S
from tests.tui.stage import Sample, full, main_screen, opened, replica_of, settled, shown, typed


def full_at_last(go_on: Event) -> Callable[[Command], None]:
    """A disk that takes its time, and then nothing."""

    def do(_: Command) -> None:
        go_on.wait(PATIENCE_S)
        full()

    return do


async def test_a_full_disk_leaves_the_form_open_and_says_so(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = sample.app("agenda")

    async with opened(app) as pilot:
        await pilot.press("n", "x")
        monkeypatch.setattr(replica_of(app), "do", full)
        monkeypatch.setattr(replica_of(app), "keep_draft", full)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert isinstance(app.screen, FormScreen)
        assert "The disk is full" in shown(app)
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, FormScreen), "what is nowhere else is not left behind"
        assert app.screen.row("title").words == "x"
        monkeypatch.undo()
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert any(row.row.title == "x" for row in records(replica_of(app).reader(), Issue))


def not_mine(*_: object, **__: object) -> None:
    """A folder that somebody else has made read-only."""
    raise StorageError("The folder /x cannot be written to. Check whose it is, then try again.")


async def test_who_closes_moot_hears_the_cause_that_there_is(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("c", "x")
        monkeypatch.setattr(replica_of(app), "keep_draft", not_mine)
        await pilot.press("ctrl+q")
        await settled(pilot)
        words = " ".join(shown(app).split())
        assert "Ctrl+Q once more closes without it. The folder /x cannot be written to." in words
        assert "disk" not in words
        monkeypatch.undo()


async def test_esc_says_why_it_stays_where_the_draft_cannot_be_kept(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    for keys, place in ((("n", "x"), "agenda"), (("w", "x"), "lessons"), (("c", "x"), "agenda")):
        app = sample.app(place)
        async with opened(app) as pilot:
            await pilot.press(*keys)
            monkeypatch.setattr(replica_of(app), "keep_draft", full)
            await pilot.press("escape")
            await settled(pilot)
            words = " ".join(shown(app).split())
            assert "Your draft cannot be saved, so it stays open here. The disk is full. Make room" in words
            assert "draft not saved" in words
            monkeypatch.undo()
            await pilot.press("y")
            await pilot.press("escape")
            await settled(pilot)
            assert "cannot be saved" not in shown(app)
            form, subject, _ = replica_of(app).drafts()[0]
            assert "xy" in replica_of(app).draft(form, subject).values()
            forget_draft(replica_of(app), form, subject)


async def test_closing_waits_where_what_was_typed_cannot_be_kept(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = sample.app("agenda")

    async with opened(app) as pilot:
        await pilot.press("n", "x")
        monkeypatch.setattr(replica_of(app), "keep_draft", full)
        await pilot.press("ctrl+q")
        await settled(pilot)
        assert "Ctrl+Q once more closes without it." in " ".join(shown(app).split())
        assert app.is_running
        monkeypatch.undo()
        await pilot.press("ctrl+q")
        await pilot.pause()
    again = sample.app("agenda")
    async with opened(again):
        assert replica_of(again).draft("new issue", "")["title"] == "x"


async def test_that_words_are_not_kept_is_seen_before_moot_closes_without_them(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n", "x")
        monkeypatch.setattr(replica_of(app), "keep_draft", full)
        await pilot.press("ctrl+q")
        for letter in "yz":
            await pilot.press(letter)
            assert isinstance(app.screen, FormScreen)
            await app.screen.keep_typing()
            if letter == "y":
                await pilot.press("ctrl+q")
                await settled(pilot)
                assert app.is_running, "something else was said meanwhile"
        await pilot.resize_terminal(30, 8)
        await pilot.press("ctrl+q")
        await settled(pilot)
        assert "once more closes without it" in " ".join(shown(app).split())
        assert app.is_running
        await pilot.press("ctrl+q")
        await pilot.pause()
        monkeypatch.undo()


async def test_a_paste_that_is_too_much_and_cannot_be_kept_is_said_wherever_one_types(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "PAUSE_S", 600.0)
    for keys, place in ((("n", "x", "tab"), "agenda"), (("w",), "lessons")):
        app = sample.app(place)
        async with opened(app) as pilot:
            await pilot.press(*keys)
            await settled(pilot)
            monkeypatch.setattr(replica_of(app), "keep_draft", full)
            await typed(pilot, "word " * 210_000)
            assert "That was too much for this field and could not be kept" in shown(app)
            monkeypatch.undo()
            monkeypatch.setattr(keeper, "PAUSE_S", 600.0)


@pytest.mark.parametrize(
    ("keys", "words"), [(("v", "2", "tab"), "it stops the line"), (("p",), "12")], ids=["vote", "hours"]
)
async def test_what_can_be_neither_said_nor_kept_stays_open(
    sample: Sample, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], words: str
) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", *keys, *words)
        monkeypatch.setattr(replica_of(app), "do", full)
        monkeypatch.setattr(replica_of(app), "keep_draft", full)
        for key in ("enter", "enter"):
            await pilot.press(key)
            await settled(pilot)
            assert words in shown(app)
            assert "Your draft cannot be saved, so it stays open here. The disk is full" in shown(app)
        await pilot.press("ctrl+q")
        await settled(pilot)
        assert app.is_running, "what is nowhere else is not left behind"
        monkeypatch.undo()
        await pilot.press("enter")
        await settled(pilot)
        assert "u takes it back" in shown(app)
        assert not replica_of(app).drafts()


async def test_what_can_be_neither_said_nor_kept_comes_back_when_another_line_is_closed(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, go_on = sample.app("agenda"), Event()
    async with opened(app) as pilot:
        await pilot.press("j", "v", "2", "tab", *"it stops")
        monkeypatch.setattr(replica_of(app), "do", full_at_last(go_on))
        monkeypatch.setattr(replica_of(app), "keep_draft", full)
        await pilot.press("enter", "k", "v")
        go_on.set()
        await settled(pilot)
        bar = main_screen(app).query_one(VoteBar)
        assert (bar.key, bar.query_one(LineBox).words) == (sample.keys["handover"], "")
        await pilot.press("escape")
        await settled(pilot)
        assert (bar.key, bar.query_one(LineBox).words) == (sample.keys["supplier"], "it stops")
        monkeypatch.undo()
        await pilot.press("enter")
        await settled(pilot)
        page = issue_page(replica_of(app).reader(), replica_of(app).me, sample.keys["supplier"])
        assert [(vote.dots, vote.why) for vote in page.votes if vote.member.me] == [(2, "it stops")]


async def test_what_could_not_be_said_is_a_draft_though_the_line_is_another_ones_by_then(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, go_on = sample.app("agenda"), Event()
    async with opened(app) as pilot:
        monkeypatch.setattr(replica_of(app), "do", full_at_last(go_on))
        await pilot.press("j", "v", "2", "tab", *"it stops the line", "enter", "k", "v")
        bar = main_screen(app).query_one(VoteBar)
        assert (bar.key, bar.query_one(LineBox).words) == (sample.keys["handover"], "")
        go_on.set()
        await settled(pilot)
        assert replica_of(app).draft("vote", sample.keys["supplier"]) == {
            "why": "it stops the line", "dots": "2",
        }  # fmt: skip
        assert not replica_of(app).draft("vote", sample.keys["handover"])


async def test_dots_that_cannot_be_said_stay_in_their_line(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        monkeypatch.setattr(replica_of(app), "do", full)
        await pilot.press("j", "v", "2", "enter")
        await settled(pilot)
        assert "The disk is full" in shown(app)
        assert "Your dots  ●●···" in shown(app)
        monkeypatch.undo()
        await pilot.press("enter")
        await settled(pilot)
        page = issue_page(replica_of(app).reader(), replica_of(app).me, sample.keys["supplier"])
        assert page.row.my_dots == 2
