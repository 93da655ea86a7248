"""What one can do to what is selected with a form, and putting away: each act in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from typing_extensions import override

from moot_client.tui.commands.registry import key_of
from moot_client.tui.places.view import PlaceView
from moot_client.tui.screens.belonging import Belonging
from moot_client.tui.targets import draft_of, kind_of, version_of
from moot_shared.errors import NotFound

if TYPE_CHECKING:
    from moot_client.replica.commands import Command
    from moot_client.tui.forms.spec import FormSpec


class Acts(Belonging):
    """The acts, for a screen that has a `view` with something selected."""

    # -- forms ---------------------------------------------------------------------------------------------

    @override
    async def open_form(self, spec: FormSpec) -> None:
        from moot_client.tui.screens.form import FormScreen

        await self.app.push_screen(
            FormScreen(self.desk, spec, self.view.place.name.capitalize()), self._form_closed
        )

    def _form_closed(self, answer: str | FormSpec | None) -> None:
        if answer is not None and not isinstance(answer, str):
            self.call_later(self.open_form, answer)  # an empty one in place of this
        elif answer and answer.count("/") == 2:
            self.view.came(answer)
        self.view.load(adopt=True, mine=True)

    async def action_new(self) -> None:
        """A new thing of this place's kind."""
        from moot_client.tui.forms import specs
        from moot_client.tui.screens.invite import InviteScreen

        kind = self.view.place.new
        if kind == "invite":
            await self.app.push_screen(InviteScreen(self.desk))
        else:
            await self.open_form(specs.new_spec(kind))

    async def action_edit(self) -> None:
        """Change what is selected."""
        from moot_client.tui.forms import specs

        if kind_of(self.target) == "member":
            await self.open_form(specs.profile_spec(self.desk))
        else:
            await self.open_form(specs.edit_spec(self.desk, self.target))

    async def action_use(self) -> None:
        """Where a lesson was used."""
        from moot_client.tui.forms import specs

        await self.open_form(specs.use_spec(self.target))

    async def action_lesson(self) -> None:
        """A lesson that comes from what is selected."""
        from moot_client.tui.forms import specs

        await self.open_form(specs.lesson_from(self.target))

    async def action_review(self) -> None:
        """A review that looks back at this issue."""
        from moot_client.tui.forms import specs

        await self.open_form(specs.review_of(self.target, self._title(self.target)))

    async def action_tie(self) -> None:
        """This issue's tie to another one."""
        from moot_client.tui.forms import specs

        await self.open_form(specs.link_spec(self.target))

    async def action_finish(self) -> None:
        """How a review ends."""
        from moot_client.tui.forms import specs

        await self.open_form(specs.finish_spec(self.desk, self.target))

    async def action_write(self) -> None:
        """One's own part of a review."""
        await self._go_on_writing(self.target)

    async def _go_on_writing(self, subject: str) -> None:
        from moot_client.tui.screens.writing import WritingScreen

        await self.app.push_screen(WritingScreen(self.desk, subject), self._written)

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

    async def action_community(self) -> None:
        """What the community is called, what it is for, and its dots."""
        from moot_client.tui.forms import specs
        from moot_client.views.community import community

        key = community(self.desk.db).key
        if key:
            names = ("name", "purpose", "vote_budget")
            await self.open_form(specs.edit_spec(self.desk, key, names, title="This community"))

    async def action_device(self) -> None:
        """The line for a second machine of one's own."""
        from moot_client.tui.screens.line import LineScreen
        from moot_client.views.people import people
        from moot_shared.trust.lines import DeviceLine

        replica = self.desk.replica
        url = replica.relay_url()
        if not url:
            self.status.say(
                "A second machine needs a relay between the two. "
                f"{key_of('details')}, then {key_of('host')}, puts it on one.",
                care=True,
            )
            return
        name = people(self.desk.db, self.desk.me)[self.desk.me].name
        seed, called = replica.identity.seed, replica.community_name()
        line = DeviceLine(url, replica.community, seed, called, name or replica.place.member_name)
        words = (
            "Paste this line into Moot on your other machine: I have an invite. It is as secret as a key: "
            "whoever has it is you."
        )
        back = self.view.place.name.capitalize()
        await self.app.push_screen(LineScreen(self.desk, "Your second machine", words, str(line), back))

    # -- putting away, other versions ----------------------------------------------------------------------

    def action_archive(self) -> None:
        """Put away, or bring back: nothing is deleted."""
        from moot_client.replica.commands import Edit
        from moot_client.views.rows import record

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
        """A draft is put away for good; u brings it back. A question is not asked again."""
        from moot_client.tui.words.undo import DraftAgain

        if kind_of(self.target) != "draft":
            self.put_question_away()
            return
        (form, subject), replica = draft_of(self.target), self.desk.replica

        async def put_away() -> None:
            fields = await self.desk.write(lambda: replica.change_draft(form, subject, lambda stands: {}))
            self.desk.undo.push("the draft", DraftAgain(form, subject, fields))
            self.view.load(adopt=True)
            self.refresh_bindings()
            self.status.say(f"The draft is put away. {key_of('undo')} brings it back")

        self.run_worker(put_away(), group="doing", exit_on_error=False)

    @on(PlaceView.Asked)
    async def _asked(self, event: PlaceView.Asked) -> None:
        await self.desk.whole()
        kind = kind_of(event.target)
        if kind == "comment":
            from moot_shared.ids import StatementKey

            await self.change_comment(StatementKey.parse(event.target.split("/", 1)[1]))
        elif kind == "version":
            self._take_version(*version_of(event.target))
        elif kind == "words":
            self.moot.show_words()
        elif kind == "new":
            from moot_client.tui.forms import specs

            await self.open_form(specs.new_spec("issue"))
        elif kind == "details":
            await self.moot.action_details()
        elif kind == "place":
            await self.run_action(f"place('{event.target.split('/', 1)[1]}')")
        elif kind == "more":
            self.view.place.open_group(event.target.split("/", 1)[1])
            self.view.load(adopt=True, mine=True)
        elif kind == "draft":
            await self._go_on_with(*draft_of(event.target))

    def _take_version(self, key: str, field: str, value: object) -> None:
        from moot_client.replica.commands import Edit

        self.carry_out(Edit(key, {field: value}), "Taken: this version stands now", "the chosen version")

    async def _go_on_with(self, form: str, subject: str) -> None:
        """A draft: back to where it was typed; only shown where that is here no longer."""
        try:
            await self._where_typed(form, subject)
        except NotFound:
            self.view.open()

    async def _where_typed(self, form: str, subject: str) -> None:
        from moot_client.store.drafts import about
        from moot_client.tui.forms.drafts import HOURS, VOTE, WRITING
        from moot_client.tui.forms.opening import spec_of_draft
        from moot_client.tui.widgets.commentbox import CommentBox

        if form == WRITING:
            await self._go_on_writing(subject)
        elif form in (VOTE, HOURS):
            self.view.go(about(subject))
            await (self.action_vote(subject) if form == VOTE else self.action_pledge(subject))
        elif form == "comment":
            self.view.go("/".join(subject.split("/")[:3]))
            await self.open_bar(lambda: CommentBox(self.desk, subject, "Your comment"))
        elif spec := spec_of_draft(self.desk, form, subject):
            await self.open_form(spec)
        else:
            self.view.open()
