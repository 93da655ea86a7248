"""What all screens have in common: a line on top, two at the bottom, and the work between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.events import Key, ScreenResume
from textual.reactive import Reactive
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker
from typing_extensions import override

from moot_client.tui.arriving.behind import Behind
from moot_client.tui.commands.registry import COMMANDS, key_of
from moot_client.tui.desk import Desk
from moot_client.tui.messages import TooMuch
from moot_client.tui.screens.small import sentence, too_small
from moot_client.tui.terminal.painter import Painter
from moot_client.tui.widgets.bars import bar_of
from moot_client.tui.widgets.bottom import KeysLine, StatusLine, typing_in
from moot_client.tui.widgets.topline import TopLine
from moot_shared.errors import MootError

if TYPE_CHECKING:
    from moot_client.tui.app import MootApp
    from moot_client.views.standing import Standing

PICTURE_S = 1 / 120  # from one picture to the next; Textual's own 1/60 would keep a key's second half waiting
LEADS_AWAY = frozenset({"community", "device", "begin"})  # by a key that other editors have as well
NOT_STOPPED = (
    "Moot is not stopped by Ctrl+Z: whatever else writes here would wait for it. {} closes it, "
    "and what you typed is kept"
)


class MootScreen(Screen[Any]):
    """The frame; what is in it comes from `body`."""

    AUTO_FOCUS = ""  # screens put the focus where it belongs
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)  # only what has it looks otherwise

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._compositor = Painter()
        self._pictures: Timer | None = None
        self.desk = desk
        self._seen = False
        self.not_kept = ""  # why what is typed here could not be saved
        self.key_words: dict[str, str] = {}  # better words for some keys, on this screen
        self.top = TopLine(desk.signs)
        self.status = StatusLine()
        self.keys = KeysLine(desk.signs, {"palette": "more"})
        self._standing = Behind(self, self._read_standing, self._show_standing)

    @property
    @override
    def _update_timer(self) -> Timer:
        """Draws what has changed: at once after a rest, and soon again where something follows."""
        if self._pictures is None:
            self._pictures = self.set_interval(
                PICTURE_S, self._on_timer_update, name="screen_update", pause=True
            )
        return self._pictures

    @override
    def _compositor_refresh(self) -> None:
        """One picture: also of what was asked for meanwhile, which would else be painted once more."""
        self._compositor.update_widgets(set(self._compositor.visible_widgets))
        super()._compositor_refresh()

    def paint(self) -> None:
        """What has changed, now: Textual waits until each widget has told it so by a message."""
        if self.is_current and not self.app._batch_count:
            self._refresh_layout()

    def focus_on(self, widget: Widget) -> None:
        """Give it the focus, and have it look so at once: Textual tells both of them by messages."""
        before = self.focused
        self.set_focus(widget)
        if self.focused is widget:
            if before is not None and before is not widget:
                before.has_focus = False
            widget.has_focus = True

    @property
    def moot(self) -> MootApp:
        """The application, by its own type."""
        from moot_client.tui.app import MootApp

        assert isinstance(self.app, MootApp)
        return self.app

    @override
    def compose(self) -> ComposeResult:
        yield self.top
        with Vertical(id="work"):
            yield from self.body()
        with Vertical(id="bottom"):
            yield Static((self.desk.signs.rule * 400), id="rule", markup=False)
            yield self.status
            yield self.keys

    def body(self) -> ComposeResult:
        """What stands between the top line and the bottom ones."""
        return ()

    def on_resize(self) -> None:
        """Too small a terminal gets one sentence; a wide one gets two columns, a very wide one three."""
        width, height = self.app.size
        small = too_small(width, height)
        self.set_class(small, "-small")
        self.set_class(width >= 110, "-wide")
        self.set_class(width >= 180, "-widest")
        if small:
            self._say_too_small(width, height)
        self.show_standing()

    def _say_too_small(self, width: int, height: int) -> None:
        words, said = sentence(width, height), self.query("#small")
        if said:
            said.first(Static).update(words)
        else:
            self.mount(Static(words, id="small", markup=False))

    def key_q(self) -> None:
        """The key that leaves elsewhere, where it means nothing here: how one leaves."""
        if not any("q" in command.keys_now for command in COMMANDS.values()):
            self.app.action_help_quit()

    def warn(self, words: str) -> None:
        """Say what has to be seen, also where nothing else is."""
        self.status.say(words, care=True)
        for small in self.query("#small").results(Static):
            small.update(words)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """What goes wrong behind a screen, the application says."""
        self.moot.on_worker_state_changed(event)

    def on_key(self, event: Key) -> None:
        """A key that means something else in other programs: one that leads away from typing, or Ctrl+Z."""
        typing = typing_in(self) or bar_of(self.focused) is not None
        active = self.active_bindings.get(event.key) if typing and event.key.startswith("ctrl+") else None
        if active is not None and active.binding.action in LEADS_AWAY:
            event.stop()
            named = COMMANDS[active.binding.action]
            first = f"{key_of('stop_typing')} first, or {key_of('palette')}"
            self.status.say(f"{named.key} ({named.label}) leads away from what you type: {first}")
        elif event.key == "ctrl+z" and active is None:  # no text that takes typing back
            self.status.say(NOT_STOPPED.format(key_of("leave")))

    def on_paste(self) -> None:
        """What has the focus takes no words, or they would not have come up to here."""
        self.status.say("Nothing was pasted: there is no field here that takes words")

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Whatever happened meanwhile is shown. What was put up a moment ago has its looks."""
        event.refresh_styles = event.refresh_styles and self._seen
        self._seen = True
        self.show_standing()

    def rows_changed(self) -> None:
        """Something was written, here or elsewhere: bring what is shown up to date."""
        self.show_standing()

    @property
    def writing_in(self) -> str:
        """The key of the record in which one writes here, or '': the others may see that one does."""
        return ""

    def company_changed(self) -> None:
        """Others have come, gone, or begun to write somewhere."""
        self.show_standing()

    def show_standing(self) -> None:
        """The three claims as they are now, once they are read; no picture waits for them."""
        self.call_after_refresh(self._standing.ask)

    def _read_standing(self) -> Standing:
        from moot_client.views.standing import standing

        return standing(self.desk.db, self.desk.me)

    def _show_standing(self, found: Standing) -> None:
        from moot_client.tui.company.status import out_of_touch, status_line

        width = max(self.app.size.width - 4, 10)
        desk, link = self.desk, self.moot.link
        line = status_line(found, link, desk.when, desk.signs, width, desk.around, desk.busy)
        away = out_of_touch(found, link, desk.when)
        self.status.stand(line, away + f" {desk.signs.between} " if away else away)

    def and_where(self, done: str) -> str:
        """What was done; to somebody who no longer belongs, also that nobody else will see it."""
        from moot_client.views.standing import gone

        over = gone(self.desk.db, self.desk.me)
        return f"{done}. {over}, so it stays on this machine" if over else done

    @on(TooMuch)
    async def _keep_aside(self, event: TooMuch) -> None:
        """A paste that no field takes is kept whole beside the drafts."""
        from moot_client.tui.forms.drafts import PASTED
        from moot_shared.text import typed

        event.stop()
        await self.desk.whole()
        text, subject, replica = typed(event.text), str(self.desk.now()), self.desk.replica
        try:
            await self.desk.write(lambda: replica.keep_draft(PASTED, subject, {"text": text}, {}))
        except MootError as error:
            self.status.say(f"That was too much for this field and could not be kept: {error}", care=True)
            return
        self.status.say(f"{event.sentence} They are kept whole on this machine: Today lists them.", care=True)

    async def keep_typing(self) -> bool:
        """Moot is about to close: put what was typed on disk; False where that did not work."""
        return True

    def keep_typing_now(self) -> None:
        """The same where nothing can be waited for any more."""


def on_top(app: App[Any]) -> MootScreen | None:
    """The screen that one sees, where it is one of these; while Moot closes there is none at all."""
    screen = app.screen_stack[-1] if app.screen_stack else None
    return screen if isinstance(screen, MootScreen) else None
