"""A lesson: what was learned, where it comes from, and where it was used since."""

from __future__ import annotations

from collections.abc import Iterator

from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import DIM, line, write
from moot_client.tui.looks.lightly import lightly
from moot_client.tui.looks.sheet import Block, Sheet
from moot_client.tui.sheets.common import (
    comment_blocks,
    name,
    prose_blocks,
    scalar_others,
    tags,
    unknown_fields,
)
from moot_client.views.issue import comments_on
from moot_client.views.lessons import LessonPage, lesson_page
from moot_client.views.people import People, people


def lesson_sheet(desk: Desk, key: str, others: bool) -> Sheet:
    """The page of one lesson; NotFound where there is none."""
    page = lesson_page(desk.db, desk.me, key)
    known = people(desk.db, desk.me)
    return Sheet(
        "lesson",
        line(page.lesson.title_line, "bold"),
        tags((page.row.state, "put away" if page.row.archived else ""), desk.signs.between),
        tuple(_blocks(desk, page, known, others)),
        tuple(comment_blocks(desk, comments_on(desk.db, known, key))),
    )


def _blocks(desk: Desk, page: LessonPage, known: People, others: bool) -> Iterator[Block]:
    lesson = page.lesson
    yield from scalar_others(lesson, ("statement",), known, shown=others)
    yield from prose_blocks("The story", lesson.story, known)
    if page.row.source:
        yield Block(
            "Comes from", line(page.row.source_title or "something"), target=page.row.source, gap=True
        )
    elif lesson.origin:
        yield Block("Comes from", line(lesson.origin), gap=True)
    yield from scalar_others(lesson, ("origin",), known, shown=others)
    yield from unknown_fields(lesson)
    label = "Used"
    for use in page.uses:
        head = line(use.where, "bold") + write((f"  {use.state}, ", DIM)) + name(use.member)
        words = write("\n") + lightly(use.how) if use.how else ""
        yield Block(label, head + write((f"  {desk.when(use.said)}", DIM)) + words, gap=True)
        label = ""
    if not page.uses:
        words = f"nowhere yet. {key_of('use')} says where you used it, and how it went."
        yield Block("Used", write((words, DIM)), gap=True)
    yield Block(
        "", write(("noted by ", DIM)) + name(page.creator) + write((f", id {page.row.id}", DIM)), gap=True
    )
