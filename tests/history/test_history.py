"""History: who did what when, the same words on every machine, and an earlier text back."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from moot_client.history.history import History, history
from moot_client.history.replay import ADDED, SAME, TAKEN_OUT
from moot_client.history.restore import back, before, stands
from moot_client.replica.commands import Create, Edit, Say, Together
from moot_client.replica.replica import Replica
from moot_client.views.people import people
from moot_shared.errors import InputError, NotFound
from tests.helpers.cohort import Cohort, carry, issue, paragraphs, rewrite, settle, values, vote


def told(replica: Replica, key: str, first: int = 300) -> History:
    return history(replica.reader(), replica.me, key, first)


def said(found: History) -> list[str]:
    """Its events, the oldest first: 'Mara listed it'."""
    return [f"{event.who.label} {event.what}" for event in reversed(found.events)]


def test_a_record_tells_who_did_what_when(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        key = issue(mara, "Handover", body="One.\n\nTwo.", level="across teams")
        settle(mara, joon)
        joon.do(Edit(key, {"title": "Handover at night"}))
        joon.do(Edit(key, {"body": "One.\n\nTwo, changed.\n\nThree."}))
        joon.do(Edit(key, {"status": "agreed", "level": "organisation"}))
        settle(mara, joon)
        mara.do(Edit(key, {"body": "One.\n\nThree."}))
        mara.do(Edit(key, {"body": "One, changed.\n\nThree."}))
        mara.do(Edit(key, {"archived": True}))
        mara.do(Edit(key, {"archived": False}))
        found = told(mara, key)
        assert said(found) == [
            "Mara listed it",
            "Joon changed the title",
            "Joon rewrote “What it is about”",
            "Joon said that it is agreed and changed “Level” to “organisation”",
            "Mara took a paragraph out of “What it is about”",
            "Mara rewrote a paragraph of “What it is about”",
            "Mara put it away",
            "Mara brought it back",
        ]
        times = [event.at for event in reversed(found.events)]
        assert all(times)
        assert [event.number for event in found.events] == [8, 7, 6, 5, 4, 3, 2, 1]
        title = found.event(2).written[0]
        assert (title.field, title.before, title.after) == ("title", "Handover", "Handover at night")
        (prose,) = found.event(3).written
        assert prose.paragraphs == (
            (SAME, "One."),
            (TAKEN_OUT, "Two."),
            (ADDED, "Two, changed."),
            (ADDED, "Three."),
        )


def test_a_text_that_stood_before_is_brought_back(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        key = issue(mara, "Handover", body="One.\n\nTwo.", level="team")
        settle(mara, joon)
        joon.do(Edit(key, {"title": "At night", "body": "One.\n\nTwo, changed."}))
        settle(mara, joon)
        mara.do(back(told(mara, key), told(mara, key).event(1)))
        mara.do(Edit(key, {"title": "At night", "level": "organisation"}))
        mara.do(Edit(key, {"title": "At noon", "level": "team"}))
        mara.do(Edit(key, {"body": ""}))
        settle(mara, joon)
        assert said(told(mara, key)) == [
            "Mara listed it",
            "Joon changed the title and rewrote a paragraph of “What it is about”",
            "Mara brought back an earlier title and “What it is about”",
            "Mara brought back an earlier title and changed “Level” to “organisation”",
            "Mara changed the title and changed “Level” to “team”",
            "Mara took 2 paragraphs out of “What it is about”",
        ]
        assert said(told(joon, key)) == said(told(mara, key))


def test_two_who_write_the_same_at_the_same_time_bring_nothing_back(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        key = issue(mara, "Handover")
        settle(mara, joon)
        for who in (mara, joon):
            who.do(Edit(key, {"title": "At night"}))
        settle(mara, joon)
        assert [event.what for event in told(mara, key).events] == ["changed the title"] * 2 + ["listed it"]


def test_what_was_said_about_it_is_told_too(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        key, other = issue(mara, "Handover"), issue(mara, "Meetings run over")
        settle(mara, joon)
        vote(joon, key, 3)
        vote(joon, key, 5, "it costs us a shift")
        vote(joon, key, 0)
        joon.do(Say("pledge", key, {"hours": 4}))
        remark = str(joon.do(Say("comment", key + "/", {"text": "Not at night."})))
        subject = remark.split("/", 2)[2]
        joon.do(Say("comment", subject, {"text": "Not at night, no."}))
        joon.do(Say("comment", subject, {"text": ""}))
        joon.do(Say("link", f"{key}/{other}", {"how": "affects", "to": other}))
        settle(mara, joon)
        found = told(mara, key)
        assert said(found)[1:] == [
            "Joon gave 3 dots",
            "Joon changed 3 dots to 5",
            "Joon took the dots back",
            "Joon would give 4 h",
            "Joon commented",
            "Joon changed a comment",
            "Joon took a comment back",
            "Joon tied it (affects) to “Meetings run over”",
        ]
        assert [(w.before, w.after) for w in found.event(3).written] == [("", "it costs us a shift")]
        assert [(w.before, w.after) for w in found.event(8).written] == [("Not at night, no.", "")]


def test_reviews_lessons_the_community_and_members_have_a_history(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        review = str(mara.do(Create("review", {"title": "The audit"})))
        lesson = str(mara.do(Create("lesson", {"statement": "Read it back"})))
        settle(mara, joon)
        notes = (
            Say("note", f"{review}/happened", {"text": "Late."}),
            Say("note", f"{review}/next", {"text": "No."}),
        )
        joon.do(Together(notes))
        joon.do(Say("use", lesson + "/", {"where": "Ward round", "state": "tried"}))
        joon.do(Edit(review, {"ending": "lessons"}))
        joon.do(Say("profile", "me", {"name": "Joon", "about": "Nights."}))
        settle(mara, joon)
        assert said(told(mara, review)) == [
            "Mara began it",
            "Joon answered “What happened?”",
            "Joon answered “What next time?”",
            "Joon ended it with lessons",
        ]
        assert said(told(mara, lesson)) == ["Mara noted it", "Joon tried it: Ward round"]
        assert said(told(mara, f"member/{joon.me}")) == [
            "Joon took the name “Joon”",
            "Joon changed “About”",
        ]
        (community,) = mara.reader().execute("SELECT key FROM record WHERE kind = 'community'").fetchone()
        assert said(told(mara, community)) == ["Mara founded it"]


def test_who_edited_at_the_same_time_is_told_of_both_and_what_each_saw(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=3) as (mara, joon, ines):
        key = issue(mara, "Handover", body="One.")
        settle(mara, joon, ines)
        mara.do(Edit(key, {"title": "By Mara"}))
        joon.do(Edit(key, {"title": "By Joon"}))
        ines.do(Edit(key, {"body": "One, by Ines."}))
        settle(mara, joon, ines)
        mara.do(Edit(key, {"title": "Settled"}))
        settle(mara, joon, ines)
        found = told(ines, key)
        beside = {event.who.label: {member.label for member in event.beside} for event in found.events[1:-1]}
        assert beside == {"Mara": {"Joon", "Ines"}, "Joon": {"Mara", "Ines"}, "Ines": {"Mara", "Joon"}}
        assert not found.events[0].beside, "whoever knows of all of them writes beside nobody"
        assert {w.before for event in found.events[1:-1] for w in event.written if w.field == "title"} == {
            "Handover"
        }


def test_all_that_was_written_offline_was_written_at_the_same_time(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        key = issue(mara, "Handover", body="One.")
        settle(mara, joon)
        joon.do(Edit(key, {"body": "One, by Joon."}))
        joon.do(Edit(key, {"title": "By Joon"}))
        mara.do(Edit(key, {"level": "organisation"}))
        settle(mara, joon)
        for member in (mara, joon):
            beside = [[other.label for other in event.beside] for event in told(member, key).events]
            assert sorted(beside) == [[], ["Joon"], ["Mara"], ["Mara"]]


@pytest.mark.slow
def test_any_arrival_ends_in_the_same_words(tmp_path: Path) -> None:
    dice = random.Random(7)
    with Cohort(tmp_path, size=3) as members:
        key = issue(members[0], "Handover", body="One.\n\nTwo.\n\nThree.", now="Now.")
        settle(*members)
        for turn in range(60):
            who = dice.choice(members)
            if dice.random() < 0.3:
                carry(who, dice.choice([other for other in members if other is not who]))
            deed = dice.randrange(5)
            if deed == 0:
                who.do(Edit(key, {"title": f"Title {turn}"}))
            elif deed == 1:
                texts = [row[1] for row in paragraphs(who, key, "body")]
                at = dice.randrange(len(texts) + 1)
                texts[at : at + dice.randrange(2)] = [f"Words {turn}"]
                who.do(Edit(key, {"body": "\n\n".join(texts)}))
            elif deed == 2:
                vote(who, key, dice.randrange(1, 3))
            elif deed == 3:
                who.do(Say("comment", key + "/", {"text": f"Remark {turn}"}))
            else:
                who.do(Edit(key, {"status": dice.choice(["open", "agreed", "closed"])}))
        settle(*members)
        first, *others = (told(member, key) for member in members)
        plain = [(e.number, e.who.key, e.at, e.what, e.written, e.state, len(e.beside)) for e in first.events]
        for other in others:
            assert plain == [
                (e.number, e.who.key, e.at, e.what, e.written, e.state, len(e.beside)) for e in other.events
            ]
        last = next(event for event in first.events if event.state is not None)
        assert last.state is not None
        stands_now = values(members[1], key)
        assert "\n\n".join(last.state["body"]) == stands_now["body"]
        assert {n: v for n, v in last.state.items() if n not in ("body", "now")} == {
            n: v for n, v in stands_now.items() if n not in ("body", "now")
        }


def test_an_earlier_text_comes_back_and_what_others_wrote_meanwhile_stays(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        key = issue(mara, "Handover", body="One.\n\nTwo.")
        rewrite(mara, key, "body", "One.")
        settle(mara, joon)
        found = told(mara, key)
        joon.do(Edit(key, {"body": "One.\n\nBy Joon, meanwhile."}))
        settle(mara, joon)
        command = back(found, found.event(1), ("body",))
        mara.do(command)
        settle(mara, joon)
        for replica in (mara, joon):
            assert values(replica, key)["body"].split("\n\n") == [
                "One.",
                "Two.",
                "By Joon, meanwhile.",
            ] or values(replica, key)["body"].split("\n\n") == ["One.", "By Joon, meanwhile.", "Two."]
        assert values(mara, key) == values(joon, key)


def test_the_newest_change_is_gone_back_behind(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=1) as (mara,):
        key = issue(mara, "Handover", body="One.\n\nTwo.")
        mara.do(Edit(key, {"title": "Hand over", "body": "One."}))
        found = told(mara, key)
        assert stands(found, found.event(2))
        with pytest.raises(InputError, match="nothing to bring back"):
            back(found, found.event(2))
        mara.do(before(found, found.event(2)))
        assert (values(mara, key)["title"], values(mara, key)["body"]) == ("Handover", "One.\n\nTwo.")
        again = told(mara, key)
        mara.do(back(again, again.event(2)))
        assert (values(mara, key)["title"], values(mara, key)["body"]) == ("Hand over", "One.")


def test_ones_own_words_can_be_said_again_and_nobody_elses(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        key = issue(mara, "Handover")
        settle(mara, joon)
        remark = str(joon.do(Say("comment", key + "/", {"text": "Not at night."})))
        joon.do(Say("comment", remark.split("/", 2)[2], {"text": ""}))
        settle(mara, joon)
        found = told(joon, key)
        joon.do(back(found, found.event(2)))
        (value,) = joon.reader().execute("SELECT value FROM statement WHERE key = ?", (remark,)).fetchone()
        assert "Not at night." in value
        theirs = told(mara, key)
        with pytest.raises(InputError, match="Only Joon"):
            back(theirs, theirs.event(2))


def test_a_long_history_tells_the_newest_first_and_how_many_there_are(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=1) as (mara,):
        key = issue(mara, "Handover")
        for number in range(30):
            vote(mara, key, number % 5 + 1)
        mara.do(Edit(key, {"title": "Last"}))
        found = told(mara, key, first=10)
        assert (len(found.events), found.earlier) == (10, 22)
        assert found.events[0].what == "changed the title"
        assert found.events[-1].what == "changed 1 dot to 2"
        assert len(told(mara, key).events) == 32


def test_what_is_not_here_has_no_history(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=1) as (mara,):
        with pytest.raises(NotFound):
            told(mara, "issue/01ARZ3NDEKTSV4RRFFQ69G5FAV/" + mara.me)
        assert people(mara.reader(), mara.me)
