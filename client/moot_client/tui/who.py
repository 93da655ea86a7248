"""Who is selected, or what is asked about them: the member, the question or the invite that a target names.

Each is read as it is now, and imports what it reads with: the first picture needs none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from moot_client.tui.desk import Desk
from moot_client.tui.targets import kind_of

if TYPE_CHECKING:
    from moot_client.views.invites import InviteRow
    from moot_client.views.people import Member, People
    from moot_client.views.questions import Claim, Proposal


def subject(target: str) -> str:
    """What a target is about: a member's key, a question, an invite."""
    return target.partition("/")[2]


def everybody(desk: Desk) -> People:
    """All who are or were here."""
    from moot_client.views.people import people

    return people(desk.db, desk.me)


def member(desk: Desk, target: str) -> Member:
    """The selected member."""
    return everybody(desk)[subject(target)]


def proposal(desk: Desk, target: str) -> Proposal | None:
    """The selected proposal, or the one to answer about the selected member."""
    from moot_client.views.questions import about, proposals

    found = proposals(desk.db, everybody(desk), desk.me)
    if kind_of(target) == "proposal":
        return next((one for one in found if one.subject == subject(target)), None)
    return about(subject(target), found)


def claim(desk: Desk, target: str) -> Claim | None:
    """The selected claim to be who somebody was before."""
    from moot_client.views.questions import claims

    return next(
        (one for one in claims(desk.db, everybody(desk), desk.me) if one.subject == subject(target)), None
    )


def invite(desk: Desk, target: str) -> InviteRow | None:
    """The selected invite."""
    from moot_client.views.invites import invites

    found = invites(desk.db, everybody(desk), desk.now())
    return next((row for row in found if row.key == subject(target)), None)
