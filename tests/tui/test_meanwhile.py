"""Others write in what I am editing: their words come in, mine stay, and the cursor is where it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.pilot import Pilot

from moot_client.replica.commands import Edit, Say
from moot_client.replica.replica import Replica
from moot_client.tui.app import MootApp
from moot_client.tui.screens.form import FormScreen
from moot_client.tui.screens.writing import WritingScreen
from moot_client.tui.widgets.prosebox import ProseBox
from tests.helpers import cohort
from tests.helpers.drafts import save_draft
from tests.tui.stage import Sample, opened, replica_of, settled, shown, typed

FIRST = "We print the list the night before."
SECOND = "Two late changes are never on it."


Both = tuple[MootApp, Replica, str]


@pytest.fixture
def both(sample: Sample) -> Iterator[Both]:
    """The interface on the agenda; the other member's replica; an issue of two paragraphs that both have."""
    key, joon = sample.keys["supplier"], sample.other(1)
    cohort.rewrite(joon, key, "body", f"{FIRST}\n\n{SECOND}")
    mara = Replica.open(sample.home.place(), cohort.outside(60))
    cohort.carry(joon, mara)
    mara.close()
    yield sample.app("agenda"), joon, key
    joon.close()


async def editing(pilot: Pilot[int]) -> FormScreen:
    """The form of that issue, with the cursor at the end of its text."""
    await pilot.press("j", "e", "tab", "tab")
    await settled(pilot)
    assert isinstance(pilot.app.screen, FormScreen)
    return pilot.app.screen


async def arrived(pilot: Pilot[int], joon: Replica) -> None:
    """What Joon wrote is here, and shown."""
    assert isinstance(pilot.app, MootApp)
    cohort.carry(joon, replica_of(pilot.app))
    pilot.app.look()
    await settled(pilot)
    await settled(pilot)


def box(form: FormScreen) -> ProseBox:
    focused = form.focused
    assert isinstance(focused, ProseBox)
    return focused


async def test_a_paragraph_that_i_left_alone_takes_what_others_make_of_it(both: Both) -> None:
    app, joon, key = both
    async with opened(app) as pilot:
        form = await editing(pilot)
        await typed(pilot, " Nobody tells us")
        where = box(form).cursor_location
        cohort.rewrite(joon, key, "body", f"Before anything else.\n\n{FIRST} At ten.\n\n{SECOND}")
        await arrived(pilot, joon)
        words = f"Before anything else.\n\n{FIRST} At ten.\n\n{SECOND} Nobody tells us"
        assert form.row("body").words == words
        assert box(form).cursor_location == (where[0] + 2, where[1])
        assert "Joon changed ‘What it is about’ meanwhile: it is in the form" in shown(app)
        assert "• What it is" in shown(app)
        assert "• Title" not in shown(app)
        await pilot.press(".", "ctrl+s")
        await settled(pilot)
        assert cohort.values(replica_of(app), key)["body"] == f"{words}."


async def test_where_both_rewrote_a_paragraph_mine_stays_typed_and_theirs_is_shown_beside_it(
    both: Both,
) -> None:
    app, joon, key = both
    async with opened(app) as pilot:
        form = await editing(pilot)
        await typed(pilot, " Mine.")
        cohort.rewrite(joon, key, "body", f"{FIRST}\n\n{SECOND} Joon’s.")
        await arrived(pilot, joon)
        assert form.row("body").words == f"{FIRST}\n\n{SECOND} Mine."
        assert "Joon rewrote this meanwhile:" in shown(app)
        assert "Both are kept" in " ".join(shown(app).split())
        await pilot.press("ctrl+s")
        await settled(pilot)
        kept = cohort.values(replica_of(app), key)["body"].split("\n\n")
        assert sorted(kept) == sorted([FIRST, f"{SECOND} Joon’s.", f"{SECOND} Mine."])


async def test_a_line_that_i_left_alone_takes_the_new_words_and_one_that_i_changed_says_them(
    both: Both,
) -> None:
    app, joon, key = both
    async with opened(app) as pilot:
        form = await editing(pilot)
        await pilot.press("shift+tab", "shift+tab")
        await typed(pilot, " at all")
        joon.do(Edit(key, {"title": "Supplier quality is nobody’s", "level": "organisation"}))
        await arrived(pilot, joon)
        assert form.row("title").words == "Nobody owns supplier quality at all"
        assert form.row("level").words == "organisation"
        assert "Joon wrote here meanwhile: ‘Supplier quality is nobody’s’" in shown(app)
        assert "Yours stays" in shown(app)
        await pilot.press("ctrl+s")
        await settled(pilot)
        row = cohort.values(replica_of(app), key)
        assert (row["title"], row["level"]) == ("Nobody owns supplier quality at all", "organisation")


