from __future__ import annotations

import json

import pytest

from moot_client.views.fitting import ROOM
from moot_client.views.today import last_look, last_position, looked, today
from tests.views.sheet import ACTORS, ANN, BEN, CAT, Sheet


def lines(sheet: Sheet, me: str, since: int) -> tuple[list[str], list[str]]:
    view = today(sheet.db, me, since_position=since, since=0)
    return [line.text for line in view.changed], [line.text for line in view.waiting]


def test_a_merge_is_named_with_those_whose_words_it_holds() -> None:
    sheet = Sheet()
    since = last_position(sheet.db)
    body = [["1@00", "mine", ANN, True], ["2@00", "yours", BEN, True], ["3@00", "old", CAT, False]]
    key = sheet.record(BEN, "issue", 10, title="Handover", body=body)
    assert today(sheet.db, ANN, since_position=since, since=0).changed[0].target == key
    assert lines(sheet, ANN, since)[0][0] == "Ben and you both edited ‘Handover’: both kept"
    assert lines(sheet, CAT, since)[0][0] == "Ann and Ben both edited ‘Handover’: both kept"
    assert lines(sheet, ANN, last_position(sheet.db))[0] == []


def test_other_versions_are_a_merge_too() -> None:
    sheet = Sheet()
    since = last_position(sheet.db)
    key = sheet.record(BEN, "issue", 10, title="Handover", others={"title": [["Hand over", ANN]]})
    (made_by,) = sheet.db.execute("SELECT id FROM record WHERE key = ?", (key,)).fetchone()
    for name in ("ann", "ben"):
        sheet.db.execute("INSERT INTO cell VALUES (?, 'title', 5, ?, 'x', 6)", (made_by, ACTORS[name]))
    assert lines(sheet, ANN, since)[0][0] == "Ben and you both edited ‘Handover’: both kept"


def test_what_others_did_is_named_by_kind_and_what_i_did_is_not() -> None:
    sheet = Sheet()
    old = sheet.record(BEN, "issue", 9, title="Old")
    since = last_position(sheet.db)
    first = sheet.record(BEN, "issue", 10, title="One")
    sheet.record(ANN, "issue", 11, title="Mine")
    sheet.say(BEN, "vote", first, dots=1)
    sheet.say(CAT, "vote", first, dots=1)
    sheet.say(ANN, "vote", first, dots=1)
    review = sheet.record(CAT, "review", 12, title="Audit")
    sheet.say(CAT, "note", f"{review}/happened", text="a")
    sheet.say(CAT, "note", f"{review}/next", text="b")
    sheet.db.execute("UPDATE record SET touched = ?, changed_by = ? WHERE key = ?", (since + 1, CAT, old))
    changed = today(sheet.db, ANN, since_position=since, since=0).changed
    assert [(line.text, line.target) for line in changed] == [
        ("new issue: ‘One’ (Ben)", first),
        ("new review: ‘Audit’ (Cat)", review),
        ("edited: ‘Old’ (Cat)", old),
        ("review shared: ‘Audit’ (Cat)", review),
        ("vote: ‘One’ (2 votes)", first),
    ]
    assert [line.label for line in changed] == [
        "new issue",
        "new review",
        "edited",
        "review shared",
        "2 votes",
    ]


def test_of_many_things_the_newest_are_named_and_the_rest_is_one_line_that_opens() -> None:
    sheet = Sheet()
    for number in range(12):
        sheet.record(BEN, "lesson", number, statement=f"Lesson {number}")
    changed = today(sheet.db, ANN, since_position=0, since=0).changed
    assert [line.title for line in changed] == ["Lesson 11", "Lesson 10", "Lesson 9", "and 9 more"]
    assert [line.label for line in changed] == ["12 new lessons", "", "", ""]
    assert changed[-1].more == "new lesson"
    whole = today(sheet.db, ANN, since_position=0, since=0, opened=frozenset({"new lesson"})).changed
    assert [line.title for line in whole] == [f"Lesson {n}" for n in range(11, -1, -1)]


@pytest.mark.slow
def test_a_long_absence_is_a_line_a_kind_and_what_is_opened_is_named() -> None:
    sheet = Sheet()
    for number in range(400):
        issue = sheet.record(BEN, "issue", number, title=f"Issue {number}")
        sheet.record(CAT, "review", number, title=f"Review {number}")
        sheet.record(CAT, "lesson", number, statement=f"Lesson {number}")
        sheet.say(BEN, "vote", issue, dots=1)
        sheet.say(BEN, "comment", f"{issue}/0000000000000000000000000{number % 8}", text="so")
    changed = today(sheet.db, ANN, since_position=0, since=0).changed
    assert len(changed) <= ROOM
    assert [line.label for line in changed if line.label] == [
        "400 new issues",
        "400 new reviews",
        "400 new lessons",
        "400 votes",
        "400 comments",
    ]
    folded = changed[0]
    assert (folded.title, folded.side, folded.more) == ("Issue 399", "and 399 more", "new issue")
    opened = today(sheet.db, ANN, since_position=0, since=0, opened=frozenset({"new issue"})).changed
    assert [line.text for line in opened[:2]] == [
        "new issue: ‘Issue 399’ (Ben)",
        "new issue: ‘Issue 398’ (Ben)",
    ]
    assert (opened[100].text, opened[100].target) == ("and 300 more new issues", "place/agenda")


