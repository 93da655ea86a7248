"""What a place is: a name, the lines of its list, and a few words around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import DIM, write
from moot_client.tui.looks.signs import Signs
from moot_client.tui.widgets.items import Item
from moot_shared.frozen import field, frozen
from moot_shared.text import shown_line

if TYPE_CHECKING:
    from moot_client.tui.looks.sheet import Sheet

WITHOUT_FROM = 64  # cells


@frozen
class Listing:
    """A place's list at one moment: its lines, and a few words for the keys line's right end."""

    items: Sequence[Item]
    hint: Content = field(default_factory=Content)


@frozen
class Changes:
    """What is otherwise in it than at an earlier moment: lines by id, None for those that are no more."""

    lines: Mapping[str, Item | None]
    hint: Content = field(default_factory=Content)


@frozen
class Spot:
    """Where one was in a page before following something."""

    target: str
    scroll: float
    opened: bool


class Place:
    """One of the places; `new` is the kind that `n` makes in it ('' for none)."""

    name = ""
    new = ""
    talks = False  # whether what is said about its things has a column of its own on a very wide screen
    still = True  # what others do never moves its lines
    key_words: dict[str, str] = {}
    away_words = ("Closed and put away things are shown too", "Only what is open")  # said by A
    all_too = "closed and put away too"  # stands above the list until A is pressed again

    def __init__(self) -> None:
        self.everything = False  # closed and archived things too
        self.high = 24  # lines of the screen

    def listing(self, desk: Desk, first: int | None = None) -> Listing:
        """The lines as they are now; where there are many, the `first` so many may be enough."""
        raise NotImplementedError

    def changes(self, desk: Desk, since: int) -> Changes | None:
        """What is otherwise since a position among the changes; None: the whole list is to be read."""
        return None

    def line(self, desk: Desk, key: str) -> Item | None:
        """One line of it."""
        return None

    def arrive(self, desk: Desk) -> None:
        """Somebody comes to it (again)."""

    async def leave(self, desk: Desk) -> None:
        """They go elsewhere, or Moot closes; MootError where that could not be kept."""

    def sheet(self, desk: Desk, target: str) -> Sheet | None:
        """What stands beside a line that has no page of its own, where there is room for it."""
        return None

    def open_group(self, name: str) -> None:
        """Show all of a group of which the list named the first few."""

    def head(self, width: int, signs: Signs) -> Content:
        """What the columns are called, and that more is shown than usual; drawn above the list."""
        if not self.everything:
            return Content("")
        without = f", {key_of('away')}: without" if width >= WITHOUT_FROM else ""
        return write((f"{self.all_too}{without}", DIM))

    def none_with(self, words: str) -> str:
        """What a list says that was narrowed to nothing."""
        return (
            f"No line here has ‘{shown_line(words)}’ in it.\n\n{key_of('back')} shows all of them again; "
            f"{key_of('search')} searches everything."
        )

    def empty(self) -> str:
        """What an empty list says: what belongs here, and which key begins."""
        return ""
