"""Acting: a line in place, done at once, and everything can be taken back."""

from __future__ import annotations

import pytest

from moot_client.tui.app import MootApp
from moot_client.tui.screens.form import FormScreen
from moot_client.views.agenda import issue_page
from moot_client.views.rows import record
from tests.helpers import cohort
from tests.tui.stage import LARGE, SMALL, Sample, main_screen, opened, replica_of, settled, shown, typed


async def test_a_vote_is_one_line_in_place(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", "v")
        await settled(pilot)
        assert "Your dots  ·····" in shown(app)
        await pilot.press("right", "right", "right", "left")
        assert "4 left after this" in shown(app)
        await pilot.press("tab")
        await typed(pilot, "we pay twice")
        await pilot.press("enter")
        await settled(pilot)
        page = issue_page(replica_of(app).reader(), replica_of(app).me, sample.keys["supplier"])
        assert [(vote.dots, vote.why) for vote in page.votes if vote.member.me] == [(2, "we pay twice")]
        assert "Your dots: ●●. u takes it back" in shown(app)
        assert main_screen(app).view.list.has_focus


async def test_esc_leaves_the_vote_as_it_was(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("v", "5", "escape")
        await settled(pilot)
        assert main_screen(app).view.list.has_focus
        assert (
            issue_page(replica_of(app).reader(), replica_of(app).me, sample.keys["handover"]).row.my_dots == 3
        )


async def test_no_more_dots_can_be_given_than_there_are(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", "v", "5", "enter")
        await settled(pilot)
        await pilot.press("j", "v", "5")
        await settled(pilot)
        assert "Your dots  ●····" in shown(app)
        assert "0 left after this" in shown(app)


async def test_a_figure_that_is_no_number_of_dots_is_told_so(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("v", "2", "9")
        await settled(pilot)
        assert "Your dots  ●●···" in shown(app)
        assert "0 to 5 dots on one issue" in shown(app)


async def test_votes_hours_edits_and_new_things_are_taken_back_in_turn(sample: Sample) -> None:
    app = sample.app("agenda")
    key = sample.keys["supplier"]
    async with opened(app) as pilot:
        replica = replica_of(app)
        before = cohort.rows(replica)["record"], issue_page(replica.reader(), replica.me, key)
        await pilot.press("j", "v", "2", "enter")
        await settled(pilot)
        await pilot.press("p", "6", "enter")
        await settled(pilot)
        await pilot.press("e", "x", "ctrl+s")
        await settled(pilot)
        page = issue_page(replica.reader(), replica.me, key)
        assert (page.row.my_dots, page.row.my_hours, page.issue.title) == (
            2,
            6,
            "Nobody owns supplier qualityx",
        )
        for _ in range(3):
            await pilot.press("u")
            await settled(pilot)
        page = issue_page(replica.reader(), replica.me, key)
        assert (page.row.my_dots, page.row.my_hours) == (0, 0)
        assert page.issue.title == before[1].issue.title
        assert "Taken back: your vote" in shown(app)


async def test_undoing_an_edit_of_prose_leaves_what_others_wrote_meanwhile(sample: Sample) -> None:
    app = sample.app("agenda")
    key = sample.keys["supplier"]
    async with opened(app) as pilot:
        await pilot.press("j", "e", "tab", "tab")
        await typed(pilot, "Mine")
        await pilot.press("ctrl+s")
        await settled(pilot)
        joon = sample.other(1)
        cohort.carry(replica_of(app), joon)
        cohort.rewrite(joon, key, "body", "Mine\n\nAnd theirs.")
        cohort.carry(joon, replica_of(app))
        joon.close()
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        assert cohort.values(replica_of(app), key)["body"] == "And theirs."


async def test_a_comment_is_typed_in_place_and_taken_back(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", "enter", "c")
        await settled(pilot)
        await typed(pilot, "two words")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "two words" in shown(app)
        await pilot.press("u")
        await settled(pilot)
        assert "two words" not in shown(app)
        assert "our words are your draft again" in " ".join(shown(app).split())
        await pilot.press("c")
        await settled(pilot)
        assert "two words" in shown(app)


async def test_a_comment_that_is_taken_back_leaves_a_newer_draft_alone(sample: Sample) -> None:
    app = sample.app("agenda")
    subject = sample.keys["supplier"] + "/"
    async with opened(app) as pilot:
        await pilot.press("j", "c")
        await typed(pilot, "the first")
        await pilot.press("ctrl+s")
        await settled(pilot)
        await pilot.press("c")
        await typed(pilot, "the second")
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        replica = replica_of(app)
        kept = [replica.draft(form, about)["text"] for form, about, _ in replica.drafts()]
        assert replica.draft("comment", subject)["text"] == "the second"
        assert sorted(kept) == ["the first", "the second"]


async def test_a_changed_comment_taken_back_keeps_the_change_as_a_draft(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", "enter", "c", "a", "ctrl+s")
        await settled(pilot)
        await pilot.press("tab", "enter")
        await typed(pilot, "nd")
        await pilot.press("ctrl+s")
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        page = issue_page(replica_of(app).reader(), replica_of(app).me, sample.keys["supplier"])
        assert [comment.text for comment in page.comments] == ["a"]
        assert [replica_of(app).draft(form, about) for form, about, _ in replica_of(app).drafts()] == [
            {"text": "and"}
        ]


async def test_my_own_comment_can_be_changed(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", "enter", "c", "a", "ctrl+s")
        await settled(pilot)
        await pilot.press("tab", "enter")
        await settled(pilot)
        await typed(pilot, "nd")
        await pilot.press("ctrl+s")
        await settled(pilot)
        page = issue_page(replica_of(app).reader(), replica_of(app).me, sample.keys["supplier"])
        assert [comment.text for comment in page.comments] == ["and"]


async def test_putting_away_asks_nothing_and_is_taken_back(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", "a")
        await settled(pilot)
        assert "Nobody owns" not in shown(app)
        assert main_screen(app).view.list.selected is not None
        await pilot.press("u")
        await settled(pilot)
        assert "Nobody owns" in shown(app)


async def test_other_versions_are_counted_and_o_shows_them(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        assert "(one other version, o shows it)" in shown(app)
        assert "Joon wrote: It is worst on Mondays. Nobody reads the log" in shown(app)
        await pilot.press("o")
        await settled(pilot)
        assert "wrote at the same time:" in shown(app)


def _levels(app: MootApp, key: str) -> tuple[str, list[str]]:
    found = record(replica_of(app).reader(), key)
    assert found is not None
    return found.row.values["level"], [other.value for other in found.row.others.get("level", ())]


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("other", [False, True])
async def test_a_version_is_chosen_with_enter(sample: Sample, size: tuple[int, int], other: bool) -> None:
    app = sample.app("agenda")
    key = sample.keys["handover"]
    async with opened(app, size) as pilot:
        standing, others = _levels(app, key)
        assert len(others) == 1
        await pilot.press("o")
        await settled(pilot)
        if not main_screen(app).view.page.has_focus:
            await pilot.press("tab")
        await pilot.press("tab", *(["tab"] if other else []), "enter")
        await settled(pilot)
        assert _levels(app, key) == (others[0] if other else standing, [])
        assert "Taken: this version stands now. u takes it back" in " ".join(shown(app).split())


async def test_keeping_a_form_as_it_is_settles_what_was_written_at_the_same_time(sample: Sample) -> None:
    app = sample.app("agenda")
    key = sample.keys["handover"]
    async with opened(app) as pilot:
        standing, others = _levels(app, key)
        assert others
        await pilot.press("e", "ctrl+s")
        await settled(pilot)
        assert _levels(app, key) == (standing, [])
        await pilot.press("e", "ctrl+s")
        await settled(pilot)
        assert "Nothing was changed" in shown(app)


async def test_editing_makes_one_of_two_versions(sample: Sample) -> None:
    app = sample.app("agenda")
    key = sample.keys["handover"]
    async with opened(app) as pilot:
        await pilot.press("e")
        await settled(pilot)
        form = app.screen
        assert isinstance(form, FormScreen)
        form.row("body").words = "One text"
        await pilot.press("ctrl+s")
        await settled(pilot)
        found = record(replica_of(app).reader(), key)
        assert found is not None
        assert [(p.text, p.doubled) for p in found.row.values["body"].paragraphs] == [("One text", False)]


async def test_an_issue_is_tied_to_another_one(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", "t")
        await typed(pilot, "coach")
        await pilot.press("enter", "tab", "right", "ctrl+s")
        await settled(pilot)
        page = issue_page(replica_of(app).reader(), replica_of(app).me, sample.keys["supplier"])
        assert [(link.how, link.other) for link in page.links] == [("causes", sample.keys["coaching"])]


async def test_a_tie_to_nothing_is_a_sentence_at_the_field(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", "t", "ctrl+s")
        await settled(pilot)
        assert isinstance(app.screen, FormScreen)
        assert "Which issue is it tied to?" in shown(app)
        assert app.screen.row("to").has_focus_within


async def test_nothing_left_to_take_back_is_a_sentence(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        assert "u undo" not in shown(app)
        await pilot.press("u")
        await settled(pilot)
        assert "There is nothing left to take back" in shown(app)
        await pilot.press("j", "v", "1", "enter")
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        assert "Taken back: your vote" in shown(app)
        await pilot.press("u")
        await settled(pilot)
        assert "There is nothing left to take back" in shown(app)


async def test_what_cannot_be_done_is_a_sentence_and_nothing_is_lost(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("p")
        await settled(pilot)
        await typed(pilot, "many")
        await pilot.press("enter")
        await settled(pilot)
        assert "is a number of hours" in shown(app)
        assert "many" in shown(app)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_who_lists_an_issue_while_reading_another_stands_in_the_new_one_and_esc_leads_back(
    sample: Sample, size: tuple[int, int]
) -> None:
    app = sample.app("agenda")
    async with opened(app, size) as pilot:
        await pilot.press("enter", "n")
        await typed(pilot, "Zebra crossing")
        await pilot.press("ctrl+s")
        await settled(pilot)
        found = record(replica_of(app).reader(), main_screen(app).target)
        assert found is not None
        assert found.row.title_line == "Zebra crossing"
        await pilot.press("escape")
        await settled(pilot)
        assert main_screen(app).target == sample.keys["handover"]


async def test_a_new_issue_is_in_sight_though_the_list_was_narrowed_to_others(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("slash", *"hand", "enter", "n")
        await typed(pilot, "Zebra crossing")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert main_screen(app).view.list.selected is not None
        assert "Zebra crossing" in shown(app)
        assert "only: hand" not in shown(app)
        await pilot.press("slash")
        assert "hand" not in shown(app).splitlines()[-3]


async def test_other_hours_are_typed_over_the_ones_that_stand_there(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        for figure in "46":
            await pilot.press("p", figure, "enter")
            await settled(pilot)
        assert "You would give 6 h" in shown(app)


async def test_hours_that_are_as_they_were_are_not_said_again(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        before = cohort.rows(replica_of(app))
        await pilot.press("j", "j", "p", "enter")
        await settled(pilot)
        assert "Nothing was changed" in shown(app)
        assert cohort.rows(replica_of(app)) == before


async def test_tab_goes_from_the_dots_to_the_reason_and_back_either_way_round(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", "v", "2", "shift+tab", *"so", "tab")
        screen = main_screen(app)
        bar = screen.bar
        assert bar is not None
        assert screen.focused is bar.first
        assert bar.held == {"why": "so", "dots": "2"}
        await pilot.press("tab", "!")
        assert bar.held == {"why": "so!", "dots": "2"}


@pytest.mark.parametrize("keys", [("p",), ("slash",), ("c",)], ids=["hours", "filter", "remark"])
async def test_tab_does_not_leave_a_line_that_stays_open(sample: Sample, keys: tuple[str, ...]) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press(*keys, "tab", "7", "shift+tab", "7")
        bar = main_screen(app).bar
        assert bar is not None
        assert bar.first.has_focus
        assert getattr(bar.first, "words", "") == "77"
