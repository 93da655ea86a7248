"""Making an invite: what is said to everybody, and the one line that holds its secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moot_client.replica import acts
from moot_client.replica.commands import MakeInvite
from moot_client.replica.trusting import check_link
from moot_shared.errors import InputError
from moot_shared.identity import Identity
from moot_shared.kinds.trust import ROLES
from moot_shared.trust.invite import VIEW
from moot_shared.trust.lines import InviteLine
from moot_shared.wire.viewing import viewer_link

if TYPE_CHECKING:
    from moot_client.replica.replica import Replica


def make(replica: Replica, command: MakeInvite) -> str:
    """The line to paste, or a viewer link's address; the secret in it is nowhere else."""
    if command.role == VIEW:
        check_link(replica.reader(), replica.me, command.uses)
    elif command.role not in ROLES:
        raise InputError(f"A role is one of: {', '.join(ROLES)}.")
    if command.uses is not None and command.uses < 1:
        raise InputError("An invite is good for one person or more.")
    url = replica.relay_url()
    if not url:
        raise InputError("This community is on no relay yet. Put it on one first: moot host URL KEY.")
    secret = replica.outside.random(32)
    key = Identity.from_seed(secret).key_text
    fields = {"role": command.role, "uses": command.uses, "expires": command.expires}
    replica.write(lambda making: acts.put_statement(making, f"{replica.me}/invite/{key}", fields))
    if command.role == VIEW:
        return viewer_link(url, replica.community, secret)
    line = InviteLine(
        url=url,
        community=replica.community,
        secret=secret,
        name_of_community=replica.community_name(),
        name_of_inviter=replica.place.member_name,
        role=command.role,
        expires=command.expires,
        uses=command.uses,
    )
    return str(line)
