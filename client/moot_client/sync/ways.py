"""Where a community's relay may be found, and as what this machine comes in."""

from __future__ import annotations

from moot_client.replica.replica import Replica
from moot_client.sync.session import Credentials
from moot_shared.identity import Identity
from moot_shared.ids import decode_bytes, encode_bytes

_INVITE, _REACHED = "sync invite", "sync reached"


def ways(replica: Replica) -> list[str]:
    """Addresses to try, best first: the home relay, then the one that answered last.

    A relay may have moved to where nothing answers yet; members go on through the old one, and
    learn there when it moves again.
    """
    found = [replica.relay_url(), str(replica.own(_REACHED, ""))]
    return [url for url in dict.fromkeys(found) if url]


def arrived(replica: Replica, url: str) -> None:
    """Everything is exchanged at this address: it counts, and an invite has done its work."""
    if replica.own(_REACHED, "") != url:
        replica.set_own(_REACHED, url)
    if replica.own(_INVITE) is not None and replica.joined():
        replica.set_own(_INVITE, None)


def credentials(replica: Replica) -> Credentials:
    """As a member, or with the invite that has yet to make us one."""
    kept = replica.own(_INVITE)
    if isinstance(kept, str):
        return Credentials("invite", Identity.from_seed(decode_bytes(kept)))
    return Credentials()


def keep_invite(replica: Replica, secret: bytes) -> None:
    """Hold an invite until the relay has stored the join: a connection may end at any moment."""
    replica.set_own(_INVITE, encode_bytes(secret))
