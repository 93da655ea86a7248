"""A tour of a minute, on the real screen: a few steps, each of which is over once one has done what it says.

    begun --Enter, or doing it--> the next step … --Enter--> over
    any step --Esc, or writing something else--> over

It is two or three lines above the bottom ones, and takes no key but these two; it is shown once on a
machine, after founding or joining, and whenever somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from textual.screen import Screen
from textual.timer import Timer

from moot_client.tui.commands.registry import key_of
from moot_client.tui.screens.main import MainScreen
from moot_client.tui.widgets.bars import bar_of
from moot_client.tui.widgets.bottom import typing_in
from moot_client.tui.widgets.tourpanel import TourPanel

LOOK_S = 0.2
LEAST_HEIGHT = 16
AT_WORK = {"FormScreen", "WritingScreen", "CommentBox"}
"""Whoever wrote something that no step asked for wants no tour: Enter is theirs again."""


@dataclass
class Seen:
    """What has been on screen since a step began."""

    place: str  # where it began
    screens: set[str] = field(default_factory=set)  # names of screens and bars that were open


@dataclass(frozen=True, slots=True)
class Step:
    """A few words, what they point at, and when it is done. `enter` is whether Enter is part of doing it."""

    words: Callable[[MainScreen], str]
    done: Callable[[MainScreen, Seen], bool]
    points: str = ""
    enter: bool = False
    fits: Callable[[MainScreen], bool] = lambda main: True
    place: str = ""  # where what comes next is; going on without doing it leads there, too


def _place(name: str) -> str:
    return key_of(f"place('{name}')")


def _some(main: MainScreen) -> bool:
    """Whether the list has something to open."""
    return main.view.list.selected is not None


STEPS = (
    Step(
        lambda main: "A look around, in a minute? Everything here is done with keys; nothing can be broken.",
        lambda main, seen: main.here != seen.place or bool(seen.screens),
    ),
    Step(
        lambda main: (
            f"On top are the places. {_place('today')} is Today: what is new, and what waits for you. "
            f"{_place('agenda')} goes to the Agenda."
        ),
        lambda main, seen: main.here == "agenda" and "elsewhere" in seen.screens,
        "TopLine",
        place="agenda",
    ),
    Step(
        lambda main: (
            "Here stand issues, by the dots they were given. Up and down choose one, "
            f"{key_of('open')} opens it."
        ),
        lambda main, seen: main.view.opened or (main.view.wide and not main.view.list.has_focus),
        "RowList",
        enter=True,
        fits=_some,
    ),
    Step(
        lambda main: (
            f"Nothing is here yet. {key_of('new')} makes the first one: a few words will do, "
            f"{key_of('finish_typing')} keeps them. It can be taken back."
        ),
        lambda main, seen: _some(main) or "FormScreen" in seen.screens,
        fits=lambda main: not _some(main),
    ),
    Step(
        lambda main: (
            f"{key_of('vote')} gives an issue some of your dots: a figure, then {key_of('keep_dots')}. "
            f"Try it; {key_of('undo')} takes it back."
        ),
        lambda main, seen: "VoteBar" in seen.screens,
        fits=lambda main: main.target.startswith("issue/"),
    ),
    Step(
        lambda main: (
            "Down here: what is safe where, and the keys that work now. "
            f"{key_of('help')} explains all that work where you are."
        ),
        lambda main, seen: "HelpScreen" in seen.screens,
        "KeysLine",
    ),
    Step(
        lambda main: (
            f"{key_of('palette')} finds every command and everything that was written, by a few letters. "
            f"What you type is kept as you type it; {key_of('stop_typing')} never loses a word."
        ),
        lambda main, seen: "CommandPalette" in seen.screens,
    ),
    Step(
        lambda main: f"That is all. The tour is in {key_of('palette')} as ‘tour’, whenever you like.",
        lambda main, seen: False,
    ),
)


class Tour:
    """One tour on one screen. `over` is called when it ends, by Esc or at its end."""

    def __init__(self, main: MainScreen, over: Callable[[], None]) -> None:
        self.main, self._over = main, over
        self._steps = list(STEPS)
        self._at = -1
        self._seen = Seen("")
        self._panel = TourPanel(main.desk.signs)
        self._pointed: Any = None
        self._timer: Timer | None = None

    def begin(self) -> None:
        """Show the first step."""
        self.main.query_one("#bottom").mount(self._panel, before=0)
        self._timer = self.main.app.set_interval(LOOK_S, self.look)
        self.go_on()

    @property
    def step(self) -> Step:
        """Where it stands."""
        return self._steps[self._at]

    def takes(self, action: str) -> bool:
        """Whether Enter or Esc are the tour's just now: not while one types, nor on another screen."""
        free = self.main.app.screen is self.main and bar_of(self.main.focused) is None
        free = free and not typing_in(self.main) and self._panel.display
        return free and (action == "tour_end" or not self.step.enter)

    def look(self) -> None:
        """Has it been done? Then on to the next."""
        if not self.main.is_attached or not self.main.app.screen_stack:
            self.end()  # Moot is closing
            return
        screen = self.main.app.screen
        bar = bar_of(self.main.focused)
        busy = screen is not self.main or bar is not None
        if busy:
            self._seen.screens.add(_name(screen) if screen is not self.main else type(bar).__name__)
        self._panel.display = self.main.app.size.height >= LEAST_HEIGHT
        self._panel.stand_back(bar is not None)
        if self.main.here != self._seen.place:
            self._seen.screens.add("elsewhere")
        if busy or not self.main.view.arrived:
            return
        if self.step.done(self.main, self._seen):
            self.go_on()
        elif self._seen.screens & AT_WORK:
            self.end()

    async def next(self) -> None:
        """On, without having done it."""
        if self.step.place and self.main.here != self.step.place:
            await self.main.action_place(self.step.place)
        self.go_on()

    def go_on(self) -> None:
        """The next step that makes sense here; after the last one it is over."""
        self._at += 1
        while self._at < len(self._steps) and not self.step.fits(self.main):
            self._at += 1
        if self._at >= len(self._steps):
            self.end()
            return
        self._seen = Seen(self.main.here)
        self._point(self.step.points)
        ahead = sum(1 for step in self._steps[self._at + 1 :] if step.fits(self.main))
        self._panel.tell(self.step.words(self.main), self.step.enter, last=not ahead)
        self.main.refresh_bindings()

    def end(self) -> None:
        """Esc, or all was seen."""
        if self._timer is not None:
            self._timer.stop()
        self._point("")
        if self._panel.is_attached:
            self._panel.remove()
        self._over()

    def _point(self, at: str) -> None:
        if self._pointed is not None:
            self._pointed.remove_class("-pointed")
        found = self.main.query(at) if at else ()
        self._pointed = next((widget for widget in found if widget.is_on_screen), None) if at else None
        if self._pointed is not None:
            self._pointed.add_class("-pointed")


def _name(screen: Screen[Any]) -> str:
    return type(screen).__name__
