"""The agenda as a map, and words week by week: over the list, and back to it exactly as it was."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static
from typing_extensions import override

from moot_client.drawing import agenda, weeks
from moot_client.tui.arriving.behind import Behind
from moot_client.tui.commands.registry import bindings, key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import ACCENT, CARE, DIM, joined, line, spread, wrapped, write
from moot_client.tui.pictures.field import Field, Lines, marks_for
from moot_client.tui.screens.base import MootScreen
from moot_client.views.phrases import count
from moot_client.views.pictures import Activity, AgendaMap, Point, activity, agenda_map


class PictureScreen(MootScreen):
    """A picture, and a line about it. It ends with the key of what is to be opened, or None."""

    BINDINGS = bindings("back", "picture")
    called = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.field = Field(self.draw)
        self.about = Static("", id="about", markup=False)
        self.about.styles.height = 2  # always: a picture does not move while one goes from point to point

    @override
    def body(self) -> ComposeResult:
        yield self.field
        yield self.about

    def on_mount(self) -> None:
        """Read it behind the interface."""
        self.field.focus()
        self.read()

    def on_resize(self) -> None:
        """The head is as wide as the screen."""
        super().on_resize()
        self.call_after_refresh(lambda: self.top.crumb("back", write(self.called), write("")))
        self.tell()

    def tell(self) -> None:
        """Say under the picture what it shows."""

    def read(self) -> None:
        """Read what is drawn."""
        raise NotImplementedError

    def draw(self, wide: int, high: int) -> Lines:
        """The picture in so many cells."""
        raise NotImplementedError

    @override
    def rows_changed(self) -> None:
        super().rows_changed()
        self.read()

    def say(self, words: Content) -> None:
        """Up to two lines under the picture."""
        lines = wrapped(words, max(self.app.size.width - 4, 20))
        self.about.update(joined((write("  ") + line for line in lines), "\n"))

    def action_back(self) -> None:
        """Esc."""
        self.dismiss(None)

    def action_picture(self) -> None:
        """The key that opened it closes it."""
        self.dismiss(None)


class MapScreen(PictureScreen):
    """Dots against hours. Arrows go from point to point, Tab through all of them, Enter opens."""

    BINDINGS = bindings("down", "up", "left", "right", "next_link", "last_link", "open")
    called = "The agenda as a map"

    def __init__(self, desk: Desk, here: str) -> None:
        super().__init__(desk)
        self.here = here
        self.key_words = {"next_link": "next one"}
        self._found = AgendaMap((), 0)
        self._places: dict[str, tuple[int, int]] = {}
        self._reading = Behind(self, lambda: agenda_map(desk.db, desk.me), self._read)

    @override
    def read(self) -> None:
        self._reading.ask()

    def _read(self, found: AgendaMap) -> None:
        self._found = found
        self._select(self.here if self.point else found.points[0].key if found.points else "")

    @property
    def point(self) -> Point | None:
        """The selected one."""
        return next((point for point in self._found.points if point.key == self.here), None)

    @override
    def draw(self, wide: int, high: int) -> Lines:
        drawn = agenda.draw(self._found, wide, high, marks_for(self.desk.signs), self.here)
        self._places = drawn.places
        return drawn.lines

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("open", "next_link"):
            return True if self._found.points else None
        return super().check_action(action, parameters)

    def _select(self, key: str) -> None:
        self.here = key
        self.refresh_bindings()
        self.field.draw_again()
        self.tell()

    @override
    def tell(self) -> None:
        point, width = self.point, max(self.app.size.width - 4, 20)
        rest = self._found.neither
        apart = write((f"{count(rest, 'issue')} with neither" if rest else "", DIM))
        if point is None:
            begin = f"{key_of('vote')} on an issue of the agenda gives it dots, {key_of('pledge')} hours. "
            self.say(write((begin, DIM)) + apart)
            return
        given = f"{point.hours:g} h" if point.hours else "no hours yet !"
        left = write(
            (self.desk.signs.dot, ACCENT), f" {point.dots}  ", (given, CARE if point.care else ""), "   "
        )
        mine = write(("you ", DIM), (self.desk.signs.dots(point.mine), ACCENT)) if point.mine else write("")
        titled, beside = left + line(point.title), mine or apart
        if beside and titled.cell_length + beside.cell_length < width:
            self.say(spread(titled, beside, width))
            return
        first, *others = wrapped(titled, width)
        self.say(first + "\n" + spread(joined(others, " "), beside, width, self.desk.signs.more))

    # -- from point to point ------------------------------------------------------------------------

    def action_left(self) -> None:
        """To fewer hours."""
        self._towards(-1, 0)

    def action_right(self) -> None:
        """To more hours."""
        self._towards(1, 0)

    def action_up(self) -> None:
        """To more dots."""
        self._towards(0, -1)

    def action_down(self) -> None:
        """To fewer dots."""
        self._towards(0, 1)

    def _towards(self, right: int, down: int) -> None:
        """The nearest point that way; what is aside of it counts double (a cell is twice as high as wide)."""
        x, y = self._places.get(self.here, (0, 0))
        best: tuple[int, str] | None = None
        for key, (at_x, at_y) in self._places.items():  # what is drawn: more may have been read by now
            across, below = at_x - x, 2 * (at_y - y)
            ahead, aside = (across * right, abs(below)) if right else (below * down, abs(across))
            if ahead > 0 and (best is None or ahead + 2 * aside < best[0]):
                best = ahead + 2 * aside, key
        if best is not None:
            self._select(best[1])

    def action_next_link(self) -> None:
        """To the next point, also in the same cell."""
        self._step(1)

    def action_last_link(self) -> None:
        """To the one before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        keys = [point.key for point in self._found.points]
        if keys:
            self._select(keys[(keys.index(self.here) + by) % len(keys)] if self.here in keys else keys[0])

    @on(Field.Clicked)
    def _clicked(self, event: Field.Clicked) -> None:
        event.stop()
        near = min(
            self._places,
            key=lambda key: abs(self._places[key][0] - event.x) + abs(self._places[key][1] - event.y),
            default=None,
        )
        if near is not None and near == self.here:
            self.action_open()
        elif near is not None:
            self._select(near)

    def action_open(self) -> None:
        """Open the selected issue."""
        if self.point is not None:
            self.dismiss(self.here)


class ActivityScreen(PictureScreen):
    """Words week by week, of all together: no names, no ranks."""

    called = "What we said, week by week"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found = Activity(0, {})
        self._reading = Behind(self, lambda: activity(desk.db, desk.now()), self._read)

    @override
    def read(self) -> None:
        self._reading.ask()

    def _read(self, found: Activity) -> None:
        self._found = found
        self.field.draw_again()
        self.tell()

    @override
    def tell(self) -> None:
        counts, between = self._found.counts, f" {self.desk.signs.between} "
        said = between.join(f"{name} {sum(counts[name]):,}" for name in counts if any(counts[name]))
        words = f"All of us, {count(self._found.weeks, 'week')}: {said}" if said else ""
        self.say(write((words, DIM)))

    @override
    def draw(self, wide: int, high: int) -> Lines:
        return weeks.draw(self._found, wide, high, marks_for(self.desk.signs))
