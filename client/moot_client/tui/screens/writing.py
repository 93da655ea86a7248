"""One's own part of a review, alone: question by question, kept as a draft until it is shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import ContentSwitcher, Static
from typing_extensions import override

from moot_client.replica.commands import Say, Together
from moot_client.store.drafts import WAS, about
from moot_client.tui.commands.registry import bindings, key_of
from moot_client.tui.desk import Desk
from moot_client.tui.forms.drafts import WRITING
from moot_client.tui.forms.keeper import Keeper
from moot_client.tui.looks.ink import ACCENT, CARE, DIM, STRONG, joined, line, write
from moot_client.tui.screens.base import MootScreen
from moot_client.tui.widgets.prosebox import ProseBox
from moot_client.views.reviews import ReviewPage, review_page, shared_by_me, typed_in
from moot_shared.errors import InputError, MootError, NotFound
from moot_shared.kinds import Note
from moot_shared.text import held

GONE = (
    "This review is not in the community any more, so nothing can be shared in it. "
    "What you type here is kept on this machine; Today lists it."
)
_SHORT = {"planned": "planned", "happened": "happened", "why": "why", "next": "next time"}
_HINTS = {
    "planned": "what was meant to happen, as you saw it",
    "happened": "what, not who",
    "why": "what made it so: causes, not culprits",
    "next": "keep, change, try",
}


class WritingScreen(MootScreen):
    """A question at a time; what others wrote is not in sight. Dismissed with the review's key, or None."""

    CSS_PATH = "writing.tcss"
    BINDINGS = bindings("finish_typing", "stop_typing", "next_field", "last_field")

    def __init__(self, desk: Desk, subject: str) -> None:
        """`subject` is the review's key, or that of a draft on it. NotFound where the review is not here."""
        super().__init__(desk)
        self.key_words = {"finish_typing": "share", "next_field": "next question"}
        self.key = key = about(subject)
        page = review_page(desk.db, desk.me, key)
        self._title = line(page.review.title_line, STRONG)
        self._questions = [question for question in page.questions if question.name in page.review.questions]
        draft = desk.replica.draft(WRITING, subject)
        self._shared = _shared(page, [question.name for question in self._questions])
        self._began = {n: draft.get(WAS + n, shared) for n, shared in self._shared.items()}
        self._ended, self._gone = bool(page.row.ending), False
        words = {**self._shared, **typed_in(draft)}
        self._boxes = {n: ProseBox(words[n], id=f"question-{n}") for n in self._shared}
        self._at = 0
        self._sharing = False
        self._said: dict[str, str] | None = None  # the words that were shared, and need no draft
        self._note, self._care = "writing alone", False
        self._keeper = Keeper(self, desk, WRITING, subject, self._collect, self._told, parts=True)
        self._keeper.began_with(draft)

    @property
    @override
    def writing_in(self) -> str:
        return self.key

    @override
    def body(self) -> ComposeResult:
        yield Static(id="question")
        with ContentSwitcher(initial=f"question-{self._names[0]}"):
            yield from self._boxes.values()
        yield Static(id="questions")

    @property
    def _names(self) -> list[str]:
        return list(self._boxes)

    def on_mount(self) -> None:
        """Ready to write at the first question that is still empty."""
        empty = next((at for at, box in enumerate(self._boxes.values()) if not box.words.strip()), 0)
        self._show(empty)
        self._tell_elsewhere(self._began)

    def _show(self, at: int) -> None:
        self._at = at % len(self._boxes)
        name, question = self._names[self._at], self._questions[self._at]
        self.query_one(ContentSwitcher).current = f"question-{name}"
        box = self._boxes[name]
        self.set_focus(box)
        box.move_cursor(box.document.end)
        place = write((f"{self._at + 1} of {len(self._boxes)}   ", DIM))
        hint = write((f"      {_HINTS.get(name, '')}", DIM))
        self.query_one("#question", Static).update(place + line(question.wording, STRONG) + hint)
        self._draw()

    def _draw(self) -> None:
        between = self.desk.signs.between
        self.top.crumb(
            "Lessons", write(("Review   ", DIM)) + self._title, line(self._note, CARE if self._care else DIM)
        )
        parts: list[Content] = []
        for at, (name, box) in enumerate(self._boxes.items()):
            state = "written" if box.words.strip() else "writing" if at == self._at else "empty"
            words = f"{_SHORT.get(name, name)}: {state}"
            parts.append(
                write((f"[{words}]" if at == self._at else words, ACCENT if at == self._at else DIM))
            )
        row = joined(parts, f"  {between}  ")
        if row.cell_length > self.app.size.width - 4:
            empty = self._empty(self._words())
            row = write((f"empty: {', '.join(empty)}" if empty else "all written", DIM))
        for line_of_all in self.query("#questions").results(Static):  # none where the screen is closing
            line_of_all.update(row)

    def _empty(self, words: Mapping[str, str]) -> list[str]:
        """The questions to which nothing is written, as this screen calls them."""
        return [_SHORT.get(name, name) for name, text in words.items() if not text.strip()]

    # -- drafts ------------------------------------------------------------------------------------

    def _words(self) -> dict[str, str]:
        return {name: box.words for name, box in self._boxes.items()}

    def _collect(self) -> dict[str, str]:
        """What I changed, and what was shared there when I began."""
        words, shared = self._words(), self._shared
        if words == self._said:
            return {}
        changed = [name for name in words if words[name] != shared[name]]
        return {name: words[name] for name in changed} | {WAS + name: shared[name] for name in changed}

    def _told(self, words: str, care: bool) -> None:
        between = f" {self.desk.signs.between} " if words else ""
        self._note, self._care = f"writing alone{between}{words}", care
        self._draw()

    @on(ProseBox.Changed)
    def _typed(self) -> None:
        if not self._sharing:
            self._keeper.touched()
            self._draw()

    # -- what I do on another machine meanwhile ------------------------------------------------------

    @override
    def rows_changed(self) -> None:
        super().rows_changed()
        if self._sharing:
            return
        try:
            page = review_page(self.desk.db, self.desk.me, self.key)
        except NotFound:
            if not self._gone:
                self.status.say(GONE, care=True)
            self._gone = True
            return
        self._gone, self._shared, before = False, _shared(page, self._boxes), self._shared
        for name, words in self._shared.items():
            if words != before[name] and self._boxes[name].words == before[name]:
                self._boxes[name].load_text(held(words))
        for name, words in self._keeper.came().items():
            if name in self._boxes:
                self._boxes[name].load_text(held(words))
        self._tell_elsewhere(before)
        if page.row.ending and not self._ended:
            self._ended = True
            self.status.say("This review has been ended meanwhile. You can still share your part.", care=True)

    def _tell_elsewhere(self, before: Mapping[str, str]) -> None:
        """Where I shared other words on another machine than those that I am changing here."""
        for name, words in self._shared.items():
            if words != before[name] and self._boxes[name].words != words:
                question = _SHORT.get(name, name)
                self.status.say(
                    f"You shared other words on ‘{question}’ on another machine; yours here stay typed.",
                    care=True,
                )

    def on_screen_suspend(self) -> None:
        """Something else is shown over it, or in its place: what was typed is on disk."""
        if not self._sharing:
            self.app.run_worker(self._keeper.save(), group="drafts", exit_on_error=False)

    @override
    async def keep_typing(self) -> bool:
        return await self._keeper.save()

    @override
    def keep_typing_now(self) -> None:
        self._keeper.save_now()

    # -- between questions, and out ----------------------------------------------------------------

    def action_next_field(self) -> None:
        """Tab: the next question."""
        self._show(self._at + 1)

    def action_last_field(self) -> None:
        """Shift+Tab: the question before."""
        self._show(self._at - 1)

    async def action_stop_typing(self) -> None:
        """Esc: back, with the draft kept."""
        if self._sharing:
            return  # it closes by itself, and says then what became of the words
        if await self._keeper.save():
            self.dismiss(None)
            if self._keeper.keeps:
                on = "Today lists it" if self._gone else f"{key_of('write')} goes on with it"
                self.moot.say(f"Your draft is kept on this machine; {self._keeper.goes_on(on)}")

    def action_finish_typing(self) -> None:
        """Ctrl+S: share all that was written, as one."""
        if self._sharing:
            return
        if self._gone:
            self.status.say(GONE, care=True)
            return
        commands: list[Say] = []
        for at, (name, box) in enumerate(self._boxes.items()):
            try:
                words = Note.fields["text"].check(box.words)
            except InputError as error:
                self._show(at)
                self.status.say(str(error), care=True)
                return
            if words != self._shared[name]:
                commands.append(Say("note", f"{self.key}/{name}", {"text": words}))
        if not commands:
            self.status.say("Nothing is written yet. A few words on one question are enough.", care=True)
            return
        self._sharing = True
        self.run_worker(
            self._share(Together(tuple(commands)), self._words()), group="finishing", exit_on_error=False
        )

    async def _share(self, command: Together, words: dict[str, str]) -> None:
        try:
            await self.desk.do(command, "what you shared")
            self._said, self._shared = words, {**self._shared, **words}
            newer = await self._keeper.said()
        except MootError as error:
            self._sharing = False
            kept = await self._keeper.save()
            self.status.say(f"{error}{' Your draft is kept.' if kept else ''}", care=True)
            return
        self.moot.nudge()
        self.dismiss(self.key)
        meanwhile = "What you typed meanwhile is kept as a draft. " if newer else ""
        empty = self._empty(words)
        now = (
            f"Shared. Empty: {', '.join(empty)}; {key_of('write')} adds to it."
            if empty
            else "Shared: now you read it together."
        )
        self.moot.say(f"{meanwhile}{now} {key_of('undo')} takes it back")


def _shared(page: ReviewPage, names: Iterable[str]) -> dict[str, str]:
    """What I have shared on each of these questions, as far as anything."""
    mine = shared_by_me(page)
    return {name: mine.get(name, "") for name in names}
