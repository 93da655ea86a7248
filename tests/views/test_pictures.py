"""Pictures: where issues are, what was said week by week, and how both are drawn in any number of cells."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET

import pytest

from moot_client.drawing import agenda, svg, weeks
from moot_client.drawing.cells import FULL, LETTERS, Canvas, as_text, width
from moot_client.drawing.scale import scale
from moot_client.views.pictures import MOST_WEEKS, WEEK_MS, Activity, activity, agenda_map
from tests.views.sheet import ANN, BEN, CAT, Sheet

HOSTILE = '</text><script>alert(1)</script> & "x" \x1b[31m \ufffe 会議 e\u0301'
NOW = 1_760_000_000_000  # a Thursday


def busy(issues: int = 40) -> Sheet:
    """Issues with dots and hours here and there."""
    sheet, chance = Sheet(), random.Random(7)
    for number in range(issues):
        key = sheet.record(ANN, "issue", number + 10, title=f"Issue {number} about something or other")
        for who in (ANN, BEN, CAT):
            if chance.random() < 0.1:
                sheet.say(who, "vote", key, dots=chance.randint(1, 5))
            if chance.random() < 0.1:
                sheet.say(who, "pledge", key, hours=chance.choice([0.5, 2, 4, 8]))
    return sheet


def test_what_nobody_would_work_on_is_told_first_and_what_has_neither_is_counted() -> None:
    sheet = Sheet()
    loved, wanted, helped, bare = (
        sheet.record(ANN, "issue", number, title=f"{number}") for number in (11, 12, 13, 14)
    )
    sheet.say(ANN, "vote", loved, dots=5)
    sheet.say(BEN, "pledge", loved, hours=4)
    sheet.say(ANN, "vote", wanted, dots=2)
    sheet.say(BEN, "pledge", helped, hours=1)
    picture = agenda_map(sheet.db, ANN)
    assert [point.key for point in picture.points] == [wanted, loved, helped]
    assert [point.care for point in picture.points] == [True, False, False]
    assert (picture.neither, picture.more, bare in {p.key for p in picture.points}) == (1, 0, False)
    assert [point.mine for point in agenda_map(sheet.db, BEN).points] == [0, 0, 0]


def test_a_map_is_bounded() -> None:
    sheet = busy(60)
    picture = agenda_map(sheet.db, ANN, most=5)
    assert len(picture.points) == 5
    assert picture.more == 55


@pytest.mark.parametrize("size", [(60, 15), (80, 20), (120, 34), (300, 80), (20, 6), (1, 1)], ids=str)
@pytest.mark.parametrize("marks", [FULL, LETTERS], ids=["full", "letters"])
def test_both_are_drawn_within_their_cells_whatever_the_size(size: tuple[int, int], marks: object) -> None:
    picture = agenda_map(busy().db, ANN)
    for lines in (
        agenda.draw(picture, *size, LETTERS if marks is LETTERS else FULL).lines,
        weeks.draw(activity(busy().db), *size, LETTERS if marks is LETTERS else FULL),
    ):
        text = as_text(lines)
        assert len(text) == size[1]
        assert all(width(line) <= size[0] for line in text)
        if marks is LETTERS:
            assert "".join(text).isascii()


def test_labels_never_stand_upon_each_other_or_on_a_point() -> None:
    picture = agenda_map(busy(200).db, ANN)
    drawn = agenda.draw(picture, 120, 40)
    text = as_text(drawn.lines)
    for x, y in drawn.places.values():
        assert text[y][x] in "●◉!+23456789", (x, y, text[y])
    for line in text:
        for label in line.split("Issue ")[1:]:
            assert label.lstrip("0123456789").startswith((" about", "…", " ")), line


def test_the_selected_point_is_always_named() -> None:
    picture = agenda_map(busy(200).db, ANN)
    for point in picture.points:
        lines = agenda.draw(picture, 100, 30, here=point.key).lines
        assert any(role == "here" for parts in lines for _, role in parts)


def test_wide_signs_and_marks_keep_their_cells() -> None:
    canvas = Canvas(8, 1)
    canvas.put(0, 0, "会e\u0301x")
    canvas.put(7, 0, "会")
    (line,) = as_text(canvas.lines())
    assert line == "会e\u0301x"
    assert width("".join(text for text, _ in canvas.lines()[0])) == 8


def test_a_scale_ends_where_people_would_end_it() -> None:
    assert scale(9, 5).ticks() == [0, 2, 4, 6, 8, 10]
    assert scale(0, 5).ticks() == [0, 1]
    assert scale(1_000_000, 4).end == 1_000_000
    assert scale(3, 1).ticks() == [0, 5]


def said(sheet: Sheet, kind: str, subject: str, at: int) -> None:
    key = sheet.say(BEN, kind, subject, text="x")
    sheet._db.execute("UPDATE statement SET said = ? WHERE key = ?", (at, key))


def test_words_are_counted_by_the_week_and_not_by_the_person() -> None:
    sheet = Sheet()
    issue = sheet.record(ANN, "issue", 10, title="One")
    sheet._db.execute("UPDATE record SET created = ?", (NOW,))
    for number, at in enumerate((NOW, NOW, NOW - WEEK_MS, NOW - 3 * WEEK_MS)):
        said(sheet, "comment", f"{issue}/{number}", at)
    found = activity(sheet.db, NOW)
    assert found.counts["comments"][-4:] == (1, 0, 1, 2)
    assert found.counts["issues"][-1] == 1
    assert found.weeks == 12
    monday = found.first + (found.weeks - 1) * WEEK_MS
    assert 0 <= NOW - monday < WEEK_MS
    assert monday // 86_400_000 % 7 == 4  # the fourth day of 1970 was a Sunday, the fifth a Monday


def test_a_clock_that_goes_wrong_does_not_stretch_the_picture() -> None:
    sheet = Sheet()
    issue = sheet.record(ANN, "issue", 10, title="One")
    sheet._db.execute("UPDATE record SET created = ?", (NOW,))
    for number in range(60):
        said(sheet, "comment", f"{issue}/{number}", NOW - number % 5 * WEEK_MS)
    said(sheet, "comment", f"{issue}/x", 252_000_000_000_000)
    said(sheet, "comment", f"{issue}/y", 1_000_000_000)
    said(sheet, "comment", f"{issue}/z", 2**53)
    for found in (activity(sheet.db), activity(sheet.db, NOW)):
        assert found.weeks <= MOST_WEEKS
        assert sum(found.counts["comments"]) == 60
        assert found.outside == 2


def test_where_nothing_is_both_say_so() -> None:
    empty = Sheet()
    assert "No open issue" in "\n".join(as_text(agenda.draw(agenda_map(empty.db, ANN), 80, 20).lines))
    assert "Nothing was said" in "\n".join(as_text(weeks.draw(activity(empty.db), 80, 20)))
    for text in (svg.of_map(agenda_map(empty.db, ANN)), svg.of_activity(activity(empty.db))):
        ET.fromstring(text)


def test_what_people_wrote_is_text_in_an_svg_and_nothing_else() -> None:
    sheet = Sheet()
    key = sheet.record(ANN, "issue", 10, title=HOSTILE)
    sheet.say(ANN, "vote", key, dots=3)
    text = svg.of_map(agenda_map(sheet.db, ANN))
    tree = ET.fromstring(text)
    tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert tags <= {"svg", "title", "desc", "style", "text", "circle", "line", "rect"}
    assert "1 open issue with dots or hours. " in "".join(tree.itertext())
    assert "alert(1)" in "".join(tree.itertext())
    assert "\x1b" not in text
    assert "href" not in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_an_svg_says_what_it_shows_follows_light_and_dark_and_is_the_same_every_time() -> None:
    one, two = busy(), busy()
    for draw, read in ((svg.of_map, agenda_map),):
        assert draw(read(one.db, ANN)) == draw(read(two.db, BEN))
    for text in (svg.of_map(agenda_map(one.db, ANN)), svg.of_activity(activity(one.db))):
        tree = ET.fromstring(text)
        assert [child.tag.rpartition("}")[2] for child in tree][:2] == ["title", "desc"]
        assert tree.attrib["role"] == "img"
        assert "prefers-color-scheme: dark" in text
    assert svg.of_activity(Activity(0, {"issues": (1, 0)})) == svg.of_activity(
        Activity(0, {"issues": (1, 0)})
    )
