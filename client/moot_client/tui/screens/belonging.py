"""What one can do about who belongs: each act opens a form that says first what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moot_client.tui.desk import Desk
from moot_client.tui.screens.acting import Acting
from moot_client.tui.targets import kind_of

if TYPE_CHECKING:
    from moot_client.tui.forms.spec import FormSpec
    from moot_client.views.invites import InviteRow
    from moot_client.views.people import Member, People
    from moot_client.views.questions import Claim, Proposal


class Belonging(Acting):
    """The acts, for a screen that has a `view` with a member, a question or an invite selected."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._looked_at: tuple[int, str] | None = None
        self._sensible: frozenset[str] = frozenset()

    async def open_form(self, spec: FormSpec) -> None:
        """Type into a form."""
        raise NotImplementedError

    # -- what is selected ------------------------------------------------------------------------------

    @property
    def _subject(self) -> str:
        return self.target.partition("/")[2]

    def _known(self) -> People:
        from moot_client.views.people import people

        return people(self.desk.db, self.desk.me)

    def _member(self) -> Member:
        return self._known()[self._subject]

    def _proposal(self) -> Proposal | None:
        """The proposal that is selected, or the one to answer about the selected member."""
        from moot_client.views.questions import about, proposals

        found = proposals(self.desk.db, self._known(), self.desk.me)
        if kind_of(self.target) == "proposal":
            return next((one for one in found if one.subject == self._subject), None)
        return about(self._subject, found)

    def _claim(self) -> Claim | None:
        from moot_client.views.questions import claims

        found = claims(self.desk.db, self._known(), self.desk.me)
        return next((one for one in found if one.subject == self._subject), None)

    def _invite(self) -> InviteRow | None:
        from moot_client.views.invites import invites

        found = invites(self.desk.db, self._known(), self.desk.now())
        return next((row for row in found if row.key == self._subject), None)

    # -- acts --------------------------------------------------------------------------------------------

    async def action_remove(self) -> None:
        """End somebody's membership."""
        from moot_client.tui.forms import belonging

        await self.open_form(belonging.removal_spec(self.desk, self._subject))

    async def action_depart(self) -> None:
        """End one's own."""
        from moot_client.tui.forms import belonging

        await self.open_form(belonging.leaving_spec(self.desk))

    async def action_convenor(self) -> None:
        """Name a convenor; who is none proposes it, or agrees."""
        from moot_client.tui.forms import belonging

        proposal = self._proposal()
        if proposal is not None and not self._known()[self.desk.me].convenes:
            await self.open_form(belonging.agree_spec(proposal))
        else:
            whom = proposal.whom if proposal is not None else self._member()
            await self.open_form(belonging.convenor_spec(self.desk, whom))

    async def action_step_down(self) -> None:
        """Lay the role of a convenor down."""
        from moot_client.tui.forms import belonging

        await self.open_form(belonging.step_down_spec(self.desk))

    async def action_claim(self) -> None:
        """Say that the selected member was oneself."""
        from moot_client.tui.forms import belonging

        await self.open_form(belonging.claim_spec(self.desk, self._member()))

    async def action_vouch(self) -> None:
        """Say that somebody is who they say they were."""
        from moot_client.tui.forms import belonging

        claim = self._claim()
        if claim is not None:
            await self.open_form(belonging.vouch_spec(claim))

    async def action_take_back(self) -> None:
        """Take an invite back."""
        from moot_client.tui.forms import belonging

        row = self._invite()
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

    # -- what makes sense ----------------------------------------------------------------------------------

    def sensible_here(self, action: str) -> bool:
        """Whether an act about who belongs makes sense for what is selected; asked for each key, often."""
        place = (self.desk.rows.revision(), self.target)
        if self._looked_at != place:
            self._looked_at, self._sensible = place, self._look()
        return action in self._sensible

    def _look(self) -> frozenset[str]:
        known, kind = self._known(), kind_of(self.target)
        mine = known[self.desk.me]
        if not mine.belongs:
            return frozenset()
        if kind == "invite":
            row = self._invite()
            may = row is not None and row.open and (row.author.key == mine.key or mine.convenes)
            return frozenset({"take_back"} if may else ())
        if kind == "claim":
            claim = self._claim()
            return frozenset({"vouch", "put_away"} if claim is not None and claim.open_to_me else ())
        proposal = self._proposal()
        if kind == "proposal":
            asked = proposal is not None and proposal.open_to_me
            may = asked or (proposal is not None and mine.convenes)
            return frozenset([*(["convenor"] if may else []), *(["put_away"] if asked else [])])
        found = _about(known[self._subject], mine)
        return found - {"convenor"} if proposal is not None and proposal.mine else found


def _about(member: Member, mine: Member) -> frozenset[str]:
    """What can be done about a member."""
    if member.key == mine.key:
        role = {"convenor": "step_down", "member": "convenor"}.get(mine.role)
        return frozenset({"depart", role} if role else {"depart"})
    found = set()
    if mine.convenes and not member.removed:
        found.add("remove")
    if member.belongs and member.role == "member" and mine.role != "viewer":
        found.add("convenor")
    if not member.me and not member.now:
        found.add("claim")
    return frozenset(found)
