"""A place on screen: its list, the page of what is selected, and the way back.

Below 110 columns Enter opens the page over the list; from there on both stand side by side, and
from 180 on what was said about it has a column of its own. Following something in a page leaves a
trail: Esc goes back along it to exactly where one was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from typing_extensions import override

from moot_client.tui.arriving.behind import Behind
from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import ACCENT, fit, write
from moot_client.tui.places.following import Following
from moot_client.tui.places.place import Place, Spot
from moot_client.tui.targets import can_show, kind_of
from moot_client.tui.widgets.heading import Heading
from moot_client.tui.widgets.rowlist import GUTTER, RowList
from moot_client.views.phrases import spelled

if TYPE_CHECKING:
    from moot_client.tui.looks.sheet import Sheet
    from moot_client.tui.places.columns import Columns
    from moot_client.tui.widgets.page import Page

REST_S = 0.04
"""How long one rests on a line before its page is read: a key that is held down repeats sooner."""


class PlaceView(Horizontal):
    """One place. It says `Changed` when something else is selected, and `Asked` for what is no page."""

    class Changed(Message):
        """Another thing is selected, open or shown."""

    class Asked(Message):
        """Enter on something that is not a page: a draft, the recovery words."""

        def __init__(self, target: str) -> None:
            super().__init__()
            self.target = target

    def __init__(self, desk: Desk, place: Place) -> None:
        super().__init__(id=f"place-{place.name}", classes="-talks" if place.talks else "")
        self.desk, self.place = desk, place
        self.list = RowList(desk.signs)
        self.opened = False
        self.arrived = False  # its lines, or that there are none, are on screen
        self.sheet: Sheet | None = None
        self.hint = Content("")
        self.others = False
        self._head = Heading()
        self._nothing: Static | None = None
        self._columns: Columns | None = None
        self._trail: list[Spot] = []
        self._beside = Behind(self, self._read_sheet, self._show_sheet, rest=REST_S)
        self._target = ""
        self._fresh = True
        self._following = Following(self, desk, place, self.list, self._loaded)

    @override
    def compose(self) -> ComposeResult:
        with Vertical(classes="list"):
            yield self._head
            yield self.list

    @property
    def columns(self) -> Columns:
        """What stands beside the list, or over it: put up when it is first asked for."""
        if self._columns is None:
            from moot_client.tui.places.columns import Columns

            self._columns = Columns(self.desk.signs)
            self._columns.put_up(self)
        return self._columns

    def make_room(self) -> None:
        """Put up what stands beside the list, where the screen is wide enough for both."""
        if self.wide:
            _ = self.columns

    @property
    def page(self) -> Page:
        """The page of what is selected."""
        return self.columns.page

    @property
    def talk(self) -> Page:
        """What was said about it, in a column of its own."""
        return self.columns.talk

    # -- what is selected -------------------------------------------------------------------

    @property
    def target(self) -> str:
        """What commands are about: the page's record, or the selected line's."""
        if self._trail or self.opened:
            return self._target
        item = self.list.selected
        return item.target if item else ""

    @property
    def narrowed(self) -> str:
        """The words by which the list is narrowed."""
        return self.list.narrowed

    @property
    def wide(self) -> bool:
        """Whether the page stands beside the list."""
        return self.is_attached and self.screen.has_class("-wide")  # a place may yet have to be put up

    @property
    def deep(self) -> bool:
        """Whether there is a way back from here with Esc."""
        return bool(self._trail) or self.opened or (self.wide and not self.list.has_focus)

    # -- keeping up --------------------------------------------------------------------------

    def load(self, *, adopt: bool, mine: bool = False, then: Callable[[], None] | None = None) -> None:
        """Bring list and page up to date, soon; with `adopt` the list takes its new order."""
        if self.is_attached:
            self.make_room()
            self._following.load(adopt=adopt, mine=mine, then=then)

    def came(self, key: str) -> None:
        """Stand where what I have just made is: on its line, or in its page over the one I was reading."""
        if self._following.came(key) and (self._trail or self.opened) and key != self._target:
            self.go(key)

    @on(RowList.Outdated)
    def _outdated(self, event: RowList.Outdated) -> None:
        event.stop()
        self.load(adopt=True, mine=True)

    def _loaded(self, hint: Content) -> None:
        self.arrived, self.hint = True, hint
        self._say_if_nothing()
        self._draw_head()
        self._read()

    def _say_if_nothing(self) -> None:
        """Where there is no line, what to do about that; a list that was narrowed to nothing is not empty."""
        none, words = not self.list.rows, self.narrowed.strip()
        if none and words and self.list.holds_any:
            self._say_instead(self.place.none_with(words))
        elif none:
            self._say_instead(self.place.empty())
        self.set_class(none, "-empty")

    def _say_instead(self, words: str) -> None:
        if self._nothing is None:
            self._nothing = Static(words, classes="nothing", markup=False)
            self.query_one(".list").mount(self._nothing)
        else:
            self._nothing.update(words)

    def _draw_head(self) -> None:
        width = max(self.list.size.width or self.size.width, 20)
        if waiting := self.list.waiting:
            new = f"{spelled(waiting)} new, {key_of('top')} brings {'it' if waiting == 1 else 'them'} in"
            self._head.say(write(" " * GUTTER, (new, ACCENT)))
        else:
            head = self.place.head(width - GUTTER - 1, self.desk.signs)
            self._head.say(fit(write(" " * GUTTER) + head, width))

    def on_resize(self) -> None:
        """Columns may come and go."""
        self.call_after_refresh(self._draw_head)

    @on(RowList.Waiting)
    def _waiting(self, event: RowList.Waiting) -> None:
        event.stop()
        self._draw_head()

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._say_if_nothing()
        if not self._trail:
            self._read()

    def _read(self) -> None:
        """Read the page of what is selected again; a page that is only refreshed does not move."""
        if not self.is_attached:
            return  # the screen is closing
        target = self.target
        if target != self._target:
            self._target, self._fresh, self.others = target, True, False
        if self.opened or self.wide:
            self._show_soon()
        self.post_message(self.Changed())

    def look_again(self) -> None:
        """What stands beside the page's title has changed: who is writing there."""
        if self.opened or self.wide:
            self._read()

    def _show_soon(self) -> None:
        """At once where one is in the page; beside the list in a thread, and of several only the last."""
        if self.opened:
            self._show()
        else:
            self._beside.ask()

    def _show(self) -> None:
        self._show_sheet(self._read_sheet())

    def _read_sheet(self) -> tuple[str, Sheet | None]:
        """The page of what is selected: here, or in a thread where it stands beside the list."""
        from moot_client.tui.places.columns import read_sheet

        target = self._target
        return target, read_sheet(self.desk, self.place, target, others=self.others)

    def _show_sheet(self, read: tuple[str, Sheet | None]) -> None:
        target, sheet = read
        if target != self._target:
            return  # something else is selected by now, and its page is on the way
        self.sheet = sheet
        self.columns.show(sheet, target, self.place, fresh=self._fresh)
        self._fresh = False

    # -- moving -------------------------------------------------------------------------------

    def enter(self) -> None:
        """Put the focus where it belongs."""
        self.screen.set_focus(self.page if self.opened else self.list)

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        event.stop()
        if can_show(self.target) and kind_of(self.target) != "draft":
            self.open()
        elif self.target:
            self.post_message(self.Asked(self.target))

    def open(self) -> None:
        """Read what is selected: over the list, or beside it."""
        self._read()
        self.opened = True
        self.add_class("-open")
        self._show()
        self.screen.set_focus(self.page)

    def on_page_followed(self, event: Page.Followed) -> None:
        """Enter on something in the page."""
        event.stop()
        if not can_show(event.target):
            self.post_message(self.Asked(event.target))
            return
        self.go(event.target)

    def go(self, target: str) -> None:
        """Open something else over what is being read; Esc comes back."""
        self._trail.append(Spot(self._target, self.page.scroll_offset.y, self.opened))
        self.opened, self._target, self._fresh, self.others = True, target, True, False
        self.add_class("-open")
        self._show()
        self.screen.set_focus(self.page)
        self.post_message(self.Changed())

    def on_descendant_focus(self) -> None:
        """The list has the focus again (by Tab, or by a click): it leads."""
        if self.wide and self.list.has_focus and (self.opened or self._trail):
            self._trail.clear()
            self.back()

    def back(self) -> None:
        """One step back: along the trail, then from the page to the list."""
        spot = self._trail.pop() if self._trail else None
        self._fresh, self.others = spot is not None, False
        self.opened = spot is not None and spot.opened
        self.set_class(self.opened, "-open")
        if spot is not None:
            self._target = spot.target
        if self.opened and spot is not None:
            self._show()
            self.page.call_after_refresh(self.page.scroll_to, y=spot.scroll, animate=False)
            self.post_message(self.Changed())
            return
        self.screen.set_focus(self.list)
        self._read()

    def show_others(self) -> None:
        """Show other versions in the page, or put them away again."""
        self.others = not self.others
        if not self.opened and not self.wide:
            self.open()
        self._show()
