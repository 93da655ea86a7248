"""This machine and the relay: put a community on one, move it, exchange once."""

from __future__ import annotations

import os
from argparse import Namespace

from moot_client.cli.exits import AWAY, DONE
from moot_client.cli.output import json_value, line, note
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session
from moot_client.cli.start import KEY_ENVIRONMENT
from moot_client.cli.telling import exchange
from moot_client.views.news import count
from moot_client.views.people import people
from moot_client.views.rows import statements
from moot_client.views.standing import standing
from moot_shared.errors import ConnectionTrouble, InputError, NotAllowed
from moot_shared.kinds import HomeRelay


def add(commands: Commands) -> None:
    """`host`, `relay set` and `sync`."""
    hosting = commands.command(
        "host", host, "put this community on a relay", "moot host ws://relay.example:8787 HOSTING-KEY"
    )
    hosting.add_argument("url", metavar="URL", help="the address that the relay prints")
    hosting.add_argument(
        "key", nargs="?", metavar="KEY", help=f"the relay's hosting key (else {KEY_ENVIRONMENT})"
    )
    group = commands.group("relay", "run a relay; `relay set`: say where it has moved")
    setting = group.command(
        "set",
        set_relay,
        "say where the relay is now; members learn it when they next sync",
        "moot relay set wss://new-relay.example",
    )
    setting.add_argument("url", metavar="URL")
    commands.command(
        "sync", sync, "one exchange with the relay; returns when all is safe", "moot sync", "moot sync --json"
    )


def host(session: Session, arguments: Namespace) -> None:
    """Host this community."""
    key = arguments.key or os.environ.get(KEY_ENVIRONMENT, "")
    if not key:
        raise InputError(
            "Give the relay's hosting key, which it prints when it starts: moot host URL KEY "
            f"(or {KEY_ENVIRONMENT} in the environment)."
        )
    put_on_relay(session, arguments.url, key)


def put_on_relay(session: Session, url: str, key: str) -> None:
    """Give the community to a relay, and say so."""
    from moot_client.sync import joining

    joining.host(session.replica, url, key)
    if session.as_json:
        json_value({"relay": url})
    else:
        line(f"‘{session.place.name}’ is on {url}. moot invite brings others in.")


def set_relay(session: Session, arguments: Namespace) -> None:
    """Tell the members, and this machine, where the relay is now."""
    from moot_client.replica.commands import Say
    from moot_client.sync.address import relay_address

    url = relay_address(arguments.url)
    if people(session.db, session.me)[session.me].role != "convenor":
        raise NotAllowed("A convenor says where the relay is. moot members shows who is one.")
    said = [home.row.n for home in statements(session.db, HomeRelay)]
    session.do(Say("relay", "home", {"n": 1 + max(said, default=0), "url": url}))
    session.replica.set_relay_url(url)
    _look_there(session, url)
    if session.as_json:
        json_value({"relay": url})
    else:
        line(f"The relay is at {url} from now on. Members learn it when they next sync.")


def _look_there(session: Session, url: str) -> None:
    """Say so where the relay at an address does not have the community, or cannot be asked."""
    from moot_client.sync.once import know_us

    try:
        if know_us(session.replica, url) is False:
            note(f"That relay does not have this community yet. Put it there: moot host {url} KEY.")
    except ConnectionTrouble as error:
        note(str(error))


def sync(session: Session, arguments: Namespace) -> int:
    """One exchange; the exit code says whether the relay has everything of mine."""
    result = exchange(session)
    view = standing(session.db, session.me)
    stored = result.stored and not view.waiting  # something may have been written meanwhile
    if session.as_json:
        where = view.elsewhere or view.relay
        json_value(
            {"stored": stored, "stored_by": where, "received": result.received, "waiting": view.waiting}
        )
    else:
        by = view.elsewhere or "the relay"
        waits = (
            f"{count(view.waiting, 'change')} of yours {'waits' if view.waiting == 1 else 'wait'} to go out"
        )
        line(f"{f'Stored by {by}' if stored else waits}; {count(result.received, 'change')} received.")
        if view.elsewhere:
            note(f"The community's relay, {view.relay}, was not reached.")
        if result.note:
            note(result.note)
    return DONE if stored else AWAY
