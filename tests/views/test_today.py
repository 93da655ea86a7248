from __future__ import annotations

from moot_client.views.today import last_position, today
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


def test_what_others_did_is_counted_and_what_i_did_is_not() -> None:
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
    assert lines(sheet, ANN, since)[0] == ["1 new issue · 1 new review · 1 edit · 1 review shared · 2 votes"]


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
    assert lines(sheet, ANN, 0)[1][0] == (
        "2 dots of yours are not counted: each member has 3. Take some back where they matter least"
    )
