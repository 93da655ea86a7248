"""A review: alone until I have shared, then together, question by question, each note with its author."""

from __future__ import annotations

from collections.abc import Iterator

from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import ACCENT, DIM, STRONG, line, text, write
from moot_client.tui.looks.lightly import lightly
from moot_client.tui.looks.sheet import Block, Sheet
from moot_client.tui.sheets.common import (
    comment_blocks,
    linked,
    name,
    prose_blocks,
    scalar_others,
    tags,
    unknown_fields,
)
from moot_client.views.issue import comments_on
from moot_client.views.people import People, people
from moot_client.views.phrases import listed
from moot_client.views.reviews import QuestionPage, ReviewPage, review_page


def review_sheet(desk: Desk, key: str, others: bool) -> Sheet:
    """The page of one review; NotFound where there is none."""
    page = review_page(desk.db, desk.me, key)
    known = people(desk.db, desk.me)
    row = page.row
    state = row.ending or ("together" if row.mine_shared else "alone first")
    shared = f"{row.shared} of {page.members} have shared"
    return Sheet(
        "review",
        line(page.review.title_line, "bold"),
        tags((f"about {row.about}", state, shared, "put away" if row.archived else ""), desk.signs.between),
        tuple(_blocks(desk, page, known, others)),
        tuple(comment_blocks(desk, comments_on(desk.db, known, key))),
    )


def _blocks(desk: Desk, page: ReviewPage, known: People, others: bool) -> Iterator[Block]:
    review = page.review
    yield from scalar_others(review, ("title",), known, shown=others)
    if page.row.issue:
        yield Block(
            "Looks back at", line(page.row.issue_title or "an issue"), target=page.row.issue, gap=True
        )
    yield from scalar_others(review, ("about", "form", "ending", "skipped_because"), known, shown=others)
    yield from unknown_fields(review)
    if not page.alone:
        for question in page.questions:
            yield from _together(question)
    else:
        yield from _alone(page)
    yield from _ending(desk, page, known, others)
    yield Block(
        "", write(("begun by ", DIM)) + name(page.creator) + write((f", id {page.row.id}", DIM)), gap=True
    )


def _together(question: QuestionPage) -> Iterator[Block]:
    yield Block("", write((question.wording, STRONG)), gap=True)
    for answer in question.answers:
        yield Block("you" if answer.member.me else line(answer.member.label).plain, lightly(answer.text))
    if not question.answers:
        yield Block("", write(("nothing was said to this", DIM)))
    if question.drafted:
        yield Block("your draft", text(question.mine, DIM))


def _alone(page: ReviewPage) -> Iterator[Block]:
    """Before I share I see that others have written, and not what: so that everybody thinks first."""
    others = [line(member.label).plain for member in page.shared_by if not member.me]
    begun = any(question.drafted for question in page.questions)
    how = "goes on writing" if begun else "writes your part"
    what = f"{key_of('write')} {how}. Only you see it until you share it."
    yield Block("", write((what, ACCENT)), gap=True)
    if others:
        verb = "has" if len(others) == 1 else "have"
        yield Block(
            "", write((f"{listed(others)} {verb} shared; you read it when you have shared yours.", DIM))
        )
    for question in page.questions:
        asked = write((question.wording, STRONG))
        yield Block("", asked if question.mine else asked + write(("   not written yet", DIM)), gap=True)
        if question.mine:
            yield Block("your draft", text(question.mine))


def _ending(desk: Desk, page: ReviewPage, known: People, others: bool) -> Iterator[Block]:
    label = "Lessons"
    for key, statement, state in page.lessons:
        yield Block(
            label,
            write((f"{desk.signs.item} ", ACCENT)) + linked(statement, state),
            target=key,
            gap=bool(label),
        )
        label = ""
    yield from prose_blocks("Next steps", page.review.next_steps, known)
    if page.row.ending == "skipped":
        why = page.review.skipped_because
        yield Block(
            "Skipped", line(why) if why else write(("no reason given, and none is needed", DIM)), gap=True
        )
    elif not page.row.ending and page.row.mine_shared and not page.lessons:
        asks = (
            f"{key_of('lesson')} notes a lesson from it, {key_of('finish')} ends it: "
            "with lessons, with next steps, or skipped"
        )
        yield Block("", write((asks, DIM)), gap=True)
