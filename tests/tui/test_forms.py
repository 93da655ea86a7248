"""Typing: kept at every pause, offered again, finished with Ctrl+S; nothing that was typed is lost."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from moot_client.replica.commands import Edit
from moot_client.tui.forms import keeper
from moot_client.tui.screens.form import FormScreen
from moot_client.tui.screens.preview import Beside, PreviewScreen
from moot_client.tui.widgets.page import Page
from moot_client.views.rows import record
from tests.helpers import cohort
from tests.helpers.patience import PATIENCE_S
from tests.tui.stage import LARGE, Sample, main_screen, opened, replica_of, settled, shown, typed


async def test_a_new_issue_needs_a_title_and_then_is_on_the_agenda(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n", "ctrl+s")
        await settled(pilot)
        assert "Title is empty. It needs a few words." in shown(app)
        await typed(pilot, "Nobody reads the log")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "Nobody reads the log" in shown(app)
        assert "Listed on the agenda. u takes it back" in shown(app)
        assert main_screen(app).view.list.selected is not None
        found = record(replica_of(app).reader(), main_screen(app).target)
        assert found is not None
        assert found.row.title_line == "Nobody reads the log"


async def test_a_draft_is_said_to_be_saved_only_after_it_is(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "PAUSE_S", 0.01)
    app = sample.app("agenda")
    async with opened(app) as pilot:
        replica, disk = replica_of(app), threading.Event()
        save = replica.keep_draft

        def slowly(*draft: Any, parts: bool) -> str:
            assert disk.wait(PATIENCE_S)
            return save(*draft, parts=parts)

        monkeypatch.setattr(replica, "keep_draft", slowly)
        await pilot.press("n", "H")
        await pilot.pause(0.1)
        assert "draft saved" not in shown(app)
        disk.set()
        await settled(pilot)
        assert replica.draft("new issue", "")["title"] == "H"
        assert "draft saved 10:53" in shown(app)
        disk.clear()
        await pilot.press("o")
        await pilot.pause(0.1)
        assert "draft saved" not in shown(app), "the newer words are not saved yet"
        await pilot.press("l")
        await pilot.pause(0.1)
        disk.set()
        await settled(pilot)
        await pilot.pause(0.1)
        await settled(pilot)
        assert replica.draft("new issue", "")["title"] == "Hol"
        assert "draft saved 10:53" in shown(app)


async def test_esc_keeps_the_draft_and_the_form_offers_it_again(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n")
        await typed(pilot, "Half a thought")
        await pilot.press("escape")
        await settled(pilot)
        assert "Your draft is kept on this machine" in shown(app)
        await pilot.press("1", "G")
        await settled(pilot)
        assert "New issue: Half a thought" in shown(app)
        await pilot.press("2", "n")
        await settled(pilot)
        assert "Half a thought" in shown(app)
        assert "your draft, as you left it" in shown(app)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert not replica_of(app).drafts()


async def test_today_goes_on_with_a_draft_and_puts_it_away_and_back(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n", "x", "escape", "1", "G")
        await settled(pilot)
        await pilot.press("z")
        await settled(pilot)
        assert not replica_of(app).drafts()
        await pilot.press("u")
        await settled(pilot)
        await pilot.press("G", "enter")
        await settled(pilot)
        assert isinstance(app.screen, FormScreen)
        assert app.screen.row("title").words == "x"


async def test_another_form_can_be_begun_while_a_draft_waits(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n", "a", "ctrl+n")
        await settled(pilot)
        await pilot.press("b", "escape")
        await settled(pilot)
        titles = {
            replica_of(app).draft(form, subject)["title"] for form, subject, _ in replica_of(app).drafts()
        }
        assert titles == {"a", "b"}


async def test_what_was_begun_anew_is_on_the_list_as_any_new_thing_is(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n", "a", "ctrl+n")
        await settled(pilot)
        await typed(pilot, "Begun anew")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "Begun anew" in shown(app)
        assert "new, g" not in shown(app)


async def test_a_long_line_shows_the_cursor_where_one_types_and_elsewhere_its_beginning(
    sample: Sample,
) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        replica_of(app).do(Edit(sample.keys["handover"], {"title": "The beginning " + "of it " * 20 + "END"}))
        await settled(pilot)
        await pilot.press("e")
        await settled(pilot)
        assert "END" in shown(app)
        await pilot.press("tab")
        await settled(pilot)
        assert "END" not in shown(app)
        assert "Title          The beginning of it" in shown(app)
        await pilot.press("shift+tab")
        await settled(pilot)
        assert "END" in shown(app)


async def test_a_draft_that_is_gone_on_with_is_said_to_be_one_and_how_to_begin_without_it(
    sample: Sample,
) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n", "a", "escape", "n")
        await settled(pilot)
        assert "This is your draft from 08:53. Ctrl+N keeps it and begins an empty one" in shown(app)
        assert "Ctrl+N another" in shown(app)
        await pilot.press("ctrl+n")
        await settled(pilot)
        assert "This is your draft" not in shown(app)
        await pilot.press("escape", "e", "b", "escape", "e")
        await settled(pilot)
        assert "This is your draft from 08:53, as you left it" in shown(app)


async def test_an_edit_keeps_what_others_wrote_since_it_was_begun(sample: Sample) -> None:
    """The paragraphs that the editor saw go with the draft, over a restart as well."""
    key = sample.keys["supplier"]
    joon = sample.other(1)
    cohort.rewrite(joon, key, "body", "First.\n\nSecond.")
    app = sample.app("agenda")
    async with opened(app) as pilot:
        cohort.carry(joon, replica_of(app))
        await settled(pilot)
        await pilot.press("j", "e", "tab", "tab")
        await typed(pilot, " Mine.")
        await pilot.press("escape")
        await settled(pilot)
    cohort.rewrite(joon, key, "body", "First, and theirs.\n\nSecond.")
    app = sample.app("agenda")
    async with opened(app) as pilot:
        cohort.carry(joon, replica_of(app))
        await settled(pilot)
        await pilot.press("j", "e")
        await settled(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert cohort.values(replica_of(app), key)["body"] == "First, and theirs.\n\nSecond. Mine."
    joon.close()


async def test_a_paste_of_a_megabyte_neither_hangs_nor_is_lost(sample: Sample) -> None:
    text = "Facts are told in the corridor and never arrive.\n" * 21_000
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n", "x", "tab")
        await typed(pilot, text)
        assert f"{len(text):,} characters are more than this field takes: 200,000 in all" in shown(app)
        kept = [subject for form, subject, _ in replica_of(app).drafts() if form == "pasted"]
        assert replica_of(app).draft("pasted", kept[0])["text"] == text
        await pilot.press("escape", "1", "G")
        await settled(pilot)
        assert f"Pasted text, {len(text):,} characters" in shown(app)
        await pilot.press("enter")
        await settled(pilot)
        assert "never arrive." in shown(app)


async def test_what_is_too_long_is_said_with_both_figures_and_stays(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n", "x", "tab")
        await typed(pilot, "word " * 12_000)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert isinstance(app.screen, FormScreen)
        assert "How it is now takes up to 50,000 characters; this has 60,000" in " ".join(shown(app).split())
        assert len(app.screen.row("now").words) == 60_000


async def test_pasted_lines_become_one_where_a_line_is_asked_for(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n")
        await typed(pilot, "Two\nlines \x1b[31mred\x07")
        assert isinstance(app.screen, FormScreen)
        assert app.screen.row("title").words == "Two lines ␛[31mred␇"


async def test_control_characters_that_others_wrote_survive_an_edit_elsewhere(sample: Sample) -> None:
    joon = sample.other(1)
    key = cohort.issue(joon, "Odd", body="Bell \x07 here.\n\nPlain.")
    app = sample.app("agenda")
    async with opened(app) as pilot:
        cohort.carry(joon, replica_of(app))
        joon.close()
        await settled(pilot)
        await pilot.press("g")
        main_screen(app).view.list.select(key)
        await pilot.press("e", "tab", "tab")
        await typed(pilot, " More.")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert cohort.values(replica_of(app), key)["body"] == "Bell \x07 here.\n\nPlain. More."


async def test_leaving_moot_puts_on_disk_what_is_being_typed(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n")
        await typed(pilot, "Not yet")
        await pilot.press("ctrl+q")
        await pilot.pause()
    again = sample.app("agenda")
    async with opened(again):
        assert replica_of(again).draft("new issue", "")["title"] == "Not yet"


async def test_a_fault_of_our_own_puts_on_disk_what_is_being_typed(sample: Sample) -> None:
    app = sample.app("agenda")

    async def type_and_break() -> None:
        async with opened(app) as pilot:
            await pilot.press("n")
            await typed(pilot, "Not yet")
            app.call_later(lambda: 1 / 0)
            await pilot.pause()
            await pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await type_and_break()
    again = sample.app("agenda")
    async with opened(again):
        assert replica_of(again).draft("new issue", "")["title"] == "Not yet"


async def test_past_lessons_appear_while_an_issue_is_being_written(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("n")
        await typed(pilot, "Printing")
        await settled(pilot)
        assert "Met before?  lesson ‘Close the list before printing it’" in shown(app)


async def test_a_members_own_name_is_changed(sample: Sample) -> None:
    app = sample.app("people")
    async with opened(app) as pilot:
        await pilot.press("g", "e")
        await settled(pilot)
        await typed(pilot, " Lind")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "Mara Lind" in shown(app)
        await pilot.press("u")
        await settled(pilot)
        assert "Mara Lind" not in shown(app)


async def test_where_there_is_room_the_preview_stands_beside_and_follows_what_is_typed(
    sample: Sample,
) -> None:
    app = sample.app("agenda")
    async with opened(app, LARGE) as pilot:
        await pilot.press("n", "tab")
        await typed(pilot, "Facts are **lost**")
        await pilot.press("ctrl+r")
        await settled(pilot)
        form = app.screen
        assert isinstance(form, FormScreen)
        page = form.query_one(Beside).query_one(Page)
        assert "Facts are lost" in page.text
        await typed(pilot, " at night")
        form.query_one(Beside).look()
        assert "Facts are lost at night" in page.text
        assert form.row("now").words == "Facts are **lost** at night"
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert not form.query(Beside)
        await pilot.press("ctrl+r")
        await pilot.resize_terminal(100, 30)
        await settled(pilot)
        assert not form.query(Beside)
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert isinstance(app.screen, PreviewScreen)


async def test_words_are_whole_in_a_window_of_another_width(sample: Sample) -> None:
    app = sample.app("agenda")
    words = [f"w{number}" for number in range(40)]
    async with opened(app, (250, 40)) as pilot:
        await pilot.press("n", "tab", "tab")
        await typed(pilot, " ".join(words))
        await settled(pilot)
        await pilot.resize_terminal(100, 40)
        await settled(pilot)
        assert [word for word in words if word not in shown(app).replace("│", " ").split()] == []


async def test_words_that_no_issue_has_stay_where_one_is_asked_for_and_in_the_draft(sample: Sample) -> None:
    app = sample.app("lessons")
    async with opened(app) as pilot:
        await pilot.press("n")
        await typed(pilot, "A review")
        form = app.screen
        assert isinstance(form, FormScreen)
        form.row("issue").enter()
        await typed(pilot, "no such thing")
        await pilot.press("tab")
        await settled(pilot)
        assert form.row("issue").words == "no such thing"
        assert "nothing here has these words" in shown(app)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "Issue: no issue here is called ‘no such thing’." in shown(app)
        await pilot.press("escape")
        await pilot.press("n")
        await settled(pilot)
        assert "no such thing" in shown(app)
