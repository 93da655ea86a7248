"""Two windows on one home: each keeps its own words, and says 'kept' of nothing that is not."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from textual.pilot import Pilot

from moot_client.replica.commands import Create, Say
from moot_client.replica.replica import Replica
from moot_client.tui.app import MootApp
from moot_client.tui.screens.writing import WritingScreen
from moot_client.tui.targets import draft_target
from moot_client.views.issue import issue_page
from moot_client.views.reviews import review_page, shared_by_me
from tests.helpers import cohort
from tests.helpers.drafts import forget_draft, save_draft
from tests.tui.stage import Sample, main_screen, opened, replica_of, settled, shown, typed


@asynccontextmanager
async def two(
    sample: Sample, place: str, key: str
) -> AsyncIterator[tuple[Pilot[int], Pilot[int], MootApp, MootApp]]:
    """Both windows, in each of which a key was pressed."""
    one, other = sample.app(place), sample.app(place)
    async with opened(one) as a, opened(other) as b:
        for pilot in (a, b):
            await pilot.press(key)
            await settled(pilot)
        with served(replica_of(one), replica_of(other)):
            yield a, b, one, other


@contextmanager
def served(*replicas: Replica) -> Iterator[None]:
    """Whichever of them writes carries out what the other one asks for, as its sync engine would."""
    done = threading.Event()

    def serve() -> None:
        while not done.wait(0.01):
            for replica in replicas:
                replica.serve_inbox()

    serving = threading.Thread(target=serve)
    serving.start()
    try:
        yield
    finally:
        done.set()
        serving.join()


def kept(app: MootApp, name: str) -> list[str]:
    """What all drafts hold in a field, in order."""
    replica = replica_of(app)
    drafts = [replica.draft(form, subject) for form, subject, _ in replica.drafts()]
    return sorted(draft[name] for draft in drafts if name in draft)


async def leave(*pilots: Pilot[int]) -> None:
    for pilot in pilots:
        await pilot.press("escape")
        await settled(pilot)


async def write(pilot: Pilot[int], words: str) -> None:
    """Type, and have it saved as a pause would."""
    await typed(pilot, words)
    assert await pilot.app.screen.keep_typing()  # type: ignore[attr-defined]


async def go_on(pilot: Pilot[int], app: MootApp, form: str) -> None:
    """From Today, with the draft that was kept beside another one; or with the only one."""
    subjects = sorted(s for f, s, _ in replica_of(app).drafts() if f == form)
    await pilot.press("1")
    await settled(pilot)
    main_screen(app).view.list.select(draft_target(form, subjects[-1]))
    await pilot.press("enter")
    await settled(pilot)


async def test_both_drafts_of_a_new_issue_are_kept_and_each_can_be_gone_on_with(sample: Sample) -> None:
    async with two(sample, "agenda", "n") as (a, b, one, other):
        await write(a, "Words of A")
        await write(b, "Words of B")
        await settled(b)
        assert "Another window has a draft of its own here" in shown(other)
        await leave(a, b)
        assert kept(one, "title") == ["Words of A", "Words of B"]
        for app in (one, other):
            assert "Your draft is kept on this machine; Today lists it" in shown(app)


async def test_what_one_window_says_takes_no_draft_of_the_other(sample: Sample) -> None:
    async with two(sample, "agenda", "n") as (a, b, _one, other):
        await write(a, "Words of A")
        await write(b, "Words of B")
        await a.press("ctrl+s")
        await settled(a)
        await leave(b)
        assert kept(other, "title") == ["Words of B"]
        assert "Your draft is kept" in shown(other)


async def test_a_draft_that_the_other_window_dropped_is_not_said_to_be_kept_unless_it_is(
    sample: Sample,
) -> None:
    async with two(sample, "agenda", "n") as (_a, b, one, other):
        await write(b, "Words of B")
        for form, subject, _ in replica_of(one).drafts():
            forget_draft(replica_of(one), form, subject)
        await leave(b)
        assert "Your draft is kept" in shown(other)
        assert kept(other, "title") == ["Words of B"]


async def test_a_remark_is_not_lost_by_what_the_other_window_says(sample: Sample) -> None:
    async with two(sample, "agenda", "c") as (a, b, _one, other):
        await typed(a, "Remark A")
        await write(b, "Remark B")
        await a.press("ctrl+s")
        await settled(a)
        await leave(b)
        assert kept(other, "text") == ["Remark B"]
        assert "Your draft is kept; c goes on with it" in shown(other)


async def test_a_second_remark_on_one_thing_is_offered_where_one_writes_once_the_first_is_said(
    sample: Sample,
) -> None:
    async with two(sample, "agenda", "c") as (a, b, one, other):
        for pilot, words in ((a, "Remark A"), (b, "Remark B")):
            await typed(pilot, words)
            await leave(pilot)
        await a.press("c")
        await settled(a)
        assert "Remark A" in shown(one)
        assert "another draft of yours on this: Today lists them" in shown(one)
        await a.press("ctrl+s")
        await settled(a)
        await b.press("c")
        await settled(b)
        assert "Remark B" in shown(other)
        assert "another draft" not in shown(other)
        await b.press("ctrl+s")
        await settled(b)
        assert kept(other, "text") == []


async def test_a_second_remark_on_one_thing_is_gone_on_with_from_today(sample: Sample) -> None:
    async with two(sample, "agenda", "c") as (a, b, _one, other):
        for pilot, words in ((a, "Remark A"), (b, "Remark B")):
            await typed(pilot, words)
            await leave(pilot)
        assert "Your draft is kept; Today lists it" in shown(other)
        await go_on(b, other, "comment")
        await typed(b, ", said")
        await b.press("ctrl+s")
        await settled(b)
        assert kept(other, "text") == ["Remark A"]
        said = (
            replica_of(other).reader().execute("SELECT count(*) FROM statement WHERE value LIKE '%B, said%'")
        )
        assert said.fetchone() == (1,)


async def test_an_edit_that_had_to_be_kept_beside_another_is_opened_again_as_an_edit(sample: Sample) -> None:
    async with two(sample, "agenda", "e") as (a, b, _one, other):
        await write(a, " one")
        await write(b, " two")
        await leave(a, b)
        await go_on(b, other, "edit")
        await b.press("ctrl+s")
        await settled(b)
        assert cohort.values(replica_of(other), sample.keys["handover"])["title"].endswith(" two")
        assert [title.endswith(" one") for title in kept(other, "title")] == [True]


# -- one's part of a review ---------------------------------------------------------------------------


async def test_a_note_from_the_command_line_comes_into_the_open_window(sample: Sample) -> None:
    app, key = sample.app("lessons"), sample.keys["audit"]
    async with opened(app) as pilot:
        await pilot.press("w")
        await settled(pilot)
        await write(pilot, "Planned, in the window")
        other = Replica.open(sample.home.place(), cohort.outside(90))
        other.change_draft("review", key, lambda stands: {**stands, "why": "The printer", "was.why": ""})
        await write(pilot, " and more")
        assert other.draft("review", key)["why"] == "The printer"
        app.screen.rows_changed()  # type: ignore[attr-defined]
        assert isinstance(app.screen, WritingScreen)
        assert app.screen._boxes["why"].words == "The printer"
        await pilot.press("ctrl+s")
        await settled(pilot)
        shared = shared_by_me(review_page(other.reader(), other.me, key))
        assert (shared["planned"], shared["why"]) == ("Planned, in the window and more", "The printer")
        assert not other.drafts()
        other.close()


async def test_two_windows_that_write_on_one_question_keep_both(sample: Sample) -> None:
    async with two(sample, "lessons", "w") as (a, b, one, other):
        await write(a, "As A saw it")
        await write(b, "As B saw it")
        await leave(a, b)
        assert kept(one, "planned") == ["As A saw it", "As B saw it"]
        assert "w goes on with it" in shown(one)
        assert "Today lists it" in shown(other)


async def test_empty_answers_of_a_draft_take_back_nothing_that_was_shared_elsewhere(sample: Sample) -> None:
    app, key = sample.app("lessons"), sample.keys["audit"]
    async with opened(app) as pilot:
        replica = replica_of(app)
        empty = dict.fromkeys(("happened", "why", "next"), "")
        save_draft(replica, "review", key, {"planned": "Here", **empty})  # as an earlier Moot kept it
        replica.do(Say("note", f"{key}/why", {"text": "A careful answer, from my other machine"}))
        await settled(pilot)
        await pilot.press("w")
        await settled(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
        shared = shared_by_me(review_page(replica.reader(), replica.me, key))
        assert (shared["planned"], shared["why"]) == ("Here", "A careful answer, from my other machine")


async def test_an_answer_that_i_shared_elsewhere_since_is_said_when_its_draft_is_opened(
    sample: Sample,
) -> None:
    app, key = sample.app("lessons"), sample.keys["audit"]
    async with opened(app) as pilot:
        await pilot.press("w")
        await settled(pilot)
        await typed(pilot, "Here")
        await leave(pilot)
        assert replica_of(app).draft("review", key) == {"planned": "Here", "was.planned": ""}
        replica_of(app).do(Say("note", f"{key}/planned", {"text": "Elsewhere"}))
        await settled(pilot)
        await pilot.press("w")
        await settled(pilot)
        assert "You shared other words on ‘planned’ on another machine" in " ".join(shown(app).split())


async def test_a_review_that_was_refused_while_one_writes_in_it_leaves_the_words_in_place(
    sample: Sample,
) -> None:
    app = sample.app("lessons")
    async with opened(app) as pilot:
        replica = replica_of(app)
        key = str(replica.do(Create("review", {"title": "Mine, new"})))
        (newest,) = replica.heads()
        await app.push_screen(WritingScreen(app.desk, key))  # type: ignore[arg-type]
        await settled(pilot)
        await typed(pilot, "half a thought")
        replica.note_refused(newest, "size", "The relay does not take it.", 1)
        app.on_rows_changed()
        await settled(pilot)
        assert "This review is not in the community any more" in " ".join(shown(app).split())
        await typed(pilot, ", and more")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert isinstance(app.screen, WritingScreen)
        await leave(pilot)
        assert "Your draft is kept on this machine; Today lists it" in shown(app)
        (words,) = kept(app, "planned") or kept(app, "happened")
        assert words == "half a thought, and more"
        await go_on(pilot, app, "review")
        assert "half a thought, and more" in shown(app)


async def test_the_reason_of_a_vote_that_stands_beside_another_is_gone_on_with_from_today(
    sample: Sample,
) -> None:
    async with two(sample, "agenda", "v") as (a, b, one, other):
        for pilot, words in ((a, "2because"), (b, "3otherwise")):
            await pilot.press(*words)
            await leave(pilot)
        assert "v goes on with it" in shown(one)
        assert "Your draft is kept; Today lists it" in shown(other)
        await go_on(b, other, "vote")
        await b.press("enter")
        await settled(b)
        replica, key = replica_of(other), sample.keys["handover"]
        (vote,) = (v for v in issue_page(replica.reader(), replica.me, key).votes if v.member.me)
        assert (vote.dots, vote.why) == (3, "otherwise")
        assert kept(other, "why") == ["because"]
