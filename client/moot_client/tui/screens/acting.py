"""What takes one line in place: dots, hours, a remark.

Each act imports what it works with: the first picture waits for none of it (`tui/arriving/later.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widget import Widget

from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.screens.doing import Doing
from moot_client.tui.widgets.bars import Bar
from moot_shared.errors import InputError, MootError

if TYPE_CHECKING:
    from moot_client.replica.commands import Command
    from moot_client.tui.widgets.commentbox import CommentBox
    from moot_client.tui.widgets.linebar import LineBar
    from moot_client.tui.widgets.votebar import VoteBar
    from moot_shared.ids import StatementKey


class Acting(Doing):
    """For a screen that has a `view` with something selected."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._before_bar: Widget | None = None

    # -- one line in place ---------------------------------------------------------------------------

    async def open_bar(self, bar: Bar) -> None:
        """Put one line (or a small box) above the bottom lines; it has the focus when this returns.

        So that whoever types 'v3' quickly does not type the 3 into the list.
        """
        if not all([await each.keep_typing() for each in self.query(Bar)]):
            return  # what is in it is nowhere else
        self.close_bar()
        self._before_bar = self.focused
        self.status.hush()
        with self.app.batch_update():  # one picture, in which it has the focus
            if not self.query("#bar"):
                await self.mount(Vertical(id="bar"), before="#bottom")
            await self.query_one("#bar").mount(bar)
            self.set_focus(bar.first)
        self.check_idle()

    def close_bar(self, *, said: bool = False) -> None:
        """Take it away; the focus goes back to where it was. What was not `said` stays a draft."""
        place = next(iter(self.query("#bar")), None)
        if place is not None and place.children:
            for each in () if said else self.query(Bar):
                try:
                    each.keep_typing_now()  # while it is here: a worker would come to a bar that is gone
                except MootError as error:
                    self.status.say(str(error), care=True)
            self.set_focus(self._before_bar or self.view.list)  # first: else another one has it in between
            for child in place.children:
                child.display = False  # from the next picture on; to be taken away takes longer
            for node in (place, self):
                node.refresh(repaint=False, layout=True)
            place.remove_children()

    async def on_line_bar_left(self, event: LineBar.Left) -> None:
        """Esc."""
        if event.bar.name == "find":
            self.filter("")
        await self._leave_bar(event.bar, "Your hours are a draft", f"{key_of('pledge')} goes on with them")

    async def on_vote_bar_left(self, event: VoteBar.Left) -> None:
        """Esc."""
        await self._leave_bar(event.bar, "Your words are a draft", f"{key_of('vote')} goes on with them")

    async def _leave_bar(self, bar: Bar, kept: str, how: str) -> None:
        """Close it with a draft of what was typed; where that cannot be kept, it stays."""
        if not await bar.keep_typing():
            return
        self.close_bar(said=True)
        if bar.keeper is not None and bar.keeper.keeps:
            self.status.say(f"{kept}; {bar.keeper.goes_on(how)}")

    def _say_from(self, bar: Bar, command: Command, done: str, undo: str) -> None:
        """Say what was typed in one line; it is a draft for as long as it is not said."""
        self.close_bar(said=True)

        async def say() -> None:
            said = await self.carried_out(command, done, undo)
            if bar.keeper is not None:
                await (bar.keeper.forget() if said else bar.keeper.save())

        self.run_worker(say(), group="doing", exit_on_error=False)

    def filter(self, words: str) -> None:
        """Narrow the list that is shown."""
        raise NotImplementedError

    # -- dots, hours, remarks --------------------------------------------------------------------------

    async def action_vote(self, subject: str = "") -> None:
        """Dots, in one line; `subject` names a draft that is kept beside another one."""
        from moot_client.tui.widgets.votebar import VoteBar
        from moot_client.views.budget import dots_left
        from moot_client.views.rows import record, statements
        from moot_shared.kinds import Issue, Vote

        key = self.target
        found = record(self.desk.db, key)
        if found and isinstance(found.row, Issue) and (found.row.archived or found.row.status == "closed"):
            state = "put away" if found.row.archived else "closed"
            self.status.say(f"This is {state}, so dots on it do not count. {key_of('edit')} opens it again")
            return
        mine = [said.row for said in statements(self.desk.db, Vote, key) if said.row.author == self.desk.me]
        dots, why = (mine[0].dots, mine[0].why) if mine else (0, "")
        left = dots_left(self.desk.db, self.desk.me, without=key)
        await self.open_bar(VoteBar(self.desk, key, dots, why, left, subject))

    def on_vote_bar_kept(self, event: VoteBar.Kept) -> None:
        """These dots."""
        from moot_client.replica.commands import Say

        why = event.why.strip()
        if (event.dots, why) == event.bar.stands:
            self.close_bar()
            self.status.say("Nothing was changed")
            return
        done = f"Your dots: {self.desk.signs.dots(event.dots)}" if event.dots else "Your dots are taken back"
        command = Say("vote", event.bar.key, {"dots": event.dots, "why": why})
        self._say_from(event.bar, command, done, "your vote")

    async def action_pledge(self, subject: str = "") -> None:
        """Hours, in one line; `subject` names a draft that is kept beside another one."""
        from moot_client.tui.forms.drafts import HOURS
        from moot_client.tui.widgets.linebar import LineBar
        from moot_client.views.issue import issue_page

        page = issue_page(self.desk.db, self.desk.me, self.target)
        had = f"{page.row.my_hours:g}" if page.row.my_hours else ""
        self._pledging = self.target
        bar = LineBar("hours", "Hours you would give", "Enter keeps, 0 takes back", had)
        bar.keep_in(self.desk, HOURS, subject or self.target)
        await self.open_bar(bar)

    def on_line_bar_kept(self, event: LineBar.Kept) -> None:
        """What was asked for in a line: the words to find, or hours."""
        if event.bar.name == "find":
            self.close_bar()
            self.view.list.focus()
        elif event.bar.name == "hours":
            self._pledge(event.bar, event.words)

    def _pledge(self, bar: Bar, words: str) -> None:
        from moot_client.replica.commands import Say
        from moot_shared.kinds import Pledge

        try:
            hours = Pledge.fields["hours"].check(words or "0")
        except InputError as error:
            self.status.say(str(error), care=True)
            return
        done = f"You would give {hours:g} h" if hours else "Your hours are taken back"
        self._say_from(bar, Say("pledge", self._pledging, {"hours": hours}), done, "your hours")

    async def action_comment(self, subject: str = "") -> None:
        """A remark, typed in place."""
        from moot_client.tui.widgets.commentbox import CommentBox

        await self.open_bar(
            CommentBox(self.desk, subject or f"{self.target}/", f"About {self._title(self.target)}")
        )

    async def change_comment(self, key: StatementKey) -> None:
        """One's own remark again, to change it."""
        from moot_client.tui.widgets.commentbox import CommentBox
        from moot_client.views.rows import statements
        from moot_shared.kinds import Comment

        said = next(row.row for row in statements(self.desk.db, Comment) if row.row.key == key)
        await self.open_bar(CommentBox(self.desk, key.subject, "Your comment, changed", said.text))

    async def on_comment_box_done(self, event: CommentBox.Done) -> None:
        """Say the remark, or keep it as a draft."""
        from moot_client.replica.commands import Say

        box = event.box
        if event.words is None:
            await self._leave_bar(box, "Your draft is kept", f"{key_of('comment')} goes on with it")
            return
        if await self.carried_out(Say("comment", box.subject, {"text": event.words}), "Said", "your comment"):
            if box.keeper is not None:
                await box.keeper.forget()
            self.close_bar(said=True)

    def _title(self, key: str) -> str:
        from moot_client.views.rows import record

        found = record(self.desk.db, key)
        return found.row.title_line if found else ""
