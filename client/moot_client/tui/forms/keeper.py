"""Drafts, saved at every pause: what was typed is on disk before anybody says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.timer import Timer
from textual.widget import Widget

from moot_client.tui.desk import Desk
from moot_shared.errors import MootError

PAUSE_S = 0.6
LONGEST_S = 4.0


class Keeper:
    """Keeps one form's draft. `collect` gives the fields as they stand, or {} to keep nothing."""

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

    def began_with(self, fields: Mapping[str, str]) -> None:
        """What is on disk already."""
        self._kept = dict(fields)

    def touched(self) -> None:
        """Something was typed: save at the next pause, and in any case before long."""
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
            return True
        replica = self._desk.replica
        try:
            await self._desk.write(lambda: replica.save_draft(self.form, self.subject, fields))
        except MootError as error:
            self._told(f"The draft could not be saved: {error}", True)
            return False
        self._kept = fields
        if any(fields.values()):
            self._told(f"draft saved {self._desk.when(self._desk.now())}", False)
        return True

    def save_now(self) -> None:
        """Save on this thread, at once: Moot is about to break."""
        fields = dict(self._collect())
        if fields != (self._kept or {}):
            self._desk.replica.save_draft(self.form, self.subject, fields)

    async def forget(self) -> None:
        """The words have been said: the draft is done with."""
        self._rest()
        replica = self._desk.replica
        await self._desk.write(lambda: replica.forget_draft(self.form, self.subject))
        self._kept = {}
