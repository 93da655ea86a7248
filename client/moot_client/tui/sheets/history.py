"""What one event did, as a page: what came and what went, each with a sign and a word."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from textual.content import Content

from moot_client.history.history import Event, History, label
from moot_client.history.replay import ADDED, SAME, TAKEN_OUT, Written
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import ACCENT, DIM, STRONG, fit, line, text, write
from moot_client.tui.looks.sheet import Block
from moot_client.tui.sheets.common import name
from moot_client.views.people import Member
from moot_client.views.phrases import count, listed
from moot_client.views.times import MONTHS, moment
from moot_shared.kinds import RECORDS, STATEMENTS
from moot_shared.kinds.fields import Reference

LEAST_NAME = 14  # cells


def headline(event: Event, width: int = 0, more: str = "…") -> Content:
    """'Ines rewrote a paragraph of “How it is now”'; in `width` cells a long name gives way."""
    who, what = name(event.who), line(event.what)
    room = max(width - what.cell_length - 1, LEAST_NAME) if width else who.cell_length
    return fit(who, min(who.cell_length, room), more) + write(" ") + what


def at_the_same_time(event: Event) -> str:
    """'at the same time as Joon and you', or ''."""
    others = listed([_called(member) for member in event.beside])
    return f"at the same time as {others}" if others else ""


def _called(member: Member) -> str:
    return "you" if member.me else line(member.label).plain


def event_blocks(desk: Desk, found: History, event: Event, then: str) -> Iterator[Block]:
    """The page of one event; `then` says what r does about it."""
    yield Block("", headline(event))
    beside = f"{at_the_same_time(event)}: both are kept" if event.beside else ""
    when = [_date(desk, event.at), beside]
    yield Block("", write((f"  {desk.signs.between}  ".join(part for part in when if part), DIM)))
    kind = event.statement.split("/")[1] if event.statement else found.key.split("/", 1)[0]
    for written in event.written:
        yield from _prose(kind, written) if written.prose else _words(kind, written)
    if then:
        yield Block("", write((then, DIM)), gap=True)


def _date(desk: Desk, at: int) -> str:
    if not at:
        return "at an unknown time"
    then = moment(at, desk.zone)
    return f"{then.day} {MONTHS[then.month - 1]} {then.year}, {then:%H:%M}"


def _prose(kind: str, written: Written) -> Iterator[Block]:
    yield Block("", write((label(kind, written.field), STRONG)), gap=True)
    groups = [
        (sign, [words for _, words in group]) for sign, group in groupby(written.paragraphs, lambda p: p[0])
    ]
    for at, (sign, paragraphs) in enumerate(groups):
        if sign == SAME:
            yield from _as_before(paragraphs, first=at == 0, last=at == len(groups) - 1)
            continue
        for paragraph in paragraphs:
            yield Block(_SIGNS[sign], text(paragraph, _ROLES[sign]), barred=sign == ADDED)


def _as_before(paragraphs: list[str], *, first: bool, last: bool) -> Iterator[Block]:
    """What was not touched: the paragraphs next to what was, and how many there are besides."""
    near = ([] if first else paragraphs[:1]) + ([] if last else paragraphs[-1:])
    if len(paragraphs) <= 2:
        near = paragraphs
    hidden = len(paragraphs) - len(near)
    middle = [Block("", write((f"({count(hidden, 'paragraph')} as before)", DIM)))] if hidden else []
    shown = [Block("", text(paragraph, DIM)) for paragraph in near]
    if first:
        yield from (*middle, *shown)
    elif last:
        yield from (*shown, *middle)
    else:
        yield from (*shown[:1], *middle, *shown[1:])


def _words(kind: str, written: Written) -> Iterator[Block]:
    yield Block("", write((label(kind, written.field), STRONG)), gap=True)
    before, after = _shown(kind, written.field, written.before), _shown(kind, written.field, written.after)
    if before:
        yield Block("- before", text(before, _ROLES[TAKEN_OUT]))
    yield Block("+ after", text(after or "(nothing)", _ROLES[ADDED]), barred=True)


def _shown(kind: str, field: str, value: object) -> str:
    declared = (RECORDS.get(kind) or STATEMENTS.get(kind) or RECORDS["issue"]).fields.get(field)
    if isinstance(declared, Reference):
        return "another one" if value else ""
    return declared.show(declared.read(value)) if declared else str(value or "")


_SIGNS = {ADDED: "+ added", TAKEN_OUT: "- taken out"}
_ROLES = {ADDED: ACCENT, TAKEN_OUT: DIM}
