"""What one can do to what is selected: each act in a few lines, and what it is called when taken back."""

from __future__ import annotations

from textual import on
from textual.widget import Widget

from moot_client.replica.commands import Command, Edit, Say
from moot_client.tui.desk import Desk
from moot_client.tui.forms import specs
from moot_client.tui.forms.drafts import draft_of
from moot_client.tui.forms.opening import spec_of_draft
from moot_client.tui.forms.spec import FormSpec
from moot_client.tui.places.view import PlaceView
from moot_client.tui.screens.base import MootScreen
from moot_client.tui.sheets import kind_of
from moot_client.tui.undo import DraftAgain
from moot_client.tui.widgets.commentbox import CommentBox
from moot_client.tui.widgets.linebar import LineBar
from moot_client.tui.widgets.votebar import VoteBar
from moot_client.views.budget import dots_left
from moot_client.views.issue import issue_page
from moot_client.views.reviews import review_page
from moot_client.views.rows import record, statements
from moot_shared.errors import InputError, MootError
from moot_shared.ids import StatementKey
from moot_shared.kinds import Comment, Pledge, Vote


class Acts(MootScreen):
    """The acts, for a screen that has a `view` with something selected."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._before_bar: Widget | None = None

    @property
    def view(self) -> PlaceView:
        """The place on screen."""
        raise NotImplementedError

    @property
    def target(self) -> str:
        """The key of what is selected."""
        return self.view.target

    # -- carrying out ------------------------------------------------------------------------------

    def carry_out(self, command: Command, done: str, undo: str) -> None:
        """Do it off this thread; say so when it is on disk, or what went wrong."""
        self.run_worker(self.carried_out(command, done, undo), group="doing", exit_on_error=False)

    async def carried_out(self, command: Command, done: str, undo: str) -> bool:
        """The same, to wait for; False where it did not work."""
        try:
            await self.desk.do(command, undo)
        except MootError as error:
            self.status.say(str(error), care=True)
            return False
        self.view.load(adopt=False, mine=True)
        self.show_standing()
        self.refresh_bindings()
        self.moot.nudge()
        self.status.say(f"{done}. u takes it back" if undo else done)
        return True

    def action_undo(self) -> None:
        """Take back what was done last."""
        entry = self.desk.undo.pop()
        if entry is not None:
            words, inverse = entry
            self.run_worker(self._taken_back(words, inverse), group="doing", exit_on_error=False)

    async def _taken_back(self, words: str, inverse: Command | DraftAgain) -> None:
        if isinstance(inverse, DraftAgain):
            again, replica = inverse, self.desk.replica
            await self.desk.write(lambda: replica.save_draft(again.form, again.subject, again.fields))
            self.view.load(adopt=True)
        elif await self.carried_out(inverse, f"Taken back: {words}", ""):
            self.view.load(adopt=True, mine=True)
        else:
            self.desk.undo.push(words, inverse)

    # -- one line in place ---------------------------------------------------------------------------

    def open_bar(self, bar: Widget) -> None:
        """Put one line (or a small box) above the bottom lines."""
        self.close_bar()
        self._before_bar = self.focused
        self.status.hush()
        self.query_one("#bar").mount(bar)

    def close_bar(self) -> None:
        """Take it away; the focus goes back to where it was."""
        bar = self.query_one("#bar")
        if bar.children:
            bar.remove_children()
            (self._before_bar or self.view.list).focus()

    @on(LineBar.Left)
    def _left_line(self, event: LineBar.Left) -> None:
        if event.bar.name == "find":
            self.filter("")
        self.close_bar()

    @on(VoteBar.Left)
    def _left_vote(self) -> None:
        self.close_bar()

    def filter(self, words: str) -> None:
        """Narrow the list that is shown."""
        raise NotImplementedError

    # -- dots, hours, remarks --------------------------------------------------------------------------

    def action_vote(self) -> None:
        """Dots, in one line."""
        key = self.target
        mine = [said.row for said in statements(self.desk.db, Vote, key) if said.row.author == self.desk.me]
        dots, why = (mine[0].dots, mine[0].why) if mine else (0, "")
        left = dots_left(self.desk.db, self.desk.me, without=key)
        self.open_bar(VoteBar(key, dots, why, left, self.desk.signs))

    @on(VoteBar.Kept)
    def _voted(self, event: VoteBar.Kept) -> None:
        self.close_bar()
        done = f"Your dots: {self.desk.signs.dots(event.dots)}" if event.dots else "Your dots are taken back"
        self.carry_out(Say("vote", event.bar.key, {"dots": event.dots, "why": event.why}), done, "your vote")

    def action_pledge(self) -> None:
        """Hours, in one line."""
        page = issue_page(self.desk.db, self.desk.me, self.target)
        had = f"{page.row.my_hours:g}" if page.row.my_hours else ""
        self._pledging = self.target
        self.open_bar(LineBar("hours", "Hours you would give", "Enter keeps, 0 takes back", had))

    @on(LineBar.Kept)
    def _line_kept(self, event: LineBar.Kept) -> None:
        if event.bar.name == "find":
            self.close_bar()
            self.view.list.focus()
        elif event.bar.name == "hours":
            try:
                hours = Pledge.fields["hours"].check(event.words or "0")
            except InputError as error:
                event.bar.tell(str(error), care=True)
                return
            self.close_bar()
            done = f"You would give {hours:g} h" if hours else "Your hours are taken back"
            self.carry_out(Say("pledge", self._pledging, {"hours": hours}), done, "your hours")

    def action_comment(self, subject: str = "") -> None:
        """A remark, typed in place."""
        self.open_bar(
            CommentBox(self.desk, subject or f"{self.target}/", f"About {self._title(self.target)}")
        )

    def change_comment(self, key: StatementKey) -> None:
        """One's own remark again, to change it."""
        said = next(row.row for row in statements(self.desk.db, Comment) if row.row.key == key)
        self.open_bar(CommentBox(self.desk, key.subject, "Your comment, changed", said.text))

    @on(CommentBox.Done)
    async def _commented(self, event: CommentBox.Done) -> None:
        box = event.box
        if event.words is None:
            kept = await box.keeper.save()
            self.close_bar()
            if kept and self.desk.replica.draft("comment", box.subject):
                self.status.say("Your draft is kept; c goes on with it")
            return
        if await self.carried_out(Say("comment", box.subject, {"text": event.words}), "Said", "your comment"):
            await box.keeper.forget()
            self.close_bar()

    def _title(self, key: str) -> str:
        found = record(self.desk.db, key)
        return found.row.title_line if found else ""

    # -- forms ---------------------------------------------------------------------------------------------

    def open_form(self, spec: FormSpec) -> None:
        """Type into a form; what was typed before is offered again."""
        from moot_client.tui.screens.form import FormScreen

        self.app.push_screen(
            FormScreen(self.desk, spec, self.view.place.name.capitalize()), self._form_closed
        )

    def _form_closed(self, key: str | None) -> None:
        self.view.load(adopt=True, mine=True)
        if key and key.count("/") == 2:
            self.view.list.select(key)

    def action_new(self) -> None:
        """A new thing of this place's kind."""
        kind = self.view.place.new
        if kind == "invite":
            from moot_client.tui.screens.invite import InviteScreen

            self.app.push_screen(InviteScreen(self.desk))
        else:
            self.open_form(specs.new_spec(kind))

    def action_edit(self) -> None:
        """Change what is selected."""
        if kind_of(self.target) == "member":
            self.open_form(specs.profile_spec(self.desk))
        else:
            self.open_form(specs.edit_spec(self.desk, self.target))

    def action_use(self) -> None:
        """Where a lesson was used."""
        self.open_form(specs.use_spec(self.target))

    def action_lesson(self) -> None:
        """A lesson that comes from what is selected."""
        self.open_form(specs.lesson_from(self.target))

    def action_review(self) -> None:
        """A review that looks back at this issue."""
        self.open_form(specs.review_of(self.target, self._title(self.target)))

    def action_tie(self) -> None:
        """This issue's tie to another one."""
        self.open_form(specs.link_spec(self.target))

    def action_finish(self) -> None:
        """How a review ends."""
        self.open_form(specs.finish_spec(self.desk, self.target))

    def action_write(self) -> None:
        """One's own part of a review."""
        from moot_client.tui.screens.writing import WritingScreen

        self.app.push_screen(WritingScreen(self.desk, self.target), self._written)

    def action_copy(self) -> None:
        """A draft's words, to paste elsewhere."""
        form, subject = draft_of(self.target)
        words = "\n\n".join(w for n, w in self.desk.replica.draft(form, subject).items() if "." not in n)
        self.app.copy_to_clipboard(words)
        self.status.say("Copied, where your terminal allows it")

    def _written(self, key: str | None) -> None:
        self._form_closed(key)
        if key and not self.view.opened:
            self.view.open()

    # -- putting away, other versions ----------------------------------------------------------------------

    def action_archive(self) -> None:
        """Put away, or bring back: nothing is deleted."""
        found = record(self.desk.db, self.target)
        if found is None:
            return
        away = not found.row.archived
        done = "Put away" if away else "Brought back"
        self.run_worker(
            self._archived(Edit(self.target, {"archived": away}), done), group="doing", exit_on_error=False
        )

    async def _archived(self, command: Command, done: str) -> None:
        if await self.carried_out(command, done, done.lower()):
            if self.view.deep and not self.view.wide:
                self.view.back()
            self.view.load(adopt=True, mine=True)

    def action_others(self) -> None:
        """Other versions, in the page."""
        self.view.show_others()

    def action_put_away(self) -> None:
        """A draft is put away for good; u brings it back."""
        form, subject = draft_of(self.target)
        fields, replica = self.desk.replica.draft(form, subject), self.desk.replica

        async def put_away() -> None:
            await self.desk.write(lambda: replica.forget_draft(form, subject))
            self.desk.undo.push("the draft", DraftAgain(form, subject, fields))
            self.view.load(adopt=True)
            self.refresh_bindings()
            self.status.say("The draft is put away. u brings it back")

        self.run_worker(put_away(), group="doing", exit_on_error=False)

    @on(PlaceView.Asked)
    def _asked(self, event: PlaceView.Asked) -> None:
        kind = kind_of(event.target)
        if kind == "comment":
            self.change_comment(StatementKey.parse(event.target.split("/", 1)[1]))
        elif kind == "words":
            self.moot.show_words()
        elif kind == "new":
            self.open_form(specs.new_spec("issue"))
        elif kind == "details":
            self.moot.action_details()
        elif kind == "draft":
            form, subject = draft_of(event.target)
            if form == "comment":
                self.view.go("/".join(subject.split("/")[:3]))
                self.open_bar(CommentBox(self.desk, subject, "Your comment"))
            elif spec := spec_of_draft(self.desk, form, subject):
                self.open_form(spec)
            else:
                self.view.open()

    def sensible(self, action: str) -> bool | None:
        """Whether an act on the right kind of thing makes sense just now; None greys it out."""
        key = self.target
        if action == "edit" and kind_of(key) == "member":
            return True if key == f"member/{self.desk.me}" else None
        if action == "others":
            return True if kind_of(key) == "member" or self._has_others(key) else None
        if action in ("finish", "write") and review_page(self.desk.db, self.desk.me, key).row.ending:
            return True if action == "finish" else None
        return True

    def _has_others(self, key: str) -> bool:
        found = record(self.desk.db, key)
        return bool(found and found.row.others)
