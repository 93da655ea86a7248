"""Coming to a community, and putting one on a relay. All of these block until it is done.

Whatever is broken off can be done again: where nothing has come of it, no folder is left; where a
join was written but the relay has not confirmed it, the next sync finishes it with the same invite.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from moot_client.home import Home, Place
from moot_client.replica.founding import member_of, prepare_join
from moot_client.replica.outside import REAL
from moot_client.replica.replica import Replica
from moot_client.sync import ways
from moot_client.sync.address import relay_address
from moot_client.sync.credentials import Credentials
from moot_client.sync.events import Event
from moot_client.sync.once import at_once, exchange, exchange_at, no_relay
from moot_client.sync.trouble import RelayRefused
from moot_shared.errors import InputError, MootError
from moot_shared.identity import Identity
from moot_shared.trust.lines import CommunityLine, DeviceLine, InviteLine, Line, parse_line
from moot_shared.wire.signed import read_hosting_key

Report = Callable[[Event], None]


def unheard(event: Event) -> None:
    """Nobody is told how it goes."""


def join(
    home: Home,
    line: InviteLine | str,
    name: str,
    identity: Identity | None = None,
    ca_file: str | None = None,
    report: Report = unheard,
) -> Place:
    """Join by an invite, under a name; the community is here and the relay has stored the join.

    `report` is told how it goes, in a thread of its own.

    Raises RelayRefused (`code` 'spent invite', 'expired invite', 'revoked invite', 'bad invite')
    or Unreachable; InputError where the line is no invite or one is a member already.
    """
    line = _as(line, InviteLine, "one that begins with moot-invite:")
    known = identity or member_of(home) or home.unfinished(line.community)  # a join that was cut off
    identity = known or Identity.generate(REAL.random)

    def prepare() -> Place:
        place = prepare_join(
            home, line.community, identity, name, line.name_of_community, relay_address(line.url)
        )
        with _opened(place) as replica:
            ways.keep_invite(replica, line.secret)
        return place

    return _arrive(home, line.community, prepare, ca_file, report)


def add_device(
    home: Home, line: DeviceLine | str, ca_file: str | None = None, report: Report = unheard
) -> Place:
    """The same member on this machine too, by the line that `device add` gave on the first one."""
    line = _as(line, DeviceLine, "one that begins with moot-device:")
    member, community_name, url = line.member_name, line.community_name, _url(line.url)
    identity = Identity.from_seed(line.seed)
    return _arrive(
        home,
        line.community,
        lambda: prepare_join(home, line.community, identity, member, community_name, url),
        ca_file,
        report,
    )


def recover(
    home: Home,
    line: CommunityLine | str,
    words: str | Sequence[str],
    ca_file: str | None = None,
    report: Report = unheard,
) -> Place:
    """The same member again, by the recovery words and the community's line."""
    line = _as(line, CommunityLine, "one that begins with moot-community:")
    name, url, identity = line.name, _url(line.url), Identity.from_words(words)
    return _arrive(
        home,
        line.community,
        lambda: prepare_join(home, line.community, identity, "", name, url),
        ca_file,
        report,
    )


def host(
    replica: Replica, url: str, hosting_key: str, ca_file: str | None = None, report: Report = unheard
) -> None:
    """Put a community on a relay: all of it is stored there when this returns.

    Also fills again a relay that was emptied. `replica` finds the relay there from now on; where the
    community already names another home, `relay set` says the new one to everybody.
    """
    url, key = relay_address(url), read_hosting_key(hosting_key)
    asyncio.run(exchange_at(replica, url, Credentials("host", hosting_key=key), at_once(ca_file), report))
    replica.set_relay_url(url)
    home = Home(replica.place.folder.parents[1], replica.outside.disk.files)
    home.keep(replace(replica.place, relay=url))  # beside the store as well, should that be lost
    ways.arrived(replica, url)


def _arrive(
    home: Home, community: bytes, prepare: Callable[[], Place], ca_file: str | None, report: Report
) -> Place:
    """Make the folder, pull everything into it, and leave no trace where nothing came of it."""
    before = next((place for place in home.places() if place.community == community), None)
    if before is not None:
        with _opened(before) as replica:
            if replica.joined():
                raise InputError(f"You are in {before.name} on this machine already. Open it with: moot.")
    place = prepare()
    try:
        with _opened(place) as replica:
            asyncio.run(_pull(replica, ca_file, report))
            place = _named(home, place, replica)
    except MootError as error:
        if before is None and not _begun(place, error):
            shutil.rmtree(place.folder, ignore_errors=True)
        raise
    home.opened(place)
    return place


async def _pull(replica: Replica, ca_file: str | None, report: Report) -> None:
    await exchange(replica, at_once(ca_file), report)
    if not replica.joined():
        raise InputError("The relay has this community, but you are not among its members.")


def _begun(place: Place, error: MootError) -> bool:
    """Whether a join was written that the relay may have stored: then the next sync goes on with it."""
    if isinstance(error, RelayRefused):
        return False
    with _opened(place) as replica:
        return replica.joined()


def _named(home: Home, place: Place, replica: Replica) -> Place:
    """Write down what the community and this member are called, now that it is known."""
    named = replace(
        place,
        name=replica.community_name() or place.name,
        member_name=place.member_name or _my_name(replica),
    )
    if named != place:
        home.keep(named)
    return named


def _my_name(replica: Replica) -> str:
    row = replica.reader().execute(
        "SELECT json_extract(value, '$.name') FROM statement WHERE key = ?", (f"{replica.me}/profile/me",)
    ).fetchone()  # fmt: skip
    return str(row[0]) if row and row[0] else ""


L = TypeVar("L", InviteLine, DeviceLine, CommunityLine)


def _as(line: L | str, kind: type[L], what: str) -> L:
    """A pasted line, if it is of the kind that is needed."""
    read: Line = parse_line(line) if isinstance(line, str) else line
    if not isinstance(read, kind):
        raise InputError(f"This line is another one than is needed here: {what}.")
    return read


def _url(url: str | None) -> str:
    if not url:
        raise no_relay()
    return relay_address(url)


class _opened:  # noqa: N801  reads as what it is: with _opened(place) as replica
    """A replica for the length of a block."""

    def __init__(self, place: Place) -> None:
        self._replica = Replica.open(place)

    def __enter__(self) -> Replica:
        return self._replica

    def __exit__(self, *_: object) -> None:
        self._replica.close()
