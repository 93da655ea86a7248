"""Lessons: reviews still open, then what was learned, then what is over."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from textual.content import Content
from typing_extensions import override

from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import ACCENT, DIM, line, spread, whole, write
from moot_client.tui.looks.signs import Signs
from moot_client.tui.places.place import Changes, Listing, Place
from moot_client.tui.widgets.items import Item, blank, heading
from moot_client.views.lessons import LessonRow, lesson_rows, lessons
from moot_client.views.lines import changed_lines
from moot_client.views.phrases import count
from moot_client.views.reviews import ReviewRow, review_rows, reviews


class LessonsPlace(Place):
    """Reviews and lessons in one list."""

    name = "lessons"
    new = "review"
    talks = True
    all_too = "put away too"

    @override
    def listing(self, desk: Desk, first: int | None = None) -> Listing:
        looked = reviews(desk.db, desk.me, archived=self.everything, first=first)
        learned = lessons(desk.db, desk.me, archived=self.everything, first=first)
        items: list[Item] = []
        for words, rows in (
            ("Reviews, open", [_review(row) for row in looked if not row.ending]),
            ("Lessons, until they are applied", [_lesson(row) for row in learned if row.state != "applied"]),
            ("Lessons, applied", [_lesson(row) for row in learned if row.state == "applied"]),
            ("Reviews, ended", [_review(row) for row in looked if row.ending]),
        ):
            if rows:
                items += [*([blank(words)] if items else []), heading(words), *rows]
        return Listing(items)

    @override
    def changes(self, desk: Desk, since: int) -> Changes:
        db, me = desk.db, desk.me
        looked, learned = changed_lines(db, "review", since), changed_lines(db, "lesson", since)
        here = {
            **{r.key: _review(r) for r in review_rows(db, me, looked).values() if self._shows(r)},
            **{r.key: _lesson(r) for r in lesson_rows(db, me, learned).values() if self._shows(r)},
        }
        return Changes({key: here.get(key) for key in (*looked, *learned)})

    def _shows(self, row: ReviewRow | LessonRow) -> bool:
        return self.everything or not row.archived

    @override
    def line(self, desk: Desk, key: str) -> Item | None:
        reviewed = review_rows(desk.db, desk.me, [key]).get(key)
        if reviewed is not None:
            return _review(reviewed)
        learned = lesson_rows(desk.db, desk.me, [key]).get(key)
        return _lesson(learned) if learned is not None else None

    @override
    def empty(self) -> str:
        return (
            "No reviews and no lessons yet. A review looks back at something: each writes alone first.\n\n"
            f"{key_of('new')} begins a review. {key_of('lesson')} on an issue or a review notes a lesson."
        )


def _review(row: ReviewRow) -> Item:
    words = f"{row.title} review {row.about} {row.issue_title} {row.ending}".casefold()
    return Item(row.key, partial(_draw_review, row), row.key, words, row.touched)


def _lesson(row: LessonRow) -> Item:
    words = f"{row.statement} lesson {row.state} {row.source_title}".casefold()
    return Item(row.key, partial(_draw_lesson, row), row.key, words, row.touched)


def _draw_review(row: ReviewRow, width: int, signs: Signs) -> Content:
    notes = []
    if row.doubled or row.versions:
        notes.append(write("both kept"))
    if row.ending:
        notes.append(write((row.ending, DIM)))
    elif not row.mine_shared:
        notes.append(write(("you have begun" if row.draft else "not written by you yet", ACCENT)))
    shared = count(row.shared, "has", "have") if row.shared else "nobody has"
    notes.append(write((f"{shared} shared", DIM)))
    if row.archived:
        notes.append(write(("put away", DIM)))
    return _row(line(row.title), notes, width, signs)


def _draw_lesson(row: LessonRow, width: int, signs: Signs) -> Content:
    used = f", {count(row.uses, 'use')}" if row.uses else ""
    notes = [write((f"{row.state}{used}", DIM))]
    if row.doubled or row.versions:
        notes.insert(0, write("both kept"))
    if row.archived:
        notes.append(write(("put away", DIM)))
    return _row(write((f"{signs.item} ", ACCENT)) + line(row.statement), notes, width, signs)


def _row(title: Content, notes: Sequence[Content], width: int, signs: Signs) -> Content:
    least = max(width * 2 // 5, notes[0].cell_length)
    room = max(least, width - title.cell_length - 1) if width >= 50 else 0
    return spread(title, whole(notes, room), width, signs.more)
