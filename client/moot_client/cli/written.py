"""Where what was just said is: told after every command that writes, by the one place that runs them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moot_client.views.at_home import belongs, relay_of

if TYPE_CHECKING:
    from moot_client.cli.session import Session


def where_it_is(session: Session) -> str:
    """Where it is, and whether it goes any further; in which community, where there are several here.

    The relay of a command that went to it at once (`telling.tell_relay`) has been spoken of already.
    """
    where = f"‘{session.place.name}’" if len(session.home.places()) > 1 else ""
    if session.told:
        return f"In {where}." if where else ""
    if not belongs(session.db, session.me):
        from moot_client.views.standing import gone

        return f"On this machine alone{where and f', in {where}'}. {gone(session.db, session.me)}."
    relay = relay_of(session.db) or session.place.relay
    further = "it waits for the next sync" if relay else "the community is on no relay yet"
    return f"On this machine{where and f', in {where}'}; {further}."
