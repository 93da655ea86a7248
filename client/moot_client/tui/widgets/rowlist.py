"""A list that never moves under one's eyes.

It draws only the lines that are seen. What others change appears in place and is marked for a
moment; what is new waits until one goes to the top, or comes back to the list.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual
from typing_extensions import override

from moot_client.tui.commands import bindings
from moot_client.tui.ink import ACCENT, DIM, fit, write
from moot_client.tui.signs import FULL, Signs
from moot_client.tui.widgets.items import Item, merged

GUTTER = 3
MARKED_FOR_S = 4.0


class RowList(ScrollView, can_focus=True):
    """Lines with one selected; headings are stepped over."""

    DEFAULT_CSS = """
    RowList { overflow-x: hidden; height: 1fr; scrollbar-size-vertical: 1;
        & > .row--cursor { background: $boost; }
        &:focus > .row--cursor { background: $primary-muted; text-style: bold; }
        & > .row--gone { text-style: dim; }
    }
    """
    COMPONENT_CLASSES = {"row--cursor", "row--gone"}
    BINDINGS = bindings("down", "up", "top", "bottom", "page_down", "page_up", "open")

    class Moved(Message):
        """Another line is selected (or the same one has changed)."""

    class Opened(Message):
        """Enter on the selected line."""

    class Waiting(Message):
        """New lines wait above (or none any more)."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count

    def __init__(self, signs: Signs = FULL, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._signs = signs
        self._all: list[Item] = []
        self._latest: list[Item] = []
        self._rows: list[Item] = []
        self._gone: set[str] = set()
        self._marked: set[str] = set()
        self._cursor = 0
        self._filter = ""
        self.waiting = 0

    # -- what is in it ----------------------------------------------------------------------

    @property
    def selected(self) -> Item | None:
        """The line that the cursor is on."""
        row = self._rows[self._cursor] if self._cursor < len(self._rows) else None
        return None if row is None or row.heading else row

    @property
    def rows(self) -> Sequence[Item]:
        """The lines as they stand, filter applied."""
        return self._rows

    def show(self, items: Sequence[Item], *, adopt: bool, mine: bool = False) -> None:
        """Bring the list up to date. With `adopt` it takes the new order; else nothing moves.

        What I did myself (`mine`) is not marked.
        """
        before = {item.id: item.touched for item in self._all}
        self._latest = list(items)
        if adopt or not self._all:
            self._all, self._gone, waiting = list(items), set(), 0
        else:
            self._all, self._gone, waiting = merged(self._all, self._latest)
        if not mine and before:
            changed = {i.id for i in self._all if i.touched > before.get(i.id, i.touched)}
            self._mark(changed)
        self._refill()
        if waiting != self.waiting:
            self.waiting = waiting
            self.post_message(self.Waiting(waiting))

    def narrow(self, words: str) -> None:
        """Show only lines with all these words; '' shows all."""
        self._filter = words.casefold()
        self._refill()

    def select(self, id: str) -> bool:
        """Put the cursor on a line; False where it is not here."""
        for at, item in enumerate(self._rows):
            if item.id == id or (item.target and item.target == id):
                self._go(at)
                return True
        return False

    def _refill(self) -> None:
        here, offset = self.selected, self._cursor - self.scroll_offset.y
        words = self._filter.split()
        if words:
            self._rows = [i for i in self._all if not i.heading and _has(i.words.casefold(), words)]
        else:
            self._rows = list(self._all)
        self.virtual_size = Size(0, len(self._rows))
        at = next((n for n, i in enumerate(self._rows) if here and i.id == here.id), None)
        self._cursor = self._settle(min(self._cursor, len(self._rows) - 1) if at is None else at)
        if at is not None and at != offset + self.scroll_offset.y:
            self.scroll_to(y=max(at - offset, 0), animate=False)
        self._follow()
        self.refresh()
        self.post_message(self.Moved())

    def _mark(self, ids: set[str]) -> None:
        if ids:
            self._marked |= ids
            self.set_timer(MARKED_FOR_S, lambda: self._unmark(ids))

    def _unmark(self, ids: set[str]) -> None:
        self._marked -= ids
        self.refresh()

    # -- moving -----------------------------------------------------------------------------

    def _settle(self, at: int, step: int = 1) -> int:
        at = max(0, min(at, len(self._rows) - 1))
        for direction in (step, -step):
            row = at
            while 0 <= row < len(self._rows):
                if not self._rows[row].heading:
                    return row
                row += direction
        return at

    def _go(self, at: int, step: int = 1) -> None:
        if self._rows:
            self._cursor = self._settle(at, step)
            self._follow()
            self.refresh()
            self.post_message(self.Moved())

    def _follow(self) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if not height:
            return
        first = self._cursor if any(not row.heading for row in self._rows[: self._cursor]) else 0
        if first < top:
            self.scroll_to(y=first, animate=False)
        elif self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False)

    def on_resize(self) -> None:
        """Keep the selected line in sight."""
        self._follow()

    def action_down(self) -> None:
        """One line down."""
        self._go(self._cursor + 1)

    def action_up(self) -> None:
        """One line up."""
        self._go(self._cursor - 1, -1)

    @override
    def action_page_down(self) -> None:
        self._go(self._cursor + max(self.size.height - 1, 1), -1)

    @override
    def action_page_up(self) -> None:
        self._go(self._cursor - max(self.size.height - 1, 1))

    def action_top(self) -> None:
        """To the first line; what is new is taken in."""
        if self.waiting or self._gone:
            self.show(self._latest, adopt=True, mine=True)
        self._go(0)

    def action_bottom(self) -> None:
        """To the last line."""
        self._go(len(self._rows) - 1, -1)

    def action_open(self) -> None:
        """Open the selected line."""
        if self.selected:
            self.post_message(self.Opened())

    def on_click(self, event: Click) -> None:
        """A mouse is never needed, and may be used: once selects, twice opens."""
        at = self.scroll_offset.y + event.y
        if at < len(self._rows) and not self._rows[at].heading:
            self._go(at)
            if event.chain > 1:
                self.action_open()

    # -- drawing ----------------------------------------------------------------------------

    @override
    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        width = self.size.width
        if at >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        row = self._rows[at]
        here = at == self._cursor and not row.heading
        sign = self._signs.cursor if here else " "
        mark = self._signs.changed if row.id in self._marked else " "
        content = write(" ", (sign, ACCENT), (mark, ACCENT)) + row.draw(width - GUTTER - 1, self._signs)
        names = ["row--cursor"] if here else ["row--gone"] if row.id in self._gone else []
        if row.id in self._gone:
            content = Content.styled(content.plain, DIM)
        style = self.get_visual_style(*names)
        return Visual.to_strips(self, fit(content, width), width, 1, style)[0]


def _has(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)
