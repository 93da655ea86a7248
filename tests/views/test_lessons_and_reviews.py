from __future__ import annotations

import json

import pytest

from moot_client.views.lessons import lesson_page, lessons
from moot_client.views.reviews import review_page, reviews
from moot_shared.errors import NotFound
from tests.views.sheet import ANN, BEN, CAT, Sheet


def test_a_lessons_state_follows_from_its_uses() -> None:
    sheet = Sheet()
    noted = sheet.record(ANN, "lesson", 10, statement="Noted")
    tried = sheet.record(ANN, "lesson", 11, statement="Tried")
    applied = sheet.record(ANN, "lesson", 12, statement="Applied", origin="a book")
    sheet.say(BEN, "use", f"{tried}/01A", state="tried", where="Line 3")
    sheet.say(BEN, "use", f"{applied}/01A", state="applied", where="Line 4", how="well")
    sheet.say(BEN, "use", f"{applied}/01B", state="tried", where="Line 5")
    sheet.say(CAT, "use", f"{noted}/01A", state="applied", where="")
    rows = lessons(sheet.db, ANN)
    assert [(row.statement, row.state, row.uses) for row in rows] == [
        ("Tried", "tried", 1),
        ("Noted", "noted", 0),
        ("Applied", "applied", 2),
    ]
    page = lesson_page(sheet.db, ANN, applied)
    assert [(use.member.label, use.where, use.state) for use in page.uses] == [
        ("Ben", "Line 4", "applied"),
        ("Ben", "Line 5", "tried"),
    ]
    assert page.row.source_title == "a book"
    with pytest.raises(NotFound):
        lesson_page(sheet.db, ANN, "lesson/x/y")


def test_a_review_shows_answers_question_by_question_and_my_draft_only_to_me() -> None:
    sheet = Sheet()
    key = sheet.record(ANN, "review", 10, title="Audit", form="quick")
    sheet.say(ANN, "note", f"{key}/happened", text="It was read too late")
    sheet.say(BEN, "note", f"{key}/happened", text="The list was late")
    sheet.say(BEN, "note", f"{key}/why", text="Nobody asked")
    sheet.say(CAT, "note", f"{key}/next", text="")
    sheet.say(CAT, "note", f"{key}/mood", text="from a newer one")
    fields = json.dumps({"next": "Close it earlier"})
    sheet.db.execute("INSERT INTO draft VALUES ('review', ?, ?, 5)", (key, fields))
    sheet.record(BEN, "lesson", 11, statement="Print it late", source=key)
    page = review_page(sheet.db, ANN, key)
    assert [q.name for q in page.questions] == ["happened", "why", "next", "mood"]
    assert [[(a.member.label, a.text) for a in q.answers] for q in page.questions] == [
        [("Ann", "It was read too late"), ("Ben", "The list was late")],
        [("Ben", "Nobody asked")],
        [],
        [("Cat", "from a newer one")],
    ]
    assert [(q.mine, q.drafted) for q in page.questions][2] == ("Close it earlier", True)
    assert [member.label for member in page.shared_by] == ["Ann", "Ben", "Cat"]
    assert page.lessons[0][1:] == ("Print it late", "noted")
    (row,) = reviews(sheet.db, ANN)
    assert (row.shared, row.mine_shared, row.draft) == (3, True, True)


def test_open_reviews_come_before_those_that_ended() -> None:
    sheet = Sheet()
    sheet.record(ANN, "review", 10, title="Open")
    sheet.record(ANN, "review", 11, title="Done", ending="lessons")
    sheet.record(ANN, "review", 12, title="Away", archived=True)
    assert [row.title for row in reviews(sheet.db, ANN)] == ["Open", "Done"]
    assert [row.title for row in reviews(sheet.db, ANN, archived=True)] == ["Open", "Done", "Away"]
