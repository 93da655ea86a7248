"""What one can do about who belongs: each act opens a form that says first what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moot_client.tui import who
from moot_client.tui.screens.acting import Acting

if TYPE_CHECKING:
    from moot_client.tui.forms.spec import FormSpec


class Belonging(Acting):
    """The acts, for a screen that has a `view` with a member, a question or an invite selected."""

    async def open_form(self, spec: FormSpec) -> None:
        """Type into a form."""
        raise NotImplementedError

    async def action_remove(self) -> None:
        """End somebody's membership."""
        from moot_client.tui.forms import belonging

        await self.open_form(belonging.removal_spec(self.desk, who.subject(self.target)))

    async def action_depart(self) -> None:
        """End one's own."""
        from moot_client.tui.forms import belonging

        await self.open_form(belonging.leaving_spec(self.desk))

    async def action_convenor(self) -> None:
        """Name a convenor; who is none proposes it, or agrees."""
        from moot_client.tui.forms import belonging

        proposal = who.proposal(self.desk, self.target)
        if proposal is not None and not who.everybody(self.desk)[self.desk.me].convenes:
            await self.open_form(belonging.agree_spec(proposal))
        else:
            whom = proposal.whom if proposal is not None else who.member(self.desk, self.target)
            await self.open_form(belonging.convenor_spec(self.desk, whom))

    async def action_step_down(self) -> None:
        """Lay the role of a convenor down."""
        from moot_client.tui.forms import belonging

        await self.open_form(belonging.step_down_spec(self.desk))

    async def action_claim(self) -> None:
        """Say that the selected member was oneself."""
        from moot_client.tui.forms import belonging

        await self.open_form(belonging.claim_spec(self.desk, who.member(self.desk, self.target)))

    async def action_vouch(self) -> None:
        """Say that somebody is who they say they were."""
        from moot_client.tui.forms import belonging

        claim = who.claim(self.desk, self.target)
        if claim is not None:
            await self.open_form(belonging.vouch_spec(claim))

    async def action_take_back(self) -> None:
        """Take an invite back."""
        from moot_client.tui.forms import belonging

        row = who.invite(self.desk, self.target)
        if row is not None:
            await self.open_form(belonging.take_back_spec(row))

    def put_question_away(self) -> None:
        """Do not ask again on this machine; People still lists it."""
        from moot_client.views.today import PUT_AWAY, put_away

        asked, replica = self.target, self.desk.replica

        async def put_away_for_good() -> None:
            away = sorted(put_away(self.desk.db) | {asked})
            await self.desk.write(lambda: replica.set_own(PUT_AWAY, away))
            if self.view.deep and not self.view.wide:
                self.view.back()
            self.view.load(adopt=True, mine=True)
            self.status.say("Today asks you no more; People still lists it")

        self.run_worker(put_away_for_good(), group="doing", exit_on_error=False)
