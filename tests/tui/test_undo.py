"""Taking back what I did, while others go on: mine goes, theirs stays."""

from __future__ import annotations

from textual.pilot import Pilot

from moot_client.replica.commands import Edit, Say
from moot_client.replica.replica import Replica
from moot_client.tui.commands.registry import COMMANDS
from moot_client.tui.screens.form import FormScreen
from moot_client.views.issue import issue_page
from moot_client.views.reviews import review_page, shared_by_me
from moot_client.views.rows import record
from tests.helpers import cohort
from tests.tui.stage import Sample, main_screen, opened, replica_of, settled, shown, typed


async def kept(pilot: Pilot[int], field: str, keys: tuple[str, ...]) -> None:
    """Change one field of the second issue of the agenda, by keys, and keep it."""
    await pilot.press("j", "e")
    await settled(pilot)
    assert isinstance(pilot.app.screen, FormScreen)
    pilot.app.screen.row(field).enter()
    await pilot.press(*keys, "ctrl+s")
    await settled(pilot)


def meanwhile(joon: Replica, mine: Replica, **values: object) -> None:
    """Joon changes the issue after what I did, and it arrives."""
    (key,) = (
        mine.reader()
        .execute("SELECT key FROM record WHERE value LIKE '%Nobody owns supplier quality%'")
        .fetchone()
    )
    cohort.carry(mine, joon)
    joon.do(Edit(key, dict(values)))
    cohort.carry(joon, mine)


async def test_the_reason_of_a_vote_that_is_taken_back_is_a_draft_again(sample: Sample) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("j", "v", "2", "space", *"it stops", "enter")
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        assert (
            "Taken back: your vote. Your words are your draft again; others may have read them"
            in " ".join(shown(app).split())
        )
        assert replica_of(app).draft("vote", sample.keys["supplier"]) == {"why": "it stops", "dots": "2"}
        await pilot.press("v", "enter")
        await settled(pilot)
        await pilot.press("v", "1", "enter")  # the same reason
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        assert "Taken back: your vote" in shown(app)
        assert not replica_of(app).drafts()


async def test_a_state_that_others_have_changed_since_stays_as_they_have_it(sample: Sample) -> None:
    app, joon = sample.app("agenda"), sample.other(1)
    key = sample.keys["supplier"]
    async with opened(app) as pilot:
        await kept(pilot, "status", ("right",))
        assert cohort.values(replica_of(app), key)["status"] == "agreed"
        meanwhile(joon, replica_of(app), status="in work")
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        assert cohort.values(replica_of(app), key)["status"] == "in work"
        assert "Changed again since, and left as it is: Status" in shown(app)
    joon.close()


async def test_of_an_edit_what_others_left_alone_is_taken_back(sample: Sample) -> None:
    app, joon = sample.app("agenda"), sample.other(1)
    key = sample.keys["supplier"]
    async with opened(app) as pilot:
        await pilot.press("j", "e", "!", "tab", "tab", "tab")
        await pilot.press("left", "ctrl+s")
        await settled(pilot)
        row = cohort.values(replica_of(app), key)
        assert (row["title"], row["level"]) == ("Nobody owns supplier quality!", "team")
        meanwhile(joon, replica_of(app), level="organisation")
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        row = cohort.values(replica_of(app), key)
        assert (row["title"], row["level"]) == ("Nobody owns supplier quality", "organisation")
        assert "Taken back: the edit" in shown(app)
    joon.close()


async def test_what_others_brought_back_is_not_put_away_by_an_undo_and_mine_is_brought_back(
    sample: Sample,
) -> None:
    app, joon = sample.app("agenda"), sample.other(1)
    key = sample.keys["supplier"]
    async with opened(app) as pilot:
        await pilot.press("j", "a")
        await settled(pilot)
        assert record(replica_of(app).reader(), key).row.archived  # type: ignore[union-attr]
        await pilot.press("u")
        await settled(pilot)
        assert not record(replica_of(app).reader(), key).row.archived  # type: ignore[union-attr]
        main_screen(app).view.list.select(key)
        await pilot.press("a")
        await settled(pilot)
        meanwhile(joon, replica_of(app), archived=False)
        meanwhile(joon, replica_of(app), archived=True)
        meanwhile(joon, replica_of(app), archived=False)
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        assert not record(replica_of(app).reader(), key).row.archived  # type: ignore[union-attr]
    joon.close()


