"""Today: what changed while one was away, what waits for me, and drafts to go on with."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content
from typing_extensions import override

from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.forms.drafts import named
from moot_client.tui.looks.ink import DIM, fit, line, spread, write
from moot_client.tui.looks.signs import Signs
from moot_client.tui.places.place import Listing, Place
from moot_client.tui.targets import draft_target
from moot_client.tui.widgets.items import Item, blank, heading
from moot_client.views.begun import on_this_machine
from moot_client.views.fitting import ROOM
from moot_client.views.phrases import TodayLine
from moot_client.views.times import greeting
from moot_client.views.today import last_look, looked, today

if TYPE_CHECKING:
    from moot_client.tui.looks.sheet import Sheet

AWAY_MS = 30 * 60 * 1000
MORE, BEGUN = "more", "begun"  # a line that stands for the rest of a group; the group of drafts
MOST_BEGUN = 5
FRAME = 5  # lines of a screen that are no list's
IN_COLUMNS, LABEL, LEAST_TITLE = 56, 18, 6  # cells
QUIET = "Nothing waits for you. What is on your mind? {} lists it as an issue."


class TodayPlace(Place):
    """Sentences; Enter opens what they are about."""

    name = "today"
    new = "issue"
    still = False  # sentences, not rows: they are simply true again
    key_words = {"new": "new issue"}

    def __init__(self) -> None:
        super().__init__()
        self._since: tuple[int, int] | None = None
        self._opened: frozenset[str] = frozenset()

    @override
    def listing(self, desk: Desk, first: int | None = None) -> Listing:
        position, since = self.since(desk)
        room = None if first is None else first - FRAME
        found = today(
            desk.db,
            desk.me,
            since_position=position,
            since=since,
            room=max(ROOM, (self.high - FRAME) // 2),
            opened=self._opened,
            first=room,
        )
        waiting = [_sentence(line) for line in found.waiting]
        begun: list[Item] = []
        if room is None or len(found.changed) + len(waiting) < room:
            waiting += _waiting(desk)
            begun = self._begun(desk)
        items: list[Item] = [heading(_hello(desk, since, bool(found.changed)))]
        items += [_news(line) for line in found.changed]
        if waiting:
            items += [blank("waiting"), heading("Waiting for you"), *waiting]
        if begun:
            items += [blank("begun"), heading("Begun, and only on this machine"), *begun]
        if not (found.changed or waiting or begun):
            items += [blank("quiet"), heading(QUIET.format(key_of("new")))]
        return Listing(items)

    def _begun(self, desk: Desk) -> list[Item]:
        drafts = desk.rows.drafts()
        most = len(drafts) if BEGUN in self._opened or len(drafts) == MOST_BEGUN + 1 else MOST_BEGUN
        rest = TodayLine(f"and {len(drafts) - most} more", more=BEGUN)
        return [_draft(desk, *entry) for entry in drafts[:most]] + (
            [_sentence(rest)] if len(drafts) > most else []
        )

    def open_group(self, name: str) -> None:
        """From now on a group is shown whole."""
        self._opened |= {name}

    @override
    def sheet(self, desk: Desk, target: str) -> Sheet | None:
        from moot_client.tui.sheets.group import drafts_sheet, news_sheet

        kind, _, name = target.partition("/")
        if kind != MORE:
            return None
        return drafts_sheet(desk) if name == BEGUN else news_sheet(desk, name, self.since(desk)[0])

    def since(self, desk: Desk) -> tuple[int, int]:
        """The last look: a position among the changes, and when that was."""
        if self._since is None:
            self._since = last_look(desk.db)
        return self._since

    @override
    async def leave(self, desk: Desk) -> None:
        """Remember this look."""
        if not desk.is_whole:
            return  # a glance is no look
        replica, now = desk.replica, desk.now()

        def remember() -> None:
            with suppress(sqlite3.Error):  # it only means that today's news is told once more
                for name, value in looked(replica.reader(), replica.me, now).items():
                    replica.set_own(name, value)

        await desk.write(remember)

    @override
    def arrive(self, desk: Desk) -> None:
        """Back after a while: what was seen before is no news any more."""
        self._opened = frozenset()
        kept = last_look(desk.db)
        if self._since is not None and 0 < kept[1] < desk.now() - AWAY_MS:
            self._since = kept

    @override
    def empty(self) -> str:
        agenda, people = key_of("place('agenda')"), key_of("place('people')")
        return f"Nothing waits for you.\n\n{agenda} goes to the agenda, {people} to the people."


def _hello(desk: Desk, since: int, changed: bool) -> str:
    hello = greeting(desk.now(), desk.zone)
    if changed:
        return f"{hello}. Since {desk.when(since)}:" if since else f"{hello}. What is here:"
    return f"{hello}. It has been quiet since {desk.when(since)}." if since else f"{hello}."


def _news(said: TodayLine) -> Item:
    """What it is, how it is called, and who or how many: in columns where there is room for them."""

    def draw(width: int, signs: Signs) -> Content:
        side = line(said.side, DIM)
        if said.named:
            left = shortened(said.title, said.named, width - side.cell_length - bool(side), signs.more)
        elif said.label or said.title != said.text:
            if width >= IN_COLUMNS:
                left = fit(write((said.label, DIM)), LABEL - 1, signs.more) + " " + line(said.title)
            else:
                left = write((f"{said.label}: " if said.label else "  ", DIM)) + line(said.title)
        else:
            left = line(said.text)
        side = fit(side, min(side.cell_length, width // 3), signs.more)
        return spread(left, side, width, signs.more)

    return Item(f"changed {said.more} {said.text}", draw, _target(said), said.text)


def shortened(words: str, title: str, width: int, more: str) -> Content:
    """A sentence in so many cells: the title in it gives way, never the end, which says what has happened."""
    whole, named = line(words), line(title)
    room = named.cell_length - (whole.cell_length - width) - len(more)
    if whole.cell_length <= width or not title or room < LEAST_TITLE:
        return whole
    cut = named.truncate(room).plain.rstrip() + more
    quoted = f"‘{title}’" in words  # a title; names stand without
    return line(words.replace(f"‘{title}’", f"‘{cut}’", 1) if quoted else words.replace(title, cut, 1))


def _target(said: TodayLine) -> str:
    return f"{MORE}/{said.more}" if said.more else said.target


def _sentence(said: TodayLine) -> Item:
    def draw(width: int, signs: Signs) -> Content:
        return fit(shortened(said.text, said.named, width, signs.more), width, signs.more)

    return Item(f"said {said.text}", draw, _target(said), said.text)


def _waiting(desk: Desk) -> list[Item]:
    """What waits on this machine: the recovery words, a beginning."""
    return [_sentence(found) for found in on_this_machine(desk.db, desk.me)]


def _draft(desk: Desk, form: str, subject: str, saved: int) -> Item:
    words = named(desk, form, subject)
    return Item(
        draft_target(form, subject),
        partial(_draw_draft, words, desk.when(saved)),
        draft_target(form, subject),
        words.plain.casefold(),
    )


def _draw_draft(words: Content, saved: str, width: int, signs: Signs) -> Content:
    return spread(words, fit(write((saved, DIM)), min(len(saved), width // 3), signs.more), width, signs.more)
