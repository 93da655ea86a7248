"""A group of Today that its line only counts: all that is in it, each to be opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.content import Content

from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.forms.drafts import named
from moot_client.tui.looks.ink import DIM, STRONG, line, write
from moot_client.tui.looks.lightly import BULLET
from moot_client.tui.looks.sheet import Block, Sheet
from moot_client.tui.targets import draft_target
from moot_client.views.merges import merges
from moot_client.views.news import news
from moot_client.views.people import people
from moot_client.views.phrases import count

SHOWN = 30  # things; Enter shows all of them, in the list


def news_sheet(desk: Desk, group: str, since: int) -> Sheet | None:
    """What others did since that position, of one sort; None where it is no news any more."""
    known = people(desk.db, desk.me)
    met = list(merges(desk.db, known, desk.me, since))
    found = news(desk.db, known, desk.me, since, met, SHOWN, frozenset())
    of_it = next((one for one in found if one.name == group), None)
    if of_it is None:
        return None
    lines = [read() for read in of_it.lines]
    rows = [(line(said.title or said.text), said.side, said.target) for said in lines]
    return _sheet(of_it.label, rows, of_it.total - len(rows))


def drafts_sheet(desk: Desk) -> Sheet:
    """What was begun and is only on this machine."""
    drafts = desk.rows.drafts()
    rows = [
        (named(desk, form, subject), desk.when(saved), draft_target(form, subject))
        for form, subject, saved in drafts[:SHOWN]
    ]
    return _sheet(count(len(drafts), "draft"), rows, len(drafts) - len(rows))


def _sheet(called: str, rows: Iterable[tuple[Content, str, str]], rest: int) -> Sheet:
    return Sheet("group", write((called, STRONG)), blocks=tuple(_blocks(rows, rest)))


def _blocks(rows: Iterable[tuple[Content, str, str]], rest: int) -> Iterator[Block]:
    for words, side, target in rows:
        about = write("  ") + line(side, DIM) if side else Content("")
        yield Block("", words + about, target=target, hang=f"{BULLET} ")
    more = f"There are {rest} more. " if rest else ""
    yield Block("", write((f"{more}{key_of('open')} shows all of them in the list.", DIM)), gap=True)