def test_words_that_met_before_the_last_look_are_no_news_when_something_else_is_edited() -> None:
    sheet = Sheet()
    before, _ = sheet.change(BEN)
    (op,) = sheet.db.execute("SELECT start_op FROM change WHERE position = ?", (before,)).fetchone()
    body = [
        [f"{op}@{ACTORS['ben'].hex()}", "yours", BEN, True],
        [f"{op}@{ACTORS['ben'].hex()}", "b", CAT, True],
    ]
    key = sheet.record(BEN, "issue", 10, title="Handover", body=body)
    since = last_position(sheet.db)
    later, _ = sheet.change(CAT)
    sheet.db.execute("UPDATE record SET touched = ?, changed_by = ? WHERE key = ?", (later, CAT, key))
    assert lines(sheet, ANN, since)[0] == ["edited: ‘Handover’ (Cat)"]


def test_what_i_did_on_another_machine_is_no_news() -> None:
    sheet = Sheet()
    since = last_position(sheet.db)
    sheet.change(ANN, actor=ACTORS["ann"][:32] + b"machine2")
    issue = sheet.record(ANN, "issue", 10, title="Mine")
    sheet.say(ANN, "comment", f"{issue}/00000000000000000000000001", text="so")
    assert lines(sheet, ANN, since)[0] == []


def test_what_waits_for_me() -> None:
    sheet = Sheet()
    sheet.record(ANN, "community", 1, name="N", vote_budget=3)
    issue = sheet.record(BEN, "issue", 10, title="One")
    sheet.record(BEN, "issue", 11, title="Two")
    review = sheet.record(BEN, "review", 12, title="Audit")
    sheet.say(BEN, "note", f"{review}/next", text="b")
    for number in range(20, 25):
        sheet.record(BEN, "lesson", number, statement=f"Lesson {number}")
    assert lines(sheet, ANN, 0)[1] == [
        "vote on the agenda (2 issues without your dots, 3 dots left)",
        "write your part of ‘Audit’: 1 member shared",
        "‘Lesson 24’: used it anywhere?",
        "‘Lesson 23’: used it anywhere?",
        "‘Lesson 22’: used it anywhere?",
        "2 more lessons still open",
    ]
    sheet.say(ANN, "vote", issue, dots=5)
    assert lines(sheet, ANN, 0)[1][0] == "2 dots of yours are not counted: you have 3. Take some back"


def test_where_the_first_lines_are_enough_nothing_is_looked_for_that_would_come_after_them() -> None:
    sheet = Sheet()
    sheet.record(ANN, "community", 1, name="N", vote_budget=3)
    for number in range(10, 22):
        review = sheet.record(BEN, "review", number, title=f"Review {number}")
        sheet.say(BEN, "note", f"{review}/next", text="b")
    sheet.record(BEN, "lesson", 30, statement="Lesson 30")
    changed, waiting = lines(sheet, ANN, 0)
    everything = [*changed, *waiting]
    assert "‘Lesson 30’" in everything[-1]
    assert len(waiting) == 12
    asked: list[str] = []
    sheet.db.set_trace_callback(asked.append)
    for first in range(len(changed), len(everything) + 2):
        asked.clear()
        found = today(sheet.db, ANN, since_position=0, since=0, first=first)
        assert [line.text for line in (*found.changed, *found.waiting)] == everything[:first]
        assert any("FROM lesson_line" in words for words in asked) is (first >= len(everything))


def test_what_met_waits_until_it_is_settled_for_those_whose_words_stand_there() -> None:
    sheet = Sheet()
    since = last_position(sheet.db)
    body = [["1@00", "mine", ANN, True], ["2@00", "yours", BEN, True]]
    key = sheet.record(BEN, "issue", 10, title="Handover", body=body)
    sheet.record(ANN, "community", 1, name="N", vote_budget=1)
    waits = "make one of the two in ‘Handover’ (Ben and you)"
    assert waits in lines(sheet, ANN, since)[1]
    assert not [words for words in lines(sheet, CAT, since)[1] if words.startswith("make one")]

    for name, value in looked(sheet.db, ANN, 5).items():
        sheet.db.execute("INSERT INTO own VALUES (?, ?)", (f"own {name}", json.dumps(value)))
    now = last_look(sheet.db)[0]
    assert now == last_position(sheet.db)
    assert lines(sheet, ANN, now)[0] == []
    assert waits in lines(sheet, ANN, now)[1]
    assert looked(sheet.db, ANN, 6)["unsettled"] == [key]

    sheet.db.execute('UPDATE record SET value = \'{"title": "Handover"}\' WHERE key = ?', (key,))
    assert waits not in lines(sheet, ANN, now)[1]
    assert looked(sheet.db, ANN, 7)["unsettled"] == []
