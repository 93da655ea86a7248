"""Drafts, saved at every pause: what was typed is on disk before anybody says so.

Another window, or a command, may have a draft in the same place. Each keeper writes over what it has read
or written itself; where something else stands by then, its own draft goes beside that (`store/drafts.py`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial

from textual.timer import Timer
from textual.widget import Widget

from moot_client.tui.desk import Desk
from moot_client.tui.screens.base import MootScreen
from moot_shared.errors import MootError

BESIDE = "Another window has a draft of its own here. Yours is kept beside it: Today lists both."
PAUSE_S = 0.6
LONGEST_S = 2.0


class Keeper:
    """Keeps one form's draft. `collect` gives the fields as they stand, or {} to keep nothing.

    `told` shows a short note beside the title: that these words are saved, and '' from the first key
    after that until newer ones are; or that they are not. Why not goes to the status line. `parts`: the
    fields stand each for themselves, so that two windows can write in one draft.
    """

    def __init__(
        self,
        owner: Widget,
        desk: Desk,
        form: str,
        subject: str,
        collect: Callable[[], Mapping[str, str]],
        told: Callable[[str, bool], None],
        *,
        parts: bool = False,
    ) -> None:
        self.form, self.subject = form, subject
        self._owner, self._desk, self._parts = owner, desk, parts
        self._collect, self._told = collect, told
        self._pause: Timer | None = None
        self._patience: Timer | None = None
        self._read: dict[str, str] = {}  # as it was found
        self._kept: dict[str, str] = {}  # as it was found, or written here
        self._writing = threading.Lock()  # what was kept is known before the next is
        self._beside = False
        self._note = ""  # what the last save said
        self._noted = False  # and whether that stands on screen
        self._troubled = False

    def began_with(self, fields: Mapping[str, str]) -> None:
        """What is on disk already."""
        self._read, self._kept = dict(fields), dict(fields)

    @property
    def fields(self) -> dict[str, str]:
        """What there is to keep."""
        return dict(self._collect())

    @property
    def keeps(self) -> bool:
        """Whether what was kept here last is a draft on disk."""
        return bool(self._kept) and self._kept.items() <= self._on_disk().items()

    def goes_on(self, words: str) -> str:
        """How one comes back to the draft: `words`, or by Today where it had to be kept beside another."""
        return "Today lists it" if self._beside else words

    def came(self) -> dict[str, str]:
        """Where the fields stand each for themselves: what others put in those that I left alone."""
        mine, stands = self._collect(), self._on_disk()
        fresh = {n: w for n, w in stands.items() if mine.get(n) == self._kept.get(n) != w}
        self._kept = {**self._kept, **fresh}
        return fresh

    def _on_disk(self) -> dict[str, str]:
        return self._desk.rows.draft(self.form, self.subject)

    def _stands(self, fields: dict[str, str]) -> bool:
        """Whether nothing is to be written: it is there, or nothing of it was typed here."""
        untouched = fields == self._read == self._kept
        return fields == self._kept and (untouched or fields.items() <= self._on_disk().items())

    def _put(self, fields: dict[str, str]) -> None:
        with self._writing:
            keep = self._desk.replica.keep_draft
            subject = keep(self.form, self.subject, fields, self._kept, parts=self._parts)
            self._beside |= subject != self.subject
            self.subject, self._kept = subject, fields

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
        self._owner.screen.run_worker(self.save(), group="drafts", exit_on_error=False)

    def _rest(self) -> None:
        for timer in (self._pause, self._patience):
            if timer is not None:
                timer.stop()
        self._pause = self._patience = None

    async def save(self) -> bool:
        """Save now if there is anything new; False where it could not be."""
        self._rest()
        fields = self.fields
        beside = self._beside
        try:
            if self._stands(fields):
                self._saved(fields)
                return True
            await self._desk.write(partial(self._put, fields))
        except MootError as error:
            self._not_saved(error)
            return False
        self._note = f"draft saved {self._desk.when(self._desk.now())}"
        self._saved(fields)
        if self._beside and not beside and self._owner.is_attached:
            self._say(BESIDE)
        return True

    def _say(self, words: str, *, care: bool = False) -> None:
        if isinstance(self._owner.screen, MootScreen):
            self._owner.screen.status.say(words, care=care)

    def _saved(self, fields: Mapping[str, str]) -> None:
        """Say so, unless more was typed meanwhile: then the next save says it."""
        if not self._owner.is_attached:
            return
        if self._troubled:
            self._troubled = False
            if isinstance(self._owner.screen, MootScreen):
                self._owner.screen.not_kept = ""
                self._owner.screen.status.hush()
            self._told("", False)
        if self._note and any(fields.values()) and self.fields == fields:
            self._noted = True
            self._told(self._note, False)

    def _not_saved(self, error: MootError) -> None:
        self._troubled = self._noted = True
        if self._owner.is_attached:
            if isinstance(self._owner.screen, MootScreen):
                self._owner.screen.not_kept = str(error)
            self._told("draft not saved", True)
            self._say(f"Your draft cannot be saved, so it stays open here. {error}", care=True)

    def closed(self) -> None:
        """What it keeps is about to hold other words: these are its own from now on."""
        fields = self.fields
        self._collect = lambda: fields

    def save_now(self) -> None:
        """Save on this thread, at once: Moot is about to break."""
        self._rest()
        fields = self.fields
        if not self._stands(fields):
            self._put(fields)

    async def said(self) -> bool:
        """The words have been said: what is worth keeping now was typed meanwhile. Whether anything was."""
        self._rest()
        while True:  # more may be typed while this is written
            fields = self.fields
            await self._desk.write(partial(self._put, fields))
            if self.fields == fields:
                return bool(fields)

    async def forget(self) -> None:
        """The words have been said: the draft is done with, if it is still the one that was kept here."""
        self._rest()
        await self._desk.write(partial(self._put, {}))
