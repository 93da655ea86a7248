"""One form for all kinds: the fields that a kind declares, a draft at every pause, Ctrl+S to finish."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.events import ScreenResume
from textual.widgets import Static
from typing_extensions import override

from moot_client.tui.arriving.behind import Behind
from moot_client.tui.commands.registry import bindings, key_of
from moot_client.tui.desk import Desk
from moot_client.tui.forms.keeper import Keeper
from moot_client.tui.forms.meanwhile import after_saying, brought_up, resumed, was
from moot_client.tui.forms.rows import FieldRow
from moot_client.tui.forms.spec import FieldError, FormSpec, with_base
from moot_client.tui.forms.telling import came_back, came_in, came_words, put_away_words, told
from moot_client.tui.looks.ink import CARE, DIM, line, write
from moot_client.tui.screens.base import MootScreen
from moot_client.tui.targets import record_of
from moot_client.tui.widgets.chooser import Chooser
from moot_client.tui.widgets.finder import Finder
from moot_client.tui.widgets.prosebox import LineBox, ProseBox
from moot_client.views.alike import Alike, similar
from moot_shared.errors import MootError, NotFound


class FormScreen(MootScreen):
    """Nothing else on screen but what is being typed. Dismissed with the answer, None, or the next form."""

    CSS_PATH = "form.tcss"
    BINDINGS = bindings("finish_typing", "stop_typing", "begin_anew", "next_field", "last_field")

    def __init__(self, desk: Desk, spec: FormSpec, back: str) -> None:
        super().__init__(desk)
        self._back = back
        self.key_words = {
            "finish_typing": spec.finish,
            "begin_anew": "another",
            **({} if spec.fields else {"stop_typing": "leave it"}),
        }
        subject = spec.draft or spec.subject
        draft = desk.replica.draft(spec.form, subject)
        self._resumed = bool(draft)
        began, seen = resumed(spec, draft)
        words = {name: draft.get(name, began.beginning(name)) for name in spec.fields}
        self._meanwhile = brought_up(began, seen, words)
        self._came = came_in(desk, seen, self._meanwhile)
        words |= {**{n: m.text for n, m in self._meanwhile.prose.items()}, **self._meanwhile.values}
        self._rows = {name: FieldRow(desk, name, field, words[name]) for name, field in spec.fields.items()}
        self._keeper = Keeper(self, desk, spec.form, subject, self._collect, self._told)
        self._keeper.began_with(draft)
        self._finishing = False
        self._said: dict[str, str] | None = None  # the words that were kept, and need no draft
        self._called = ""
        self._met = Behind(self, self._read_met, self._met_before)

    @property
    @override
    def writing_in(self) -> str:
        return "" if self.spec.new else record_of(self.spec.subject)

    @override
    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=not self._rows):
            yield Static(self.spec.words, id="words", markup=False)
            yield from self._rows.values()
            yield Static(id="met", markup=False)

    def on_resize(self) -> None:
        """The texts share the room."""
        super().on_resize()
        for row in self._rows.values():
            self.call_after_refresh(row.settle)

    def on_mount(self) -> None:
        """Ready to type in the first field."""
        self._told("your draft, as you left it" if self._resumed else "", care=False)
        self.query_one("#words").display = bool(self.spec.words)
        if self._rows:
            next(iter(self._rows.values())).enter()
        else:
            self.query_one(VerticalScroll).focus()  # so that a long sentence can be scrolled
        if self._resumed:
            self.status.say(self._from_before())
        self._tell_meanwhile()
        if self._resumed and self.spec.away:
            self.status.say(put_away_words(self.desk, self.spec), care=True)

    def _from_before(self) -> str:
        """That these words are a draft, from when, and how to begin without them."""
        kept = self.desk.rows.drafts()
        form, subject = self._keeper.form, self._keeper.subject
        saved = next((at for *name, at in kept if name == [form, subject]), 0)
        words = f"This is your draft from {self.desk.when(saved)}" if saved else "This is your draft"
        if self.check_action("begin_anew", ()):
            return f"{words}. {key_of('begin_anew')} keeps it and begins an empty one"
        return f"{words}, as you left it"

    @property
    def spec(self) -> FormSpec:
        """What the form asks for; its beginning moves on with what others write."""
        return self._meanwhile.spec

    def row(self, field: str) -> FieldRow:
        """The row of a field."""
        return self._rows[field]

    # -- drafts ------------------------------------------------------------------------------------

    def _words(self) -> dict[str, str]:
        return {name: row.words for name, row in self._rows.items()}

    def _collect(self) -> dict[str, str]:
        """What is worth keeping: nothing where nothing differs from what the form began with."""
        words = self._words()
        if words == self._said or all(words[name] == self.spec.beginning(name) for name in words):
            return {}
        return {**with_base(words, self.spec.base), **was(self.spec, self._meanwhile.seen)}

    def _told(self, words: str, care: bool) -> None:
        self.top.crumb(self._back, write((self.spec.title, "bold")), line(words, CARE if care else DIM))

    @on(LineBox.Changed)
    @on(ProseBox.Changed)
    @on(Chooser.Changed)
    @on(Finder.Changed)
    def _typed(self) -> None:
        if self._finishing:
            return
        self._keeper.touched()
        for row in self._rows.values():
            row.trouble("")
        if self.spec.form == "new issue" and self._called != self._rows["title"].words:
            self._called = self._rows["title"].words
            self._met.ask()

    def _read_met(self) -> tuple[Alike, ...]:
        """Past lessons and reviews that share telling words with a new issue's title."""
        return similar(self.desk.db, self._called, ("lesson", "review"), 2)

    def _met_before(self, hits: tuple[Alike, ...]) -> None:
        found: Iterable[str] = (f"{hit.key.split('/', 1)[0]} ‘{line(hit.title).plain}’" for hit in hits)
        self.query_one("#met", Static).update(f"Met before?  {'  '.join(found)}" if hits else "")

    def line_entered(self, box: LineBox) -> None:
        """Enter in a line goes on to the next field."""
        self.focus_next()

    def on_screen_suspend(self) -> None:
        """Something else is shown over it, or in its place: what was typed is on disk."""
        if not self._finishing:
            self.app.run_worker(self._keeper.save(), group="drafts", exit_on_error=False)

    @override
    async def keep_typing(self) -> bool:
        return await self._keeper.save()

    @override
    def keep_typing_now(self) -> None:
        self._keeper.save_now()

    # -- what others do meanwhile --------------------------------------------------------------------

    @override
    def rows_changed(self) -> None:
        super().rows_changed()
        self._keep_up()

    @override
    def on_screen_resume(self, event: ScreenResume) -> None:
        super().on_screen_resume(event)
        self._keep_up()

    def _keep_up(self) -> None:
        """What others changed in what is being edited comes in; the cursor stays, and so do my words."""
        if self.spec.again is None or self._finishing or any(box.lent for box in self.query(ProseBox)):
            return
        away = self.spec.away
        try:
            found = brought_up(self.spec, self._meanwhile.seen, self._words())
        except NotFound:
            return
        self._came = came_in(self.desk, self._meanwhile.seen, found)
        self._meanwhile = found
        for name, merged in found.prose.items():
            self._rows[name].take(merged.text, merged.runs, merged.hunks)
        for name, words in found.values.items():
            self._rows[name].take(words)
        if found.anything:
            self._keeper.touched()
            self._tell_meanwhile()
        if found.spec.away != away:
            self.status.say(put_away_words(self.desk, self.spec), care=True)

    def _tell_meanwhile(self) -> None:
        """Beside each field what others wrote there, where that is not in it; and what of it is."""
        for name, words in told(self.desk, self._meanwhile).items():
            self._rows[name].meanwhile(words)
        for name in self._came:
            self._rows[name].came()
        if self._came:
            self.status.say(came_words(self.spec, self._came))
        if news := came_back(self.desk, self._meanwhile):
            self.status.say(news, care=True)

    # -- finishing -----------------------------------------------------------------------------------

    async def action_finish_typing(self) -> None:
        """Ctrl+S: say it; where that does not work the form stays as it is."""
        if self._finishing:
            return
        try:
            values = self.spec.checked(self._words())
            command = self.spec.command(values, dict(self.spec.base))
            words = self._words()
        except FieldError as error:
            self._rows[error.field].trouble(str(error))
            self._rows[error.field].enter()
            return
        self._finishing = True
        self.run_worker(self._finish(command, words), group="finishing", exit_on_error=False)

    async def _finish(self, command: object, words: dict[str, str]) -> None:
        from moot_client.replica.commands import Create, Edit, Say

        answer = None
        try:
            if isinstance(command, Create | Edit | Say):
                answer = await self.desk.do(command, self.spec.undo)
                self.moot.nudge()
                self._go_on_from(words)
            self._said = words
            newer = await self._keeper.said()
        except MootError as error:
            self._finishing = False
            kept = await self._keeper.save()
            self.status.say(f"{error}{' Your draft is kept.' if kept else ''}", care=True)
            return
        self.dismiss(answer)
        done = self._done() if answer else "Nothing was changed"
        self.moot.say(f"What you typed meanwhile is kept as a draft. {done}" if newer else done)

    def _go_on_from(self, words: dict[str, str]) -> None:
        """These words stand now: what was typed since is an edit of them."""
        with suppress(NotFound):
            self._meanwhile = after_saying(self.spec, self._meanwhile.seen, words)

    def _done(self) -> str:
        """What was done, whether it can be taken back, and whether it works already."""
        if self.spec.undo:
            return self.and_where(f"{self.spec.done}. {key_of('undo')} takes it back")
        if self.spec.tells_relay and not self.moot.link.connected:
            return f"{self.spec.done}. The relay has not heard of it yet: it does when it is back"
        return self.spec.done

    async def action_stop_typing(self) -> None:
        """Esc: back, with the draft kept. Where it cannot be kept, the form stays and says why."""
        if self._finishing:
            return  # it closes by itself, and says then what became of the words
        if await self._keeper.save():
            self.dismiss(None)
            if self._keeper.keeps:
                self.moot.say("Your draft is kept on this machine; Today lists it")

    async def action_begin_anew(self) -> None:
        """Ctrl+N: keep this draft, and begin an empty form."""
        if not self._finishing and await self._keeper.save():
            self.dismiss(replace(self.spec, subject=f"{self.spec.subject}#{self.desk.now()}"))

    def action_next_field(self) -> None:
        """Tab."""
        self.focus_next()

    def action_last_field(self) -> None:
        """Shift+Tab."""
        self.focus_previous()

    @override
    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "begin_anew":
            return bool(self._rows) and self.spec.new and self.spec.form.startswith("new ")
        if action in ("next_field", "last_field"):
            return bool(self._rows)
        return super().check_action(action, parameters)
