"""A list that never moves under one's eyes.

It draws only the lines that are seen, each once for as long as it looks the same. What others change
appears in place and is marked for a moment; what is new waits until one goes to the top, or comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.strip import Strip
from typing_extensions import override

from moot_client.tui.commands.registry import bindings
from moot_client.tui.looks.ink import ACCENT, DIM, fit, write
from moot_client.tui.looks.signs import FULL, Signs
from moot_client.tui.widgets.items import Item
from moot_client.tui.widgets.lines import Lines
from moot_client.tui.widgets.scrolling import Scrolling

GUTTER = 3
MARKED_FOR_S = 4.0
KEPT = 500  # drawn lines that are kept to be shown again


class RowList(Scrolling, can_focus=True):
    """Lines with one selected; headings are stepped over."""

    DEFAULT_CSS = """
    RowList { overflow-x: hidden; height: 1fr; scrollbar-size-vertical: 1;
        & > .row--cursor { background: $boost; }
        & > .row--led { background: $primary-muted; text-style: bold; }
        & > .row--gone { text-style: dim; }
    }
    """
    COMPONENT_CLASSES = {"row--cursor", "row--led", "row--gone"}
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

    class Outdated(Message):
        """Somebody went to the top, and there is more to show than is here: the list is to be read anew."""

    def __init__(self, signs: Signs = FULL, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._signs = signs
        self._lines = Lines()
        self._marked: set[str] = set()
        self._cursor = 0
        self._waiting = 0
        self._to_top = False
        self.narrowed = ""
        """The words by which it is narrowed, as they were typed."""
        self._drawn: dict[tuple[object, ...], tuple[Item, Strip]] = {}

    # -- what is in it ----------------------------------------------------------------------

    @property
    def selected(self) -> Item | None:
        """The line that the cursor is on."""
        row = self.rows[self._cursor] if self._cursor < len(self.rows) else None
        return None if row is None or row.heading else row

    @property
    def rows(self) -> Sequence[Item]:
        """The lines as they stand, filter applied."""
        return self._lines.rows

    @property
    def holds_any(self) -> bool:
        """Whether there is any line, shown or not."""
        return self._lines.holds_any

    @property
    def waiting(self) -> int:
        """How many new lines wait above."""
        return self._lines.waiting

    def show(self, items: Iterable[Item], *, adopt: bool, mine: bool = False) -> None:
        """Bring the list up to date. With `adopt` it takes the new order; else nothing moves.

        What I did myself (`mine`) is not marked.
        """
        here = self._here()
        changed = self._lines.show(items, adopt=adopt)
        self._settled(here, set() if mine else changed)
        if adopt and self._to_top:
            self._to_top = False
            self._go(0)

    def change(self, lines: Mapping[str, Item | None], *, mine: bool = False) -> None:
        """Bring just these lines up to date, where they stand; None for what is no more."""
        here = self._here()
        shown = len(self.rows)
        changed = self._lines.change(lines)
        alone = lines if shown == len(self.rows) else None
        self._settled(here, set() if mine else changed, alone)

    def put_first(self, item: Item) -> None:
        """A line that I made myself stands on top until the list is read anew; it is selected."""
        self._lines.put_first(item)
        self._settled(None, set())
        self.select(item.id)

    def narrow(self, words: str) -> None:
        """Show only lines with all these words; '' shows all."""
        self.narrowed = words
        here = self._here()
        self._lines.narrow(words)
        self._settled(here, set())

    def select(self, id: str) -> bool:
        """Put the cursor on a line; False where it is not here."""
        at = self._lines.place(id)
        if at is None:
            at = next((n for n, item in enumerate(self.rows) if item.target and item.target == id), None)
        if at is not None:
            self._go(at)
        return at is not None

    def _here(self) -> tuple[str, int] | None:
        """What is selected, and how far down it is seen."""
        here = self.selected
        return (here.id, self._cursor - self.scroll_offset.y) if here else None

    def _settled(
        self, here: tuple[str, int] | None, changed: set[str], alone: Iterable[str] | None = None
    ) -> None:
        """Rows (these `alone`) are others now: the cursor stays on its line, and that where it is seen."""
        self.hold(len(self.rows))
        at = self._lines.place(here[0]) if here else None
        self._cursor = self._settle(min(self._cursor, len(self.rows) - 1) if at is None else at)
        if here is not None and at is not None and at != here[1] + self.scroll_offset.y:
            self.scroll_to(y=max(at - here[1], 0), animate=False)
        self._mark(changed)
        self._follow()
        if alone is None:
            self.refresh()
        else:
            self._redraw(alone)
        self.post_message(self.Moved())
        if self._waiting != self.waiting:
            self._waiting = self.waiting
            self.post_message(self.Waiting(self.waiting))

    def _redraw(self, ids: Iterable[str]) -> None:
        top = self.scroll_offset.y
        for at in [self._lines.place(each) for each in ids]:
            if at is not None and top <= at < top + self.size.height:
                self.refresh_lines(at, 1)

    def _mark(self, ids: set[str]) -> None:
        if ids:
            self._marked |= ids
            self.set_timer(MARKED_FOR_S, lambda: self._unmark(ids))

    def _unmark(self, ids: set[str]) -> None:
        self._marked -= ids
        self._redraw(ids)

    # -- moving -----------------------------------------------------------------------------

    def _settle(self, at: int, step: int = 1) -> int:
        at = max(0, min(at, len(self.rows) - 1))
        for direction in (step, -step):
            row = at
            while 0 <= row < len(self.rows):
                if not self.rows[row].heading:
                    return row
                row += direction
        return at

    def _go(self, at: int, step: int = 1) -> None:
        if self.rows:
            before, self._cursor = self._cursor, self._settle(at, step)
            for line in (before, self._cursor):  # all others look as they did
                self.refresh_lines(line, 1)
            self._follow()
            self.post_message(self.Moved())

    def _follow(self) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if not height:
            return
        first = self._cursor if self._cursor > self._lines.first else 0  # with the heading above it
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
        if self._lines.stale:
            self._to_top = True
            self.post_message(self.Outdated())
        self._go(0)

    def action_bottom(self) -> None:
        """To the last line."""
        self._go(len(self.rows) - 1, -1)

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return True if action != "open" or (self.selected and self.selected.target) else None

    def action_open(self) -> None:
        """Open the selected line."""
        if self.selected:
            self.post_message(self.Opened())

    def on_click(self, event: Click) -> None:
        """A mouse is never needed, and may be used: once selects, twice opens."""
        at = self.scroll_offset.y + event.y
        if at < len(self.rows) and not self.rows[at].heading:
            self._go(at)
            if event.chain > 1:
                self.action_open()

    # -- drawing ----------------------------------------------------------------------------

    @override
    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        width = self.size.width
        if at >= len(self.rows):
            return self.blank
        row = self.rows[at]
        here = at == self._cursor and not row.heading
        marked, gone = row.id in self._marked, row.id in self._lines.gone
        style = self.get_visual_style(*self._role(here, gone))
        looks = (id(row), width, here, marked, gone, style, self.app.theme)
        kept = self._drawn.get(looks)
        if kept is not None and kept[0] is row:
            return kept[1]
        strip = self.drawn(self._draw(row, width, here, marked, gone), style)
        if len(self._drawn) >= KEPT:
            self._drawn.clear()
        self._drawn[looks] = (row, strip)
        return strip

    def _role(self, here: bool, gone: bool) -> list[str]:
        if here:
            return ["row--led" if self.has_focus else "row--cursor"]
        return ["row--gone"] if gone else []

    @override
    def focus_changed(self) -> None:
        self.refresh_lines(self._cursor, 1)

    def _draw(self, row: Item, width: int, here: bool, marked: bool, gone: bool) -> Content:
        sign = self._signs.cursor if here else " "
        mark = self._signs.changed if marked else " "
        content = write(" ", (sign, ACCENT), (mark, ACCENT)) + row.draw(width - GUTTER - 1, self._signs)
        return fit(Content.styled(content.plain, DIM) if gone else content, width)
