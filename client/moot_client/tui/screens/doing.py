"""Carrying out what was asked for, and taking it back.

Each act imports what it works with: the first picture waits for none of it (`tui/arriving/later.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from textual.events import Idle, Key

from moot_client.tui.commands.registry import COMMANDS, key_of
from moot_client.tui.screens.base import MootScreen
from moot_shared.errors import MootError

if TYPE_CHECKING:
    from moot_client.replica.commands import Command
    from moot_client.tui.desk import Desk
    from moot_client.tui.places.view import PlaceView
    from moot_client.tui.words.undo import DraftAgain, Inverse


SOON_S = 0.02


class Doing(MootScreen):
    """For a screen that has a `view` with something selected."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._held: list[ExitStack] = []

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

    async def carried_out(
        self, command: Command, done: str, undo: str, under_way: Awaitable[object] | None = None
    ) -> bool:
        """The same, to wait for; False where it did not work. What is `under_way` is not done again."""
        with self.one_picture():
            try:
                await (under_way or self.desk.do(command, undo))
            except MootError as error:
                self.status.say(str(error), care=True)
                return False
            self.status.say(self.and_where(f"{done}. {key_of('undo')} takes it back" if undo else done))
        self.view.load(adopt=False, mine=True)
        self.show_standing()
        self.refresh_bindings()
        self.moot.nudge()
        return True

    def on_idle(self, event: Idle) -> None:
        """What waits for the next picture waits for one that is held as well."""
        if self._held:
            event.prevent_default()

    def one_picture(self) -> ExitStack:
        """What a key does and what comes of it, painted together, where that comes soon enough."""
        held = ExitStack()
        held.callback(self.check_idle)  # for what waits until it is painted
        held.callback(self.paint)
        held.callback(self._held.remove, held)
        held.enter_context(self.app.batch_update())
        self._held.append(held)
        asyncio.get_running_loop().call_later(SOON_S, held.close)
        return held

    # -- taking back ---------------------------------------------------------------------------------

    def action_undo(self) -> None:
        """Take back what was done last."""
        entry = self.desk.undo.pop()
        if entry is not None:
            words, inverse = entry
            self.run_worker(self._taken_back(words, inverse), group="doing", exit_on_error=False)

    def on_key(self, event: Key) -> None:
        """The key that takes back, where it does nothing and is not on the keys line: it says why."""
        if event.key in COMMANDS["undo"].keys_now and not self.desk.undo.entries:
            self.status.say(
                "There is nothing left to take back here: "
                f"{key_of('undo')} takes back what you did since Moot opened"
            )

    async def _taken_back(self, words: str, inverse: Inverse) -> None:
        from moot_client.tui.words.undo import DraftAgain, StillMine

        if isinstance(inverse, DraftAgain):
            back, said = StillMine(None, (inverse,), ()), "Your draft is back"
        else:
            back, said = inverse.now(self.desk.db), f"Taken back: {words}"
            said += self._again(back.drafts)
        try:  # the drafts first: words are never nowhere
            for draft in back.drafts:
                await self._kept_again(draft)
        except MootError as error:
            self.desk.undo.push(words, inverse)
            self.status.say(str(error), care=True)
            return
        left = (
            f"Changed again since, and left as it is: {', '.join(back.stays) or words}" if back.stays else ""
        )
        if back.command is None:
            self.status.say(left or said, care=bool(left))
        elif not await self.carried_out(back.command, f"{said}. {left}" if left else said, ""):
            self.desk.undo.push(words, inverse)
            return
        self.view.load(adopt=True, mine=True)
        self.refresh_bindings()

    def _again(self, drafts: Sequence[DraftAgain]) -> str:
        """What becomes of words that were said: nobody can be made not to have read them."""
        if not drafts:
            return ""
        alone = not self._read_standing().relay
        return ". Your words are your draft again" + ("" if alone else "; others may have read them")

    async def _kept_again(self, draft: DraftAgain) -> None:
        """A draft as it was; where another one was begun since, beside it."""
        from moot_client.tui.forms.drafts import PASTED

        replica, subject = self.desk.replica, str(self.desk.now())

        def keep() -> None:
            stood = replica.change_draft(draft.form, draft.subject, lambda stands: draft.beside(stands)[0])
            rest = draft.beside(stood)[1]
            if rest:
                replica.keep_draft(PASTED, subject, {"text": rest}, {})

        await self.desk.write(keep)
