"""What takes one line in place: dots, hours, a remark.

Each act imports what it works with: the first picture waits for none of it (`tui/arriving/later.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from moot_client.tui.commands.registry import key_of
from moot_client.tui.screens.in_place import InPlace
from moot_shared.errors import InputError

if TYPE_CHECKING:
    from moot_client.tui.widgets.bars import Bar
    from moot_client.tui.widgets.commentbox import CommentBox
    from moot_client.tui.widgets.linebar import LineBar
    from moot_client.tui.widgets.votebar import VoteBar
    from moot_shared.ids import StatementKey


class Acting(InPlace):
    """For a screen that has a `view` with something selected."""

    async def on_bar_left(self, event: Bar.Left) -> None:
        """Esc."""
        if event.bar.command == "find":
            self.filter("")
        await self.leave_bar(event.bar)

    def filter(self, words: str) -> None:
        """Narrow the list that is shown."""
        raise NotImplementedError

    def finder(self) -> LineBar:
        """The line with the words by which the list is narrowed."""
        from moot_client.tui.widgets.linebar import LineBar

        then = f"Enter keeps it narrow, {key_of('stop_typing')} shows all"
        return self.line("find", lambda: LineBar("find", "/", then, self.filter))

    async def put_up_lines(self) -> None:
        """Each is there when its key is pressed."""
        for line in (self.finder(), self._dots(), self._hours()):
            await self.put_up(line)

    # -- dots, hours, remarks --------------------------------------------------------------------------

    async def action_vote(self, subject: str = "") -> None:
        """Dots, in one line; `subject` names a draft that is kept beside another one."""
        from moot_client.views.budget import dots_left
        from moot_client.views.rows import record, statement
        from moot_shared.kinds import Issue, Vote

        key = self.target
        found = record(self.desk.db, key)
        if found and isinstance(found.row, Issue) and (found.row.archived or found.row.status == "closed"):
            state = "put away" if found.row.archived else "closed"
            self.status.say(f"This is {state}, so dots on it do not count. {key_of('edit')} opens it again")
            return
        mine = statement(self.desk.db, f"{self.desk.me}/vote/{key}")
        dots, why = (mine.row.dots, mine.row.why) if mine and isinstance(mine.row, Vote) else (0, "")
        left = dots_left(self.desk.db, self.desk.me, without=key)
        await self.open_bar(lambda: self._dots().begin(key, dots, why, left, subject or key))

    def _dots(self) -> VoteBar:
        from moot_client.tui.widgets.votebar import VoteBar

        return self.line("vote", lambda: VoteBar(self.desk, self._vote_kept))

    async def _vote_kept(self, bar: VoteBar, dots: int, why: str) -> None:
        from moot_client.replica.commands import Say

        why = why.strip()
        if (dots, why) == bar.stands:
            await self._nothing_new()
            return
        done = f"Your dots: {self.desk.signs.dots(dots)}" if dots else "Your dots are taken back"
        await self.say_from(bar, Say("vote", bar.key, {"dots": dots, "why": why}), done, "your vote")

    async def _nothing_new(self) -> None:
        if await self.no_bar():
            self.status.say("Nothing was changed")

    async def action_pledge(self, subject: str = "") -> None:
        """Hours, in one line; `subject` names a draft that is kept beside another one."""
        from moot_client.tui.forms.drafts import HOURS
        from moot_client.views.issue import issue_page

        key = self.target
        page = issue_page(self.desk.db, self.desk.me, key)
        had = f"{page.row.my_hours:g}" if page.row.my_hours else ""
        await self.open_bar(lambda: self._hours().begin(had, key).keep_in(self.desk, HOURS, subject or key))

    def _hours(self) -> LineBar:
        from moot_client.tui.widgets.linebar import LineBar

        return self.line(
            "pledge", lambda: LineBar("pledge", "Hours you would give", "Enter keeps, 0 takes back")
        )

    async def on_line_bar_kept(self, event: LineBar.Kept) -> None:
        """What was asked for in a line: the words to find, or hours."""
        if event.bar.command == "find":
            self.close_bar()
            self.view.list.focus()
        elif event.bar.command == "pledge":
            await self._pledge(event.bar, event.words)

    async def _pledge(self, bar: LineBar, words: str) -> None:
        from moot_client.replica.commands import Say
        from moot_shared.kinds import Pledge

        try:
            hours = Pledge.fields["hours"].check(words or "0")
            had = Pledge.fields["hours"].check(bar.stands or "0")
        except InputError as error:
            self.status.say(str(error), care=True)
            return
        if hours == had:
            await self._nothing_new()
            return
        done = f"You would give {hours:g} h" if hours else "Your hours are taken back"
        await self.say_from(bar, Say("pledge", bar.about, {"hours": hours}), done, "your hours")

    async def action_comment(self, subject: str = "") -> None:
        """A remark, typed in place."""
        from moot_client.tui.widgets.commentbox import CommentBox

        subject, about = subject or f"{self.target}/", f"About {self._title(self.target)}"
        await self.open_bar(lambda: CommentBox(self.desk, subject, about))

    async def change_comment(self, key: StatementKey) -> None:
        """One's own remark again, to change it."""
        from moot_client.tui.widgets.commentbox import CommentBox
        from moot_client.views.rows import statement
        from moot_shared.kinds import Comment

        said = statement(self.desk.db, str(key))
        words = said.row.text if said and isinstance(said.row, Comment) else ""
        await self.open_bar(lambda: CommentBox(self.desk, key.subject, "Your comment, changed", words))

    async def on_comment_box_done(self, event: CommentBox.Done) -> None:
        """Say the remark."""
        from moot_client.replica.commands import Say

        box = event.box
        if await self.carried_out(Say("comment", box.subject, {"text": event.words}), "Said", "your comment"):
            if box.keeper is not None:
                await box.keeper.forget()
            self.close_bar()

    def _title(self, key: str) -> str:
        from moot_client.views.rows import record

        found = record(self.desk.db, key)
        return found.row.title_line if found else ""
