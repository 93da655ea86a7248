"""An exchange with the relay, and what came of it for whoever asked: heard or not, shut out, said twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moot_client.cli.output import note, sentence
from moot_client.cli.session import Session
from moot_client.cli.times import when
from moot_client.views.at_home import SHUT_OUT
from moot_client.views.forks import fork_sentence, forks
from moot_client.views.people import people
from moot_client.views.standing import gone
from moot_shared.errors import ConnectionTrouble, InputError

if TYPE_CHECKING:
    from moot_client.sync.once import Exchanged

ENDED = "removed"


def exchange(session: Session) -> Exchanged:
    """One exchange; what was said twice and noticed meanwhile is told. Raises ConnectionTrouble."""
    from moot_client.sync.once import sync_once

    replica = session.replica  # first of all: where the data file is missing, a sync brings it back
    before = {fork.member.key for fork in forks(session.db, people(session.db, session.me), session.me)}
    try:
        done = sync_once(replica)
    except ConnectionTrouble as error:
        if _ended(error):
            session.replica.set_own(SHUT_OUT, True)
            raise _over(session, error) from error
        raise
    if session.replica.own(SHUT_OUT, False):
        session.replica.set_own(SHUT_OUT, False)
    for fork in forks(session.db, people(session.db, session.me), session.me):
        if fork.member.key not in before:
            note(fork_sentence(fork, when))
    return done


def tell_relay(session: Session) -> str:
    """Let the relay know at once, since it is the one who lets people in; '' or what stood in the way."""
    session.told = True
    try:
        exchange(session)
    except _Over:
        return ""  # it knows, since it has acted on it
    except (ConnectionTrouble, InputError) as error:
        return sentence(error)
    return ""


class _Over(ConnectionTrouble):
    """The relay lets nobody in under this member's key any more."""

    retry = False


def _ended(error: ConnectionTrouble) -> bool:
    from moot_client.sync.trouble import code_of

    return code_of(error) == ENDED


def _over(session: Session, error: ConnectionTrouble) -> ConnectionTrouble:
    """The relay's word that a membership has ended; where this machine knows how, in its words."""
    known = people(session.db, session.me)
    if not known[session.me].removed:
        return error
    over = gone(session.db, session.me)
    return _Over(f"{over}, so the relay no longer lets you in. What is on your machine stays yours.")
