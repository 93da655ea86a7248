"""How a place's list follows what is written: it costs what changed, and nothing long is read on the
interface's own thread.

never shown --load--> what fills the screen is read at once --in a thread--> all of it
shown --load--> in a thread: the lines that changed, where they stand
shown --load, with the order--> in a thread: all of it, in its new order
"""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.widget import Widget

from moot_client.store.positions import last_position
from moot_client.tui.arriving.behind import Behind
from moot_client.tui.desk import Desk
from moot_client.tui.places.place import Changes, Listing, Place
from moot_client.tui.widgets.rowlist import RowList
from moot_shared.frozen import frozen


class Wanted:
    """How the next reading is to be shown: everything that was asked for until it begins."""

    def __init__(self, *, adopt: bool = False, mine: bool = False) -> None:
        self.adopt, self.mine = adopt, mine
        self.then: list[Callable[[], None]] = []

    def add(self, *, adopt: bool, mine: bool, then: Callable[[], None] | None) -> None:
        """One more has asked."""
        self.adopt, self.mine = self.adopt or adopt, self.mine or mine
        if then is not None:
            self.then.append(then)


@frozen
class Read:
    """What was read of a place, as of a position among the changes, and how it is to be shown."""

    found: Listing | Changes
    wanted: Wanted
    position: int = 0


class Following:
    """A place's lines in a list, kept true; `shown` hears of it, with the words for the keys line."""

    def __init__(
        self, view: Widget, desk: Desk, place: Place, rows: RowList, shown: Callable[[Content], None]
    ) -> None:
        self._view, self._desk, self._place = view, desk, place
        self._rows, self._shown = rows, shown
        self._wanted = self._under_way = Wanted()
        self._position: int | None = None  # as of which change the list is; None before anything was read
        self._reading = Behind(view, self._read, self._show, self._begin)

    def load(self, *, adopt: bool, mine: bool, then: Callable[[], None] | None = None) -> None:
        """Bring the list up to date, soon; with `adopt` it takes its new order. `then` runs after that."""
        moves = not self._place.still
        self._wanted.add(adopt=adopt or moves, mine=mine or moves, then=then)
        self._place.high = self._view.app.size.height
        if self._position is None:
            self._position = 0
            listing = self._place.listing(self._desk, first=self._place.high)
            self._show(Read(listing, Wanted(adopt=True, mine=True)))
        if self._position:
            self._reading.ask()
        else:
            self._view.call_after_refresh(self._reading.ask)  # the rest comes behind the first picture

    def came(self, key: str) -> bool:
        """Select what I have just made, also before the list is read again; False: its line is elsewhere."""
        if self._rows.select(key):
            return True
        line = self._place.line(self._desk, key)
        if line is None:
            return False
        self._rows.put_first(line)
        if not self._rows.select(key):
            self._rows.narrow("")  # or it is not in sight
            self._rows.select(key)
        return True

    def _begin(self) -> None:
        self._under_way, self._wanted = self._wanted, Wanted()

    def _read(self) -> Read:
        """In a thread: what has changed, or all of it where its order is asked for."""
        wanted, position = self._under_way, last_position(self._desk.db)
        found: Changes | Listing | None = None
        if self._position and not wanted.adopt:
            found = self._place.changes(self._desk, self._position)
        return Read(self._place.listing(self._desk) if found is None else found, wanted, position)

    def _show(self, read: Read) -> None:
        found, self._position = read.found, read.position
        if isinstance(found, Listing):
            self._rows.show(found.items, adopt=read.wanted.adopt, mine=read.wanted.mine)
        elif found.lines:
            self._rows.change(found.lines, mine=read.wanted.mine)
        self._shown(found.hint)
        for step in read.wanted.then:
            step()
