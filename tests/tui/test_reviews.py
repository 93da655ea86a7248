"""Reviews: each alone first, shared as one, then together; lessons until they are used."""

from __future__ import annotations

from moot_client.replica.commands import Create, Edit
from moot_client.tui.screens.form import FormScreen
from moot_client.tui.screens.writing import WritingScreen
from moot_client.views.issue import issue_page
from moot_client.views.lessons import lesson_page
from moot_client.views.reviews import review_page
from tests.tui.stage import Sample, main_screen, opened, replica_of, settled, shown, typed


async def test_before_i_have_written_i_do_not_see_what_others_wrote(sample: Sample) -> None:
    app = sample.app("lessons")
    async with opened(app) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        assert "Ines and Joon have shared" in shown(app)
        assert "One list, closed on Friday" not in shown(app)
        await pilot.press("w")
        await settled(pilot)
        assert "1 of 4   What was planned?" in shown(app)
        assert "One list, closed on Friday" not in shown(app)


async def test_answers_are_drafts_on_this_machine_until_they_are_shared(sample: Sample) -> None:
    app = sample.app("lessons")
    async with opened(app) as pilot:
        await pilot.press("w")
        await typed(pilot, "As I saw it")
        await pilot.press("tab")
        await typed(pilot, "Late")
        changes = len(replica_of(app).version())
        await pilot.press("escape")
        await settled(pilot)
        assert len(replica_of(app).version()) == changes
        assert "you have begun" in shown(app)
        draft = replica_of(app).draft("review", sample.keys["audit"])
        assert (draft["planned"], draft["happened"]) == ("As I saw it", "Late")
        await pilot.press("w")
        await settled(pilot)
        assert "3 of 4   Why?" in shown(app)  # the first that is still empty


async def test_what_is_shared_is_one_change_and_opens_the_page_together(sample: Sample) -> None:
    app = sample.app("lessons")
    async with opened(app) as pilot:
        replica = replica_of(app)
        seq = replica.version().get(replica.actor, (0, b""))[0]
        await pilot.press("w", "a", "tab", "b", "ctrl+s")
        await settled(pilot)
        page = review_page(replica.reader(), replica.me, sample.keys["audit"])
        assert page.row.mine_shared
        assert replica.version()[replica.actor][0] == seq + 1
        assert "One list, closed on Friday." in shown(app)
        assert "together · 3 of 3 have shared" in shown(app)
        assert not replica.drafts()
        await pilot.press("u")
        await settled(pilot)
        assert not review_page(replica.reader(), replica.me, sample.keys["audit"]).row.mine_shared
        assert "our words are your draft again" in " ".join(shown(app).split())
        await pilot.press("w")
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, WritingScreen)
        assert {name: box.words for name, box in screen._boxes.items() if box.words} == {
            "planned": "a",
            "happened": "b",
        }


async def test_who_shares_is_told_what_is_still_empty_and_how_to_add_to_it(sample: Sample) -> None:
    app = sample.app("lessons")
    async with opened(app) as pilot:
        await pilot.press("w", "a", "tab", "b", "ctrl+s")
        await settled(pilot)
        assert "Shared. Empty: why, next time; w adds to it. u takes it back" in shown(app)
        await pilot.press("w")
        await settled(pilot)
        assert "3 of 4   Why?" in shown(app)
        await pilot.press("c", "tab", "d", "ctrl+s")
        await settled(pilot)
        assert "Shared: now you read it together. u takes it back" in shown(app)


async def test_a_narrow_screen_names_the_questions_that_are_empty(sample: Sample) -> None:
    app = sample.app("lessons")
    async with opened(app, (60, 24)) as pilot:
        await pilot.press("w", "a", "tab", "b")
        await settled(pilot)
        assert "empty: why, next time" in shown(app)
        await pilot.press("tab", "c", "tab", "d")
        await settled(pilot)
        assert "all written" in shown(app)


async def test_nothing_is_shared_where_nothing_is_written(sample: Sample) -> None:
    app = sample.app("lessons")
    async with opened(app) as pilot:
        await pilot.press("w", "ctrl+s")
        await settled(pilot)
        assert isinstance(app.screen, WritingScreen)
        assert "Nothing is written yet" in shown(app)


async def test_a_review_can_be_skipped_with_a_reason_or_none(sample: Sample) -> None:
    app = sample.app("lessons")
    async with opened(app) as pilot:
        await pilot.press("f", "right", "right", "right", "ctrl+s")
        await settled(pilot)
        page = review_page(replica_of(app).reader(), replica_of(app).me, sample.keys["audit"])
        assert page.row.ending == "skipped"
        await pilot.press("enter")
        await settled(pilot)
        assert "no reason given, and none is needed" in " ".join(shown(app).split())


async def test_a_lesson_is_noted_from_a_review_and_then_used(sample: Sample) -> None:
    app = sample.app("lessons")
    async with opened(app) as pilot:
        await pilot.press("l")
        await typed(pilot, "Ask twice")
        await pilot.press("ctrl+s")
        await settled(pilot)
        key = main_screen(app).target
        page = lesson_page(replica_of(app).reader(), replica_of(app).me, key)
        assert (page.row.statement, page.row.source) == ("Ask twice", sample.keys["audit"])
        await pilot.press("x")
        await typed(pilot, "Ward round")
        await pilot.press("tab")
        await typed(pilot, "It helped")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert lesson_page(replica_of(app).reader(), replica_of(app).me, key).row.state == "applied"
        assert "applied, 1 use" in shown(app)
        await pilot.press("u")
        await settled(pilot)
        assert lesson_page(replica_of(app).reader(), replica_of(app).me, key).row.state == "noted"
        assert "our words are your draft again" in " ".join(shown(app).split())
        await pilot.press("x")
        await settled(pilot)
        assert isinstance(app.screen, FormScreen)
        assert (app.screen.row("where").words, app.screen.row("how").words) == ("Ward round", "It helped")


async def test_a_review_of_an_issue_leads_back_to_it(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", "r", "ctrl+s")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "Review  Nobody owns supplier quality  open" in shown(app)
        await pilot.press("tab", "enter", "tab", "enter")
        await settled(pilot)
        assert main_screen(app).target == sample.keys["supplier"]


async def test_a_lesson_that_was_taken_back_is_on_no_page_any_more(sample: Sample) -> None:
    app = sample.app("lessons")
    async with opened(app) as pilot:
        replica = replica_of(app)
        audit, issue = sample.keys["audit"], sample.keys["supplier"]
        replica.do(Edit(audit, {"issue": issue}))
        key = str(replica.do(Create("lesson", {"statement": "Ask every supplier twice", "source": audit})))
        met = str(replica.do(Create("lesson", {"statement": "Supplier visits help"})))

        def listed() -> tuple[set[str], set[str]]:
            page = review_page(replica.reader(), replica.me, audit)
            about = issue_page(replica.reader(), replica.me, issue)
            return {lesson[0] for lesson in page.lessons}, {related.key for related in about.related}

        on_review, on_issue = listed()
        assert key in on_review
        assert {key, met, audit} <= on_issue
        for lesson in (key, met):
            replica.do(Edit(lesson, {"archived": True}))
        on_review, on_issue = listed()
        assert key not in on_review
        assert not {key, met} & on_issue
        replica.do(Edit(audit, {"archived": True}))
        assert audit not in listed()[1]
        await settled(pilot)
