"""The columns beside a list, or over it: the page of what is selected, and what was said about it."""

from __future__ import annotations

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import write
from moot_client.tui.looks.sheet import Block, Sheet
from moot_client.tui.looks.signs import Signs
from moot_client.tui.places.beside import head, nothing_said, nothing_to_read, whole_title
from moot_client.tui.places.place import Place
from moot_client.tui.sheets import sheet_for
from moot_client.tui.targets import can_show
from moot_client.tui.widgets.heading import Heading
from moot_client.tui.widgets.page import Page
from moot_shared.errors import NotFound


def read_sheet(desk: Desk, place: Place, target: str, *, others: bool) -> Sheet | None:
    """The page of a target; None where it has none. What is not here says so on its page."""
    try:
        return sheet_for(desk, target, others=others) if can_show(target) else place.sheet(desk, target)
    except NotFound as error:
        return Sheet("", write(""), blocks=(Block("", write(str(error))),))


class Columns:
    """Two columns of a place; how many of them are seen is said by the screen's width."""

    def __init__(self, signs: Signs) -> None:
        self.page = Page(signs, id="page")
        self.talk = Page(signs, id="talk")
        self._signs = signs
        self._title = Heading()

    def put_up(self, view: Widget) -> None:
        """Put them into a place that is on screen; they can be used at once."""
        reading, talking = Vertical(classes="reading"), Vertical(classes="talking")
        view.mount(reading, talking)
        reading.mount(self._title, self.page)
        talking.mount(Heading(), self.talk)

    def show(self, sheet: Sheet | None, target: str, place: Place, *, fresh: bool) -> None:
        """Show the page of a target; None where it has none. One that is not `fresh` does not move."""
        screen = self.page.screen
        blocks, talk = (sheet.blocks, sheet.talk) if sheet else (nothing_to_read(target), ())
        beside = place.talks and screen.has_class("-widest")
        if sheet and not talk and beside:
            talk = nothing_said()
        width = max(self._title.size.width - 1, 20)
        titled = head(sheet, width, self._signs) if sheet else Content("")
        self._title.say(titled)
        if sheet:  # on a narrow screen the title stands on the top line, behind the way back
            room = screen.size.width - len(place.name) - 7
            blocks = (*whole_title(sheet, titled if screen.has_class("-wide") else None, room), *blocks)
        self.page.show(blocks if beside else (*blocks, *talk), fresh=fresh)
        self.talk.show(talk if beside else (), fresh=fresh)
