"""Inviting somebody: for whom, how often, how long; then the line to send."""

from __future__ import annotations

from typing import Any

from typing_extensions import override

from moot_client.replica.commands import MakeInvite
from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.forms.spec import FieldError, FormSpec
from moot_client.tui.screens.form import FormScreen
from moot_client.tui.screens.line import LineScreen
from moot_shared.errors import MootError
from moot_shared.kinds.fields import Choice, Count, Field
from moot_shared.kinds.trust import ROLES

DAY_MS = 86_400_000
NO_RELAY = (
    "Whom you invite comes in by a relay, and this community is on none yet: no line can be made. "
    "{}, {} and {} put it on one."
)
_FIELDS: dict[str, Field[Any]] = {
    "role": Choice("Role", ROLES, help="a convenor may invite convenors, and move the relay"),
    "uses": Count("For how many", least=1, most=500, default=1),
    "days": Count("Good for days", least=1, most=365, default=14),
}


def _no_relay() -> str:
    return NO_RELAY.format(*map(key_of, ("stop_typing", "details", "host")))


class InviteScreen(FormScreen):
    """A short form; its answer is a line, not a record, and nothing of it is kept as a draft."""

    def __init__(self, desk: Desk) -> None:
        spec = FormSpec(
            form="invite",
            subject="",
            title="Invite somebody",
            finish="make the line",
            fields=_FIELDS,
            command=lambda values, base: None,
            done="Invited",
            new=True,
            words="" if desk.replica.relay_url() else _no_relay(),
        )
        super().__init__(desk, spec, "People")

    @override
    def on_mount(self) -> None:
        super().on_mount()
        for name, words in self.moot.left_words.pop(self.spec.form, {}).items():
            self.row(name).words = words

    def _collect(self) -> dict[str, str]:
        return {}

    @override
    async def action_stop_typing(self) -> None:
        """Esc: what was chosen is there again when one comes back."""
        self.moot.left_words[self.spec.form] = self._words()
        await super().action_stop_typing()

    async def action_finish_typing(self) -> None:
        """Ctrl+S: make the line and show it."""
        try:
            values = self.spec.checked(self._words())
        except FieldError as error:
            self._rows[error.field].trouble(str(error))
            self._rows[error.field].enter()
            return
        self.run_worker(self._make(values), group="finishing", exit_on_error=False)

    async def _make(self, values: dict[str, str]) -> None:
        uses, days = int(values["uses"]), int(values["days"])
        try:
            line = await self.desk.do(MakeInvite(values["role"], uses, self.desk.now() + days * DAY_MS))
        except MootError as error:
            self.status.say(str(error), care=True)
            return
        self.moot.nudge()
        self.dismiss(None)
        whom = "one person" if uses == 1 else f"{uses} people"
        words = (
            f"Send this line to whom you invite, over a channel that you trust. It lets {whom} in, for "
            f"{days} days. Whoever has it can use it."
        )
        self.app.push_screen(LineScreen(self.desk, "An invite", words, str(line)))
