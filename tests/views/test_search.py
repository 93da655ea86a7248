"""Search: what is found, in which order, with which words around it, and what is said about it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from moot_client.replica.commands import Create, Edit, Say
from moot_client.views.hits import Found
from moot_client.views.search import search
from tests.helpers.cohort import Cohort, settle
from tests.views.sheet import ANN, BEN, CAT, Sheet


def look(sheet: Sheet, typed: str, limit: int = 50) -> Found:
    return search(sheet.db, ANN, typed, limit)


def titles(found: Found) -> list[str]:
    return [hit.title.text for hit in found.hits]


def matched(found: Found) -> list[str]:
    return [words for hit in found.hits for words, yes in (*hit.title.parts, *hit.context.parts) if yes]


@pytest.fixture
def sheet() -> Sheet:
    return Sheet()


def issue(sheet: Sheet, number: int, title: str, body: str = "", by: str = ANN, **fields: object) -> str:
    return sheet.record(by, "issue", number << 70, title=title, body=body, **fields)


def test_beginnings_of_words_find_things_and_what_was_said_of_them(sheet: Sheet) -> None:
    key = issue(sheet, 1, "Handover between shifts")
    sheet.say(BEN, "comment", f"{key}/01A", text="Über the café table")
    assert titles(look(sheet, "hand shi")) == ["Handover between shifts"]
    (hit,) = look(sheet, "uber CAFE").hits
    assert (hit.key, hit.kind, hit.where, hit.by) == (key, "issue", "comment", "Ben")
    assert [words for words, yes in hit.context.parts if yes] == ["Über", "café"]


def test_titles_come_before_bodies_before_what_was_said(sheet: Sheet) -> None:
    said = issue(sheet, 3, "Third")
    sheet.say(BEN, "comment", f"{said}/01A", text="audit audit audit")
    issue(sheet, 2, "Second", "The audit of March, and the audit of May")
    issue(sheet, 1, "A title with audit among quite a few other words in it")
    assert titles(look(sheet, "audit")) == [
        "A title with audit among quite a few other words in it",
        "Second",
        "Third",
    ]


def test_what_is_closed_or_put_away_comes_last_and_says_so(sheet: Sheet) -> None:
    issue(sheet, 1, "Audit", status="closed")
    issue(sheet, 2, "Audit", archived=True)
    issue(sheet, 3, "Other", "somewhere an audit")
    assert [hit.state for hit in look(sheet, "audit").hits] == ["", "put away", "closed"] or [
        hit.state for hit in look(sheet, "audit").hits
    ] == ["", "closed", "put away"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hadnover", "handover"),
        ("mangement", "management"),
        ("handovr", "handover"),
        ("hadno", "handover"),
        ("Übergeba", "übergabe"),
        ("hadnover shfits", "handover"),
    ],
)
def test_a_slip_of_the_fingers_finds_the_word_that_was_meant_and_says_so(
    sheet: Sheet, typed: str, meant: str
) -> None:
    issue(sheet, 1, "Handover between shifts")
    issue(sheet, 2, "What management hears")
    issue(sheet, 3, "Schicht und Übergabe")
    found = look(sheet, typed)
    assert len(found.hits) == 1
    assert meant in found.hits[0].title.text.lower()
    assert found.told.startswith(f"No “{typed.split(maxsplit=1)[0]}”; shown for “{meant}”.")


def test_a_word_that_stands_inside_of_longer_ones_finds_them(sheet: Sheet) -> None:
    issue(sheet, 1, "Die Schichtübergabe")
    issue(sheet, 2, "研修会の進め方")
    assert titles(look(sheet, "gabe")) == ["Die Schichtübergabe"]
    assert titles(look(sheet, "進め方")) == ["研修会の進め方"]


def test_a_rare_word_also_finds_the_frequent_one_that_it_nearly_is(sheet: Sheet) -> None:
    issue(sheet, 1, "The hadnover of keys")
    for number in range(2, 12):
        issue(sheet, number, f"Handover number {number}")
    found = look(sheet, "hadnover")
    assert found.told == "Shown too: “handover”."
    assert titles(found)[0] == "The hadnover of keys"
    assert len(found.hits) == 11


def test_where_nothing_has_all_words_what_has_some_is_shown_and_that_is_said(sheet: Sheet) -> None:
    issue(sheet, 1, "Handover between shifts")
    issue(sheet, 2, "Coaching for supervisors")
    found = look(sheet, "handover coaching")
    assert sorted(titles(found)) == ["Coaching for supervisors", "Handover between shifts"]
    assert found.told == "Nothing has all of these words; this has some of them."


def test_a_word_that_nobody_wrote_is_named(sheet: Sheet) -> None:
    issue(sheet, 1, "Handover")
    found = look(sheet, "xylophone")
    assert (found.hits, found.told) == ((), "No “xylophone” anywhere here.")


def test_persons_are_found_by_name_and_by_what_they_say_of_themselves(sheet: Sheet) -> None:
    sheet.say(BEN, "profile", "me", name="Ben", about="I have run case clinics.")
    issue(sheet, 1, "Ben's desk is in the way")
    first, second = look(sheet, "ben").hits
    assert (first.key, first.kind) == (f"member/{BEN}", "person")
    assert second.kind == "issue"
    (clinic,) = look(sheet, "clinic").hits
    assert clinic.key == f"member/{BEN}"
    assert [words for words, yes in clinic.context.parts if yes] == ["clinics"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("person: bne", "No “bne”; shown for “Ben”."),
        ("bne", "No “bne”; shown for “Ben”."),
        ("person: okafro", "No “okafro”; shown for “Okafor”."),
        ("person: kaf", "No “kaf”; shown for “Okafor”."),
        ("who: okaf", ""),
    ],
)
def test_a_slip_in_a_name_or_a_part_of_one_finds_whom_it_might_be(
    sheet: Sheet, typed: str, told: str
) -> None:
    sheet.say(BEN, "profile", "me", name="Ben Okafor")
    issue(sheet, 1, "Kafka is down")
    found = look(sheet, typed)
    assert [hit.key for hit in found.hits] == [f"member/{BEN}"]
    assert found.told == told


def test_where_a_person_is_looked_for_other_words_are_not_taken_for_one(sheet: Sheet) -> None:
    issue(sheet, 1, "Handover")
    found = look(sheet, "person: handovre")
    assert (found.hits, found.told) == ((), "No “handovre” anywhere here.")


def test_somebody_without_a_name_is_found_as_others_read_them(tmp_path: Path) -> None:
    sheet = Sheet(ANN, BEN, CAT)
    sheet.db.execute("DELETE FROM statement WHERE author = ?", (CAT,))
    (hit,) = look(sheet, "someone new").hits
    assert hit.key == f"member/{CAT}"


def test_a_kind_before_a_colon_narrows(sheet: Sheet) -> None:
    about = issue(sheet, 1, "Audit")
    sheet.record(ANN, "lesson", 2 << 70, statement="Audit lists close on Friday")
    sheet.record(ANN, "review", 3 << 70, title="The March audit")
    sheet.say(BEN, "comment", f"{about}/01A", text="which audit?")
    for typed, kinds in (
        ("lesson: audit", ["lesson"]),
        ("lessons:audit", ["lesson"]),
        ("review:audit", ["review"]),
        ("review: lesson: audit", ["lesson", "review"]),
        ("comment: audit", ["issue"]),
        ("person: audit", []),
        ("who:ben", ["person"]),
    ):
        assert sorted(hit.kind for hit in look(sheet, typed).hits) == kinds, typed
    assert look(sheet, "comment: audit").hits[0].where == "comment"


def test_words_in_quotes_stand_in_a_row(sheet: Sheet) -> None:
    issue(sheet, 1, "Close the list before printing")
    issue(sheet, 2, "The list that we close")
    assert titles(look(sheet, '"close the list"')) == ["Close the list before printing"]
    assert len(look(sheet, "close the list").hits) == 2


def test_the_words_around_a_hit_are_those_where_most_of_it_stands(sheet: Sheet) -> None:
    body = "early handover. " + "filler words go here " * 40 + "the night handover of keys " + "and on " * 40
    issue(sheet, 1, "Something", body)
    (hit,) = look(sheet, "handover night").hits
    assert "night handover of keys" in hit.context.text
    assert hit.context.text.startswith("… ")
    assert len(hit.context.text) < 200


def test_words_that_are_markup_are_words(sheet: Sheet) -> None:
    issue(sheet, 1, "[bold]Handover[/bold] [link=x]", "[red]shifts[/red]")
    (hit,) = look(sheet, "handover").hits
    assert hit.title.text == "[bold]Handover[/bold] [link=x]"
    assert matched(look(sheet, "handover")) == ["Handover"]


def test_what_i_typed_and_did_not_say_is_found_on_this_machine(sheet: Sheet) -> None:
    sheet.db.execute(
        "INSERT INTO draft VALUES ('new issue', '', ?, 5)", ('{"title": "Ladders", "body": "too short"}',)
    )
    (hit,) = look(sheet, "ladder sho").hits
    assert (hit.key, hit.kind, hit.title.text) == ("draft/new issue/", "draft", "Ladders")
    assert look(sheet, "draft: ladders").hits
    assert not look(sheet, "issue: ladders").hits


def test_more_than_is_shown_is_told(sheet: Sheet) -> None:
    for number in range(1, 8):
        issue(sheet, number, f"Audit {number}")
    found = look(sheet, "audit", 5)
    assert (len(found.hits), found.more) == (5, True)
    assert not look(sheet, "audit", 7).more


@pytest.mark.parametrize(
    "typed",
    ['"', "AND", "NEAR(", "* ^ -", "a:b", "col:", "", "—", "(", "it's", "\0", "review:", '"" x', "🙂", "[b]",
     "\x1b[31m", "x" * 5000, "a " * 500, "\ud800", "e\u0301" * 40, "ß", "%_", "{title}: x", "1 OR 1"],
)  # fmt: skip
def test_any_signs_can_be_typed(sheet: Sheet, typed: str) -> None:
    key = issue(sheet, 1, "It's a:b (AND) 🙂 ß", "x")
    found = look(sheet, typed)
    assert all(hit.key == key or hit.key.startswith("member/") for hit in found.hits)
    assert not found.more
    assert [hit.key for hit in look(sheet, "it's").hits] == [key]


def test_a_search_that_nobody_waits_for_ends(sheet: Sheet) -> None:
    for number in range(1, 200):
        issue(sheet, number, f"Audit {number}", "words and words " * 50)
    stop = threading.Event()
    stop.set()
    assert search(sheet.db, ANN, "words", 50, stop.is_set) == Found()
    stop.clear()
    assert len(search(sheet.db, ANN, "words", 50, stop.is_set).hits) == 50
    assert len(search(sheet.db, ANN, "words").hits) == 50


def test_it_reads_from_a_connection_that_cannot_write_and_sees_what_is_edited(tmp_path: Path) -> None:
    with Cohort(tmp_path, size=2) as (mara, joon):
        key = mara.do(Create("lesson", {"statement": "Read it back", "story": "At the handover."}))
        joon.do(Say("profile", "me", {"name": "Joon", "about": "nights"}))
        settle(mara, joon)
        for replica in (mara, joon):
            found = search(replica.reader(), replica.me, "hadnover")
            assert [hit.key for hit in found.hits] == [key]
        joon.do(Edit(key, {"story": "At the change of shifts."}))
        settle(mara, joon)
        assert not search(mara.reader(), mara.me, "handover").hits
        assert [hit.key for hit in search(mara.reader(), mara.me, "shift").hits] == [key]
        assert [hit.kind for hit in search(mara.reader(), mara.me, "joon").hits] == ["person"]
