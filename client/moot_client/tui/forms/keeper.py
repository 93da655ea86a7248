"""Drafts, saved at every pause: what was typed is on disk before anybody says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from textual.timer import Timer
from textual.widget import Widget

from moot_client.tui.desk import Desk
from moot_client.tui.screens.base import MootScreen
from moot_shared.errors import MootError

PAUSE_S = 0.6
LONGEST_S = 4.0


class Keeper:
    """Keeps one form's draft. `collect` gives the fields as they stand, or {} to keep nothing.

    `told` shows a short note beside the title: that these words are saved, and '' from the first key
    after that until newer ones are; or that they are not. Why not goes to the status line.
    """

    def __init__(
        self,
        owner: Widget,
        desk: Desk,
        form: str,
        subject: str,
        collect: Callable[[], Mapping[str, str]],
        told: Callable[[str, bool], None],
    ) -> None:
        self.form, self.subject = form, subject
        self._owner, self._desk = owner, desk
        self._collect, self._told = collect, told
        self._pause: Timer | None = None
        self._patience: Timer | None = None
        self._kept: dict[str, str] | None = None
        self._note = ""  # what the last save said
        self._noted = False  # and whether that stands on screen
        self._troubled = False

    def began_with(self, fields: Mapping[str, str]) -> None:
        """What is on disk already."""
        self._kept = dict(fields)

    @property
    def keeps(self) -> bool:
        """Whether there is a draft on disk."""
        return bool(self._kept)

    def touched(self) -> None:
        """Something was typed: save at the next pause, and in any case before long."""
        if self._noted and not self._troubled:
            self._noted = False
            self._told("", False)
        if self._pause is not None:
            self._pause.stop()
        self._pause = self._owner.set_timer(PAUSE_S, self._due)
        if self._patience is None:
            self._patience = self._owner.set_timer(LONGEST_S, self._due)

    def _due(self) -> None:
        self._owner.run_worker(self.save(), group="drafts", exit_on_error=False)

    def _rest(self) -> None:
        for timer in (self._pause, self._patience):
            if timer is not None:
                timer.stop()
        self._pause = self._patience = None

    async def save(self) -> bool:
        """Save now if there is anything new; False where it could not be."""
        self._rest()
        fields = dict(self._collect())
        if fields == (self._kept or {}):
            self._saved(fields)
            return True
        replica = self._desk.replica
        try:
            await self._desk.write(lambda: replica.save_draft(self.form, self.subject, fields))
        except MootError as error:
            self._not_saved(error)
            return False
        self._kept = fields
        self._note = f"draft saved {self._desk.when(self._desk.now())}"
        self._saved(fields)
        return True

    def _saved(self, fields: Mapping[str, str]) -> None:
        """Say so, unless more was typed meanwhile: then the next save says it."""
        if not self._owner.is_attached:
            return
        if self._troubled:
            self._troubled = False
            if isinstance(self._owner.screen, MootScreen):
                self._owner.screen.status.hush()
            self._told("", False)
        if self._note and any(fields.values()) and dict(self._collect()) == fields:
            self._noted = True
            self._told(self._note, False)

    def _not_saved(self, error: MootError) -> None:
        self._troubled = self._noted = True
        if self._owner.is_attached:
            self._told("draft not saved", True)
            if isinstance(self._owner.screen, MootScreen):
                words = f"Your draft cannot be saved, so it stays open here. {error}"
                self._owner.screen.status.say(words, care=True)

    def save_now(self) -> None:
        """Save on this thread, at once: Moot is about to break."""
        self._rest()
        fields = dict(self._collect())
        if fields != (self._kept or {}):
            self._desk.replica.save_draft(self.form, self.subject, fields)
            self._kept = fields

    async def said(self) -> bool:
        """The words have been said: what is worth keeping now was typed meanwhile. Whether anything was."""
        self._rest()
        replica = self._desk.replica
        while True:  # more may be typed while this is written
            fields = dict(self._collect())
            await self._desk.write(partial(replica.save_draft, self.form, self.subject, fields))
            self._kept = fields
            if dict(self._collect()) == fields:
                return bool(fields)

    async def forget(self) -> None:
        """The words have been said: the draft is done with."""
        self._rest()
        replica = self._desk.replica
        await self._desk.write(lambda: replica.forget_draft(self.form, self.subject))
        self._kept = {}
