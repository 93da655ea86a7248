"""Views over real replicas: what two people did at once, as each of them sees it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from moot_client.replica.commands import Create, Edit, Say
from moot_client.replica.replica import Replica
from moot_client.views.agenda import agenda, issue_page
from moot_client.views.community import community
from moot_client.views.people import members
from moot_client.views.pictures import activity
from moot_client.views.standing import standing
from moot_client.views.today import last_position, today
from tests.helpers.cohort import founder, joiner, settle


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Replica, Replica]]:
    mara = founder(tmp_path / "mara")
    ines = joiner(tmp_path / "ines", mara, "Ines", 2)
    yield mara, ines
    mara.close()
    ines.close()


def make(replica: Replica, title: str, body: str = "") -> str:
    key = replica.do(Create("issue", {"title": title, "body": body}))
    assert isinstance(key, str)
    return key


def test_both_see_the_same_agenda_and_each_their_own_dots(pair: tuple[Replica, Replica]) -> None:
    mara, ines = pair
    key = make(mara, "Handover")
    settle(mara, ines)
    mara.do(Say("vote", key, {"dots": 3}))
    ines.do(Say("vote", key, {"dots": 2, "why": "it costs us"}))
    settle(mara, ines)
    for replica, mine in ((mara, 3), (ines, 2)):
        (row,) = agenda(replica.reader(), replica.me).rows
        assert (row.dots, row.my_dots, row.voters) == (5, mine, 2)
        page = issue_page(replica.reader(), replica.me, key)
        assert page.votes[0].member.me
        assert page.members == 2
    assert community(mara.reader()).name == "Northern cohort"
    assert [(m.label, m.role) for m in members(ines.reader(), ines.me)] == [
        ("Ines", "member"),
        ("Mara", "convenor"),
    ]


def test_a_paragraph_and_a_title_edited_at_once_are_named_today(pair: tuple[Replica, Replica]) -> None:
    mara, ines = pair
    key = make(mara, "Handover", "Facts are lost.")
    settle(mara, ines)
    since = last_position(mara.reader())
    mara.do(Edit(key, {"body": "Facts are lost at night."}))
    ines.do(Edit(key, {"body": "Facts are lost by day."}))
    settle(mara, ines)
    page = issue_page(mara.reader(), mara.me, key)
    assert page.row.doubled
    assert {p.text for p in page.issue.body.paragraphs} == {
        "Facts are lost at night.",
        "Facts are lost by day.",
    }
    seen = today(mara.reader(), mara.me, since_position=since, since=0)
    assert seen.changed[0].text == "Ines and you both edited ‘Handover’: both kept"
    mara.do(Edit(key, {"title": "Handover at night"}))
    ines.do(Edit(key, {"title": "Handover by day"}))
    settle(mara, ines)
    page = issue_page(mara.reader(), mara.me, key)
    assert page.row.versions == 1
    assert {page.row.title, str(page.others["title"][0].value)} == {"Handover at night", "Handover by day"}


def test_what_waits_and_who_has_it_follow_from_real_receipts(pair: tuple[Replica, Replica]) -> None:
    mara, ines = pair
    mara.note_receipts([ines.receipt(1_000)])
    assert [(h.member.label, h.lacks) for h in standing(mara.reader(), mara.me).holders] == [("Ines", 0)]
    make(mara, "One")
    make(mara, "Two")
    view = standing(mara.reader(), mara.me)
    assert view.holders[0].lacks == 2
    assert view.waiting == sum(seq for actor, (seq, _) in mara.version().items() if actor == mara.actor)
    settle(mara, ines)
    mara.note_receipts([ines.receipt(2_000)])
    mara.note_stored({actor: seq for actor, (seq, _) in mara.version().items()}, 3_000)
    view = standing(mara.reader(), mara.me)
    assert (view.holders[0].lacks, view.waiting, view.stored_at) == (0, 0, 3_000)


def test_a_refused_change_shows_its_words(pair: tuple[Replica, Replica]) -> None:
    mara, _ = pair
    key = make(mara, "A title to keep", "And a paragraph.")
    mara.do(Say("comment", key + "/", {"text": "Said once"}))
    (last,) = mara.heads()
    mara.note_refused(last, "late", "The relay did not take it.", 5)
    (refusal,) = standing(mara.reader(), mara.me).refused
    assert (refusal.reason, refusal.words) == ("The relay did not take it.", "Said once")


def test_what_was_taken_back_is_counted_nowhere(pair: tuple[Replica, Replica]) -> None:
    mara, ines = pair
    key = make(mara, "Handover")
    review = str(mara.do(Create("review", {"title": "Audit"})))
    lesson = str(mara.do(Create("lesson", {"statement": "Read it back"})))
    settle(mara, ines)
    since = last_position(mara.reader())
    before = {name: sum(weeks) for name, weeks in activity(mara.reader()).counts.items()}
    said: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
        ("vote", key, {"dots": 3, "why": '"dots":0'}, {"dots": 0, "why": ""}),
        ("pledge", key, {"hours": 0.25}, {"hours": 0}),
        ("comment", f"{key}/01K742T0K8P3K4CEG6HFJRWV80", {"text": '"text":""'}, {"text": ""}),
        ("note", f"{review}/next", {"text": "print later"}, {"text": ""}),
        (
            "use",
            f"{lesson}/01K742T0K8P3K4CEG6HFJRWV80",
            {"where": "the ward", "how": "twice"},
            {"where": "", "how": ""},
        ),
    ]
    for kind, subject, words, _ in said:
        ines.do(Say(kind, subject, words))
    settle(mara, ines)
    changed = today(mara.reader(), mara.me, since_position=since, since=0).changed
    assert [line.label for line in changed] == ["review shared", "vote", "pledge", "comment", "lesson used"]
    assert sum(map(sum, activity(mara.reader()).counts.values())) == sum(before.values()) + len(said)

    for kind, subject, _, nothing in said:
        ines.do(Say(kind, subject, nothing))
    settle(mara, ines)
    assert today(mara.reader(), mara.me, since_position=since, since=0).changed == ()
    assert {name: sum(weeks) for name, weeks in activity(mara.reader()).counts.items()} == before
