"""The agenda: dots, hours, issue, and a few words; columns drop off from the right where it is narrow."""

from __future__ import annotations

from functools import partial

from textual.content import Content
from typing_extensions import override

from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import ACCENT, CARE, DIM, fit, line, spread, to_right, whole, write
from moot_client.tui.looks.signs import Signs
from moot_client.tui.places.place import Changes, Listing, Place
from moot_client.tui.widgets.items import Item
from moot_client.views.budget import purse
from moot_client.views.ledger import IssueRow, issue_rows
from moot_client.views.lines import changed_lines
from moot_client.views.phrases import count
from moot_client.views.ranking import agenda

MOST_DRAWN = 10
_NOTES_FROM, _WORDS_FROM = 58, 66  # cells; in less, a sign stands for what else is said in words
QUESTION = "question: "


class AgendaPlace(Place):
    """Issues and questions, ranked."""

    name = "agenda"
    new = "issue"
    talks = True

    @override
    def listing(self, desk: Desk, first: int | None = None) -> Listing:
        all_too = self.everything
        found = agenda(desk.db, desk.me, closed=all_too, archived=all_too, first=first)
        return Listing([_item(row) for row in found.rows], _hint(found.dots_left, found.not_counted))

    @override
    def changes(self, desk: Desk, since: int) -> Changes:
        keys = changed_lines(desk.db, "issue", since)
        rows, mine = issue_rows(desk.db, desk.me, keys), purse(desk.db, desk.me)
        here = {key: _item(row) for key, row in rows.items() if self.everything or _is_open(row)}
        return Changes({key: here.get(key) for key in keys}, _hint(mine.left, mine.not_counted))

    @override
    def line(self, desk: Desk, key: str) -> Item | None:
        row = issue_rows(desk.db, desk.me, [key]).get(key)
        return _item(row) if row is not None else None

    @override
    def head(self, width: int, signs: Signs) -> Content:
        bar, figures, hours = _columns(width)
        columns = write((f"{'dots':<{bar + figures + 1}}{'hours':>{hours}}  issue", DIM))
        return spread(columns, super().head(width, signs), width, signs.more)

    @override
    def empty(self) -> str:
        if self.everything:
            return f"There are no issues, not even old ones.\n\n{key_of('new')} lists one."
        return (
            "No issues are open. An issue is something worth the community's time.\n\n"
            f"{key_of('new')} lists the first one. {key_of('away')} shows what was closed or put away."
        )


def _is_open(row: IssueRow) -> bool:
    return not row.archived and row.status != "closed"


def _item(row: IssueRow) -> Item:
    words = f"{row.title} {row.kind} {row.level} {row.status}".casefold()
    return Item(row.key, partial(draw, row), row.key, words, row.touched)


def _hint(left: int, not_counted: int) -> Content:
    """How many dots are left, at the right end of the keys line."""
    if not_counted:
        return write((f"{count(not_counted, 'dot')} too many", CARE))
    return write((f"{count(left, 'dot')} left", ""))


def _columns(width: int) -> tuple[int, int, int]:
    """How wide the dots, their number and the hours are drawn."""
    return (MOST_DRAWN if width >= _WORDS_FROM else 5), 3, 6


def draw(row: IssueRow, width: int, signs: Signs) -> Content:
    """One issue in one line."""
    bar, figures, hours = _columns(width)
    if row.kind == "question" and not row.dots:
        dots = fit(write(("question"[: bar + figures], DIM)), bar + figures)
    else:
        drawn = signs.dots(min(row.dots, bar))
        figure = to_right(write(str(row.dots) if row.dots else ""), figures)
        dots = write(fit(write((drawn, ACCENT)), bar), figure)
    given = f"{row.hours:g} h" if row.hours else "-" if row.dots else ""
    left = (dots, " ", to_right(write(given), hours), "  ")
    room = width - (bar + figures + 1 + hours + 2)
    asked = row.kind == "question" and bool(row.dots)  # else the word stands in place of the dots
    title = line(row.title)
    if asked:
        title = write((QUESTION if width >= _NOTES_FROM else "? ", DIM), title)
    left_over = room - title.cell_length - 2
    brief = _brief(row, signs)
    states = _states(row, signs, width >= _WORDS_FROM) if width >= _NOTES_FROM else []
    found = [*states, *_figures(row)] if width >= _NOTES_FROM else brief
    notes = whole(found, left_over) or whole(brief, left_over) or whole((states or brief)[:1], room * 2 // 5)
    if not notes:
        return write(*left, fit(title, room, signs.more))
    return write(*left, fit(title, room - notes.cell_length - 2, signs.more), "  ", notes)


def _brief(row: IssueRow, signs: Signs) -> list[Content]:
    """What stands beside an issue where there is little room: that nobody would work on it, or my dots."""
    note = write(("!", CARE)) if row.nobody else write((signs.dots(row.my_dots), ACCENT))
    return [note] if note else []


def _states(row: IssueRow, signs: Signs, wordy: bool) -> list[Content]:
    """What one has to know of it: a title gives way to the first of them."""
    notes = []
    if row.nobody:
        notes.append(write(("no hours yet !" if wordy else "!", CARE)))
    if row.my_dots:
        notes.append(write(("you " if wordy else "", DIM), (signs.dots(row.my_dots), ACCENT)))
    if row.doubled or row.versions:
        notes.append(write("both kept"))
    if row.archived or row.status != "open":
        notes.append(write(("put away" if row.archived else row.status, DIM)))
    return notes


def _figures(row: IssueRow) -> list[Content]:
    """What stands beside a title that leaves room for it."""
    notes = []
    if row.kind == "question":
        told = count(row.comments, "answer") if row.comments else "no answer yet"
        notes.append(write((told, DIM)))
    elif row.comments:
        notes.append(write((count(row.comments, "comment"), DIM)))
    if row.level != "team":
        notes.append(line(row.level, DIM))
    return notes