async def test_several_edits_are_taken_back_one_after_the_other_around_what_others_wrote(
    sample: Sample,
) -> None:
    app, joon = sample.app("agenda"), sample.other(1)
    key = sample.keys["supplier"]
    async with opened(app) as pilot:
        await pilot.press("j", "e", "tab", "tab")
        await typed(pilot, "First mine.")
        await pilot.press("ctrl+s")
        await settled(pilot)
        await pilot.press("e", "tab", "tab")
        await typed(pilot, "\n\nSecond mine.")
        await pilot.press("ctrl+s")
        await settled(pilot)
        meanwhile(joon, replica_of(app), body="Theirs above.\n\nFirst mine.\n\nSecond mine.")
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        assert cohort.values(replica_of(app), key)["body"] == "Theirs above.\n\nFirst mine."
        await pilot.press("u")
        await settled(pilot)
        assert cohort.values(replica_of(app), key)["body"] == "Theirs above."
    joon.close()


async def test_a_paragraph_that_i_rewrote_again_and_again_goes_all_the_way_back(sample: Sample) -> None:
    app, key = sample.app("agenda"), sample.keys["supplier"]
    async with opened(app) as pilot:
        await pilot.press("j")
        texts = ["Zero.", "Zero. One.", "Zero. One. Two.", "Zero. One. Two. Three."]
        for words in ("Zero.", " One.", " Two.", " Three."):
            await pilot.press("e", "tab", "tab")
            await typed(pilot, words)
            await pilot.press("ctrl+s")
            await settled(pilot)
        while texts:
            assert cohort.values(replica_of(app), key)["body"] == texts.pop()
            await pilot.press("u")
            await settled(pilot)
        assert cohort.values(replica_of(app), key)["body"] == ""


async def test_a_paragraph_that_others_rewrote_after_me_gets_no_older_one_beside_it(sample: Sample) -> None:
    app, joon = sample.app("agenda"), sample.other(1)
    key = sample.keys["supplier"]
    async with opened(app) as pilot:
        meanwhile(joon, replica_of(app), body="Alone.\n\nFirst.")
        await settled(pilot)
        await pilot.press("j", "e", "tab", "tab")
        await pilot.press("!", "up", "up", "end", "!", "ctrl+s")
        await settled(pilot)
        assert cohort.values(replica_of(app), key)["body"] == "Alone.!\n\nFirst.!"
        meanwhile(joon, replica_of(app), body="Alone.!\n\nTheirs.")
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        assert cohort.values(replica_of(app), key)["body"] == "Alone.\n\nTheirs."
        assert "Changed again since, and left as it is: What it is about" in " ".join(shown(app).split())
    joon.close()


async def test_a_paragraph_of_mine_that_others_rewrote_is_theirs_to_keep(sample: Sample) -> None:
    app, joon = sample.app("agenda"), sample.other(1)
    key = sample.keys["supplier"]
    async with opened(app) as pilot:
        await pilot.press("j", "e", "tab", "tab")
        await typed(pilot, "Mine.")
        await pilot.press("ctrl+s")
        await settled(pilot)
        meanwhile(joon, replica_of(app), body="Mine, and theirs.")
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        assert cohort.values(replica_of(app), key)["body"] == "Mine, and theirs."
    joon.close()


async def test_what_i_said_anew_elsewhere_is_not_overwritten_by_an_undo(sample: Sample) -> None:
    app, key = sample.app("agenda"), sample.keys["supplier"]
    async with opened(app) as pilot:
        await pilot.press("j", "v", "2", "enter")
        await settled(pilot)
        replica = replica_of(app)
        replica.do(Say("vote", key, {"dots": 5, "why": "Newer, from my other machine"}))
        app.on_rows_changed()
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        (vote,) = (v for v in issue_page(replica.reader(), replica.me, key).votes if v.member.me)
        assert (vote.dots, vote.why) == (5, "Newer, from my other machine")
        assert "Changed again since, and left as it is: your vote" in shown(app)


async def test_of_what_i_shared_in_a_review_only_what_still_stands_is_a_draft_again(sample: Sample) -> None:
    app, key = sample.app("lessons"), sample.keys["audit"]
    async with opened(app) as pilot:
        await pilot.press("w", "a", "tab", "b", "ctrl+s")
        await settled(pilot)
        replica = replica_of(app)
        replica.do(Say("note", f"{key}/happened", {"text": "b, thought over elsewhere"}))
        app.on_rows_changed()
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        shared = shared_by_me(review_page(replica.reader(), replica.me, key))
        assert (shared["planned"], shared["happened"]) == ("", "b, thought over elsewhere")
        assert replica.draft("review", key) == {"planned": "a"}
        assert "left as it is: What happened?" in " ".join(shown(app).split())


async def test_help_and_the_key_itself_say_that_undo_goes_back_to_when_moot_was_opened(
    sample: Sample,
) -> None:
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("v", "3", "enter")
        await settled(pilot)
    app = sample.app("agenda")
    async with opened(app) as pilot:
        await pilot.press("u")
        await settled(pilot)
        assert "u takes back what you did since Moot opened" in " ".join(shown(app).split())
        assert "since Moot opened" in COMMANDS["undo"].help
