"""An issue, whole: how it is now, what it is about, who put what behind it, what was said."""

from __future__ import annotations

from collections.abc import Iterator

from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import ACCENT, CARE, DIM, joined, line, text, write
from moot_client.tui.looks.sheet import Block, Sheet
from moot_client.tui.sheets.common import (
    comment_blocks,
    kind_word,
    linked,
    name,
    prose_blocks,
    scalar_others,
    tags,
    unknown_fields,
)
from moot_client.views.agenda import IssuePage, issue_page
from moot_client.views.people import People, people

_INCOMING = {"causes": "caused by", "affects": "affected by", "part of": "has as a part"}


def issue_sheet(desk: Desk, key: str, others: bool) -> Sheet:
    """The page of one issue; NotFound where there is none."""
    page = issue_page(desk.db, desk.me, key)
    known = people(desk.db, desk.me)
    row = page.row
    words = (
        row.kind if row.kind == "question" else "",
        row.level,
        row.status,
        "put away" if row.archived else "",
    )
    return Sheet(
        "issue",
        line(page.issue.title_line, "bold"),
        tags(words, desk.signs.between),
        tuple(_blocks(desk, page, known, others)),
        tuple(comment_blocks(desk, page.comments)),
    )


def _blocks(desk: Desk, page: IssuePage, known: People, others: bool) -> Iterator[Block]:
    issue = page.issue
    yield from scalar_others(issue, ("title",), known, shown=others)
    yield from prose_blocks("How it is now", issue.now, known)
    yield from prose_blocks("What it is", issue.body, known)
    if not issue.now and not issue.body:
        yield Block("", write((f"Nothing is written yet. {key_of('edit')} adds to it.", DIM)), gap=True)
    yield from scalar_others(issue, ("level", "kind", "status"), known, shown=others)
    yield from unknown_fields(issue)
    yield from _behind_it(desk, page)
    yield from _around_it(page)
    yield Block(
        "", write(("listed by ", DIM)) + name(page.creator) + write((f", id {page.row.id}", DIM)), gap=True
    )


def _behind_it(desk: Desk, page: IssuePage) -> Iterator[Block]:
    signs, parts = desk.signs, []
    for vote in page.votes:
        dots = write(" ", (signs.dots(vote.counted), ACCENT))
        if vote.counted < vote.dots:
            dots += write((f" and {vote.dots - vote.counted} not counted", CARE))
        parts.append(name(vote.member) + dots)
    voted = write((f"{len(page.votes)} of {page.members} have voted", DIM))
    yield Block("Dots", joined([*parts, voted], "   "), gap=True)
    hours = [name(member) + f" {given:g} h" for member, given in page.pledges]
    if page.row.nobody:
        yield Block("Hours", write(("nobody has said yet that they would work on it", CARE)))
    elif hours:
        yield Block("Hours", joined(hours, "   "))
    label = "Why"
    for vote in page.votes:
        if vote.why:
            yield Block(label, name(vote.member) + ": " + text(vote.why))
            label = ""


def _around_it(page: IssuePage) -> Iterator[Block]:
    label = "Hangs together"
    for link in page.links:
        how = link.how if link.outgoing else _INCOMING.get(link.how, link.how)
        yield Block(label, write((f"{how}  ", DIM)) + line(link.title), target=link.other, gap=bool(label))
        label = ""
    label = "Met before?" if any(r.note == "met before" for r in page.related) else "Came of it"
    for related in page.related:
        note = related.note if related.note != "met before" else ""
        words = write((f"{kind_word(related.kind)}  ", DIM)) + linked(related.title, note)
        yield Block(label, words, target=related.key, gap=bool(label))
        label = ""