async def test_a_draft_takes_in_what_was_written_while_moot_was_closed(sample: Sample, both: Both) -> None:
    app, joon, key = both
    async with opened(app) as pilot:
        await editing(pilot)
        await typed(pilot, " Mine.")
        await pilot.press("escape")
        await settled(pilot)
        cohort.rewrite(joon, key, "body", f"{FIRST} At ten.\n\n{SECOND} Joon’s.")
        joon.do(Edit(key, {"title": "Supplier quality is nobody’s"}))
        cohort.carry(joon, replica_of(app))
    again = sample.app("agenda")
    async with opened(again) as pilot:
        form = await editing(pilot)
        assert form.row("body").words == f"{FIRST} At ten.\n\n{SECOND} Mine."
        assert form.row("title").words == "Supplier quality is nobody’s"
        assert "Joon rewrote this meanwhile:" in shown(again)


async def test_it_is_said_when_what_i_edit_is_put_away_and_my_words_can_still_be_kept(both: Both) -> None:
    app, joon, key = both
    async with opened(app) as pilot:
        await editing(pilot)
        await typed(pilot, " Mine.")
        joon.do(Edit(key, {"archived": True}))
        await arrived(pilot, joon)
        assert "Joon put this away meanwhile. What you write is kept with it all the same." in shown(app)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert cohort.values(replica_of(app), key)["body"] == f"{FIRST}\n\n{SECOND} Mine."


async def test_what_came_in_is_no_edit_of_mine(both: Both) -> None:
    app, joon, key = both
    async with opened(app) as pilot:
        form = await editing(pilot)
        cohort.rewrite(joon, key, "body", f"{FIRST} At ten.")
        joon.do(Edit(key, {"title": "Supplier quality is nobody’s"}))
        await arrived(pilot, joon)
        assert form.row("body").words == f"{FIRST} At ten."
        await pilot.press("escape")
        await settled(pilot)
        assert not replica_of(app).drafts()


async def test_ctrl_z_after_others_wrote_takes_back_mine_alone(both: Both) -> None:
    app, joon, key = both
    async with opened(app) as pilot:
        form = await editing(pilot)
        await typed(pilot, " Mine.")
        cohort.rewrite(joon, key, "body", f"Before.\n\n{FIRST} At ten.\n\n{SECOND}")
        await arrived(pilot, joon)
        await pilot.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert form.row("body").words == f"Before.\n\n{FIRST} At ten.\n\n{SECOND}"
        await pilot.press("ctrl+y")
        assert form.row("body").words == f"Before.\n\n{FIRST} At ten.\n\n{SECOND} Mine."


async def test_what_i_share_on_another_machine_comes_into_the_boxes_that_i_left_alone(sample: Sample) -> None:
    app = sample.app("lessons")
    async with opened(app) as pilot:
        await pilot.press("w", "x")
        await settled(pilot)
        key = sample.keys["audit"]
        for question, words in (("planned", "One list"), ("happened", "Two lists")):
            replica_of(app).do(Say("note", f"{key}/{question}", {"text": words}))
        await settled(pilot)
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, WritingScreen)
        boxes = {name: box.words for name, box in screen._boxes.items()}
        assert (boxes["planned"], boxes["happened"]) == ("x", "Two lists")
        assert "You shared other words on ‘planned’ on another machine" in shown(app)


async def test_a_draft_of_an_earlier_moot_is_gone_on_with_and_loses_nobodys_words(both: Both) -> None:
    """It kept which paragraphs its writer saw, and not what stood in them."""
    app, joon, key = both
    async with opened(app) as pilot:
        await editing(pilot)
        await typed(pilot, " Mine.")
        await pilot.press("escape")
        await settled(pilot)
        fields = replica_of(app).draft("edit", key)
        older = {name: words for name, words in fields.items() if not name.startswith("was.")}
        save_draft(replica_of(app), "edit", key, older)
        cohort.rewrite(joon, key, "body", f"{FIRST} At ten.\n\n{SECOND}\n\nA third.")
        await arrived(pilot, joon)
        await pilot.press("e")
        await settled(pilot)
        form = app.screen
        assert isinstance(form, FormScreen)
        assert f"{SECOND} Mine." in form.row("body").words
        await pilot.press("ctrl+s")
        await settled(pilot)
        kept = cohort.values(replica_of(app), key)["body"].split("\n\n")
        assert {f"{FIRST} At ten.", f"{SECOND} Mine.", "A third."} <= set(kept)
