from __future__ import annotations

import pytest

from moot_client.views.agenda import agenda, issue_page
from moot_client.views.budget import check_vote, counted, dots_left
from moot_shared.errors import InputError, NotFound
from tests.views.sheet import ANN, BEN, CAT, Sheet


@pytest.fixture
def sheet() -> Sheet:
    sheet = Sheet()
    sheet.record(ANN, "community", 1, name="Northern cohort", vote_budget=6)
    return sheet


def test_issues_are_ranked_by_dots_then_hours_then_title(sheet: Sheet) -> None:
    for number, title in enumerate(("Bb", "Aa", "Many dots", "Some hours"), 10):
        key = sheet.record(ANN, "issue", number, title=title)
        if title == "Many dots":
            sheet.say(ANN, "vote", key, dots=2)
            sheet.say(BEN, "vote", key, dots=3, why="because")
        if title == "Some hours":
            sheet.say(BEN, "pledge", key, hours=4.0)
    rows = agenda(sheet.db, ANN).rows
    assert [row.title for row in rows] == ["Many dots", "Some hours", "Aa", "Bb"]
    assert (rows[0].dots, rows[0].my_dots, rows[0].voters, rows[0].nobody) == (5, 2, 2, True)
    assert (rows[1].hours, rows[1].my_hours, rows[1].nobody) == (4.0, 0, False)


def test_a_question_comes_after_an_issue_of_the_same_rank(sheet: Sheet) -> None:
    sheet.record(ANN, "issue", 10, title="A question", kind="question")
    sheet.record(ANN, "issue", 11, title="Zebra")
    assert [row.title for row in agenda(sheet.db, ANN).rows] == ["Zebra", "A question"]


def test_dots_over_the_budget_count_in_order_of_issue_until_it_is_spent(sheet: Sheet) -> None:
    for number in (10, 11, 12):
        sheet.say(BEN, "vote", sheet.record(ANN, "issue", number, title=f"I{number}"), dots=4)
    view = agenda(sheet.db, BEN)
    assert {row.title: row.dots for row in view.rows} == {"I10": 4, "I11": 2, "I12": 0}
    assert (view.budget, view.dots_left, view.not_counted) == (6, 0, 6)
    page = issue_page(sheet.db, ANN, next(row.key for row in view.rows if row.title == "I11"))
    assert [(vote.member.label, vote.dots, vote.counted) for vote in page.votes] == [("Ben", 4, 2)]


def test_dots_on_closed_and_archived_issues_are_free_again(sheet: Sheet) -> None:
    sheet.say(BEN, "vote", sheet.record(ANN, "issue", 10, title="Closed", status="closed"), dots=5)
    sheet.say(BEN, "vote", sheet.record(ANN, "issue", 11, title="Away", archived=True), dots=5)
    sheet.say(BEN, "vote", sheet.record(ANN, "issue", 12, title="Open"), dots=4)
    view = agenda(sheet.db, BEN)
    assert [row.title for row in view.rows] == ["Open"]
    assert view.dots_left == 2
    everything = agenda(sheet.db, BEN, closed=True, archived=True)
    assert {row.title: row.dots for row in everything.rows} == {"Closed": 5, "Away": 5, "Open": 4}


def test_a_vote_over_the_budget_is_refused_in_words_before_it_is_said(sheet: Sheet) -> None:
    first = sheet.record(ANN, "issue", 10, title="First")
    second = sheet.record(ANN, "issue", 11, title="Second")
    sheet.say(BEN, "vote", first, dots=5)
    assert dots_left(sheet.db, BEN) == 1
    check_vote(sheet.db, BEN, first, 5)
    with pytest.raises(InputError, match="You have one dot left"):
        check_vote(sheet.db, BEN, second, 2)


def test_counting_does_not_depend_on_the_order_of_ballots() -> None:
    ballots = [("b", "i3", 5), ("b", "i1", 5), ("b", "i2", 1), ("c", "i1", 2)]
    expected = {("b", "i1"): 5, ("b", "i2"): 1, ("b", "i3"): 4, ("c", "i1"): 2}
    assert counted(ballots, {"i1", "i2", "i3"}, 10) == expected
    assert counted(reversed(ballots), {"i1", "i2", "i3"}, 10) == expected


def test_an_issue_shows_comments_links_and_what_belongs_to_it(sheet: Sheet) -> None:
    key = sheet.record(ANN, "issue", 10, title="Handover between shifts", body="Facts are lost.")
    other = sheet.record(ANN, "issue", 11, title="Night work")
    sheet.say(BEN, "comment", f"{key}/01A", text="I see this too")
    taken_back = sheet.say(CAT, "comment", f"{key}/01B", text="")
    sheet.say(ANN, "link", f"{key}/{other}", how="causes", to=other)
    sheet.say(BEN, "link", f"{other}/{key}", how="none", to=key)
    review = sheet.record(BEN, "review", 12, title="Pilot", issue=key)
    sheet.record(BEN, "lesson", 13, statement="Read it back out loud", source=review)
    sheet.record(BEN, "lesson", 14, statement="Every handover needs a list")
    sheet.record(BEN, "lesson", 15, statement="Nothing alike")
    page = issue_page(sheet.db, ANN, key)
    assert [comment.text for comment in page.comments] == ["I see this too"]
    assert taken_back not in {comment.key for comment in page.comments}
    assert [(link.how, link.title, link.outgoing) for link in page.links] == [("causes", "Night work", True)]
    assert [(found.title, found.note) for found in page.related] == [
        ("Pilot", "open"),
        ("Read it back out loud", "noted"),
        ("Every handover needs a list", "met before"),
    ]
    back = issue_page(sheet.db, ANN, other)
    assert [(link.how, link.title, link.outgoing) for link in back.links] == [
        ("causes", "Handover between shifts", False)
    ]


def test_a_row_says_when_two_peoples_words_stand_in_it(sheet: Sheet) -> None:
    sheet.record(
        ANN, "issue", 10, title="Both",
        body=[["1@00", "mine", ANN, True], ["2@00", "yours", BEN, True]], others={"level": [["team", BEN]]},
    )  # fmt: skip
    row = agenda(sheet.db, ANN).rows[0]
    assert row.doubled
    assert row.versions == 1


def test_values_of_a_newer_moot_do_no_harm(sheet: Sheet) -> None:
    key = sheet.record(
        ANN, "issue", 10, title="Odd", status="dreaming", level=7, novel=[["1@00", "x", ANN, False]]
    )
    sheet.say(BEN, "vote", key, dots="many")
    sheet.db.execute("UPDATE statement SET value = 'not json' WHERE kind = 'profile'")
    row = agenda(sheet.db, ANN).rows[0]
    assert (row.status, row.level, row.dots) == ("dreaming", "team", 0)


def test_an_unknown_issue_is_not_found(sheet: Sheet) -> None:
    with pytest.raises(NotFound, match="moot issues"):
        issue_page(sheet.db, ANN, "issue/0/x")
