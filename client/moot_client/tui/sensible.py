"""Whether a command makes sense for what is selected, as it stands now; else its key is greyed out.

Asked for every key whenever something else is selected, so what has to be read is read once, until something
else is selected or anything is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from moot_client.tui import who
from moot_client.tui.desk import Desk
from moot_client.tui.targets import kind_of

if TYPE_CHECKING:
    from moot_client.views.people import Member
    from moot_shared.kinds.declaration import Record

ABOUT_BELONGING = frozenset({"remove", "convenor", "step_down", "claim", "vouch", "take_back", "depart"})
LOOKED_UP = ABOUT_BELONGING | {"edit", "put_away", "others", "write"}


class Sensible:
    """What makes sense in one community."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._place: tuple[int, str] | None = None
        self._verdicts: dict[str, bool] = {}
        self._belonging: frozenset[str] | None = None

    def on(self, target: str, action: str) -> bool:
        """Whether an act on the right kind of thing makes sense just now."""
        if action not in LOOKED_UP:
            return True
        place = (self._desk.rows.revision(), target)
        if self._place != place:
            self._place, self._verdicts, self._belonging = place, {}, None
        if action not in self._verdicts:
            self._verdicts[action] = self._judge(action, target)
        return self._verdicts[action]

    def _judge(self, action: str, target: str) -> bool:
        kind = kind_of(target)
        if action == "edit":
            return kind != "member" or target == f"member/{self._desk.me}"
        if action in ABOUT_BELONGING:
            return action in self._acts(target)
        if action == "put_away":
            return kind == "draft" or self._waits_for_me(target)
        if action == "others":
            return kind == "member" or bool((found := self._record(target)) and found.others)
        found = self._record(target)  # to write one's part of a review
        return not (found and found.values.get("ending"))

    def _record(self, key: str) -> Record | None:
        from moot_client.views.rows import record

        found = record(self._desk.db, key)
        return found.row if found else None

    def _waits_for_me(self, question: str) -> bool:
        from moot_client.views.today import put_away

        return "put_away" in self._acts(question) and question not in put_away(self._desk.db)

    def _acts(self, target: str) -> frozenset[str]:
        if self._belonging is None:
            self._belonging = belonging(self._desk, target)
        return self._belonging


def belonging(desk: Desk, target: str) -> frozenset[str]:
    """What can be done about a member, a question or an invite."""
    everybody, kind = who.everybody(desk), kind_of(target)
    mine = everybody[desk.me]
    if not mine.belongs:
        return frozenset()
    if kind == "invite":
        row = who.invite(desk, target)
        may = row is not None and row.open and (row.author.key == mine.key or mine.convenes)
        return frozenset({"take_back"} if may else ())
    if kind == "claim":
        claim = who.claim(desk, target)
        return frozenset({"vouch", "put_away"} if claim is not None and claim.open_to_me else ())
    proposal = who.proposal(desk, target)
    if kind == "proposal":
        asked = proposal is not None and proposal.open_to_me
        may = asked or (proposal is not None and mine.convenes)
        return frozenset([*(["convenor"] if may else []), *(["put_away"] if asked else [])])
    found = _about(everybody[who.subject(target)], mine)
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
