"""Today: what changed while one was away, what waits for me, and drafts to go on with."""

from __future__ import annotations

from functools import partial

from textual.content import Content
from typing_extensions import override

from moot_client.tui.desk import Desk
from moot_client.tui.forms.drafts import named
from moot_client.tui.ink import DIM, fit, line, spread, write
from moot_client.tui.places import WORDS_CONFIRMED
from moot_client.tui.places.place import Listing, Place
from moot_client.tui.signs import Signs
from moot_client.tui.targets import draft_target
from moot_client.tui.times import greeting
from moot_client.tui.widgets.items import Item, blank, heading
from moot_client.views.agenda import agenda
from moot_client.views.standing import standing
from moot_client.views.today import LAST_LOOK, last_look, last_position, today

AWAY_MS = 30 * 60 * 1000
BETWEEN = " · "


class TodayPlace(Place):
    """Sentences; Enter opens what they are about."""

    name = "today"
    new = "issue"
    still = False  # sentences, not rows: they are simply true again
    key_words = {"new": "new issue"}

    def __init__(self) -> None:
        super().__init__()
        self._since: tuple[int, int] | None = None

    @override
    def listing(self, desk: Desk) -> Listing:
        position, since = self.since(desk)
        found = today(desk.db, desk.me, since_position=position, since=since)
        drafts = desk.rows.drafts()
        hello = greeting(desk.now(), desk.zone)
        items: list[Item] = []
        if found.changed:
            items.append(
                heading(f"{hello}. Since {desk.when(since)}:" if since else f"{hello}. What is here:")
            )
            items += [
                _line(f"changed {n}", words, row.target)
                for n, row in enumerate(found.changed)
                for words in in_lines(row.text)
            ]
        else:
            items.append(
                heading(f"{hello}. Nothing has changed since {desk.when(since)}." if since else f"{hello}.")
            )
        waiting = [_line(f"waiting {n}", row.text, row.target) for n, row in enumerate(found.waiting)]
        belongs = not standing(desk.db, desk.me).gone
        if belongs and not desk.rows.own(WORDS_CONFIRMED, False):
            words = "your recovery words: make sure that you have written them down"
            waiting.append(_line("words", words, "words/"))
        if belongs and not agenda(desk.db, desk.me, closed=True, archived=True).rows:
            waiting += _beginning(desk)
        if waiting:
            items += [blank("waiting"), heading("Waiting for you"), *waiting]
        if drafts:
            items += [blank("begun"), heading("Begun, and only on this machine")]
            items += [_draft(desk, *entry) for entry in drafts]
        return Listing(items)

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
        look, replica = (last_position(desk.db), desk.now()), desk.replica
        await desk.write(lambda: replica.set_own(LAST_LOOK, look))

    @override
    def arrive(self, desk: Desk) -> None:
        """Back after a while: what was seen before is no news any more."""
        kept = last_look(desk.db)
        if self._since is not None and 0 < kept[1] < desk.now() - AWAY_MS:
            self._since = kept

    @override
    def empty(self) -> str:
        return "Nothing waits for you."


def in_lines(counted: str, width: int = 62) -> list[str]:
    """'2 new issues · 4 votes · …' in as many lines as it needs."""
    lines: list[str] = []
    for part in counted.split(BETWEEN):
        if lines and len(lines[-1]) + len(BETWEEN) + len(part) <= width:
            lines[-1] += BETWEEN + part
        else:
            lines.append(part)
    return lines


def _line(id: str, words: str, target: str) -> Item:
    def draw(width: int, signs: Signs) -> Content:
        side = (
            write(("Enter shows it", DIM))
            if target and id.startswith("changed 0") and width > 70
            else Content("")
        )
        return spread(line(words), side, width, signs.more)

    return Item(f"{id} {words}", draw, target, words)


def _beginning(desk: Desk) -> list[Item]:
    """What to do in a community where nothing is yet."""
    begin = [_line("new", "list the first issue that matters to you", "new/issue")]
    if not standing(desk.db, desk.me).relay:
        words = "put the community on a relay: then you can invite the others"
        begin.append(_line("relay", words, "details/relay"))
    return begin


def _draft(desk: Desk, form: str, subject: str, saved: int) -> Item:
    words = named(desk, form, subject)
    return Item(
        draft_target(form, subject),
        partial(_draw_draft, words, desk.when(saved)),
        draft_target(form, subject),
        words.plain,
    )


def _draw_draft(words: Content, saved: str, width: int, signs: Signs) -> Content:
    return spread(words, fit(write((saved, DIM)), min(len(saved), width // 3), signs.more), width, signs.more)
