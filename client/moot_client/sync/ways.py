"""Where a community's relay may be found, and as what this machine comes in.

A relay can move. The community then names another home, and whoever learns of it carries the word
once more to where it was (a *farewell*), for those who know that address only. Where the home
does not answer, members go on at an address that did (a *fallback*). A farewell that finds nobody is
tried again some other time: those who know that address only wait there for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from moot_client.replica.replica import Replica
from moot_client.sync.credentials import Credentials
from moot_shared.identity import Identity
from moot_shared.ids import decode_bytes, encode_bytes

_INVITE, _PLACES, _HOME = "sync invite", "sync places", "sync home"
_REMEMBERED = 3
FAREWELLS = 10
"""How often a farewell is tried where nobody answers."""


class Place(NamedTuple):
    """An address where this machine has been, and what was known there when it left."""

    url: str
    told: str
    """Which word on the home the relay there has heard from this machine."""
    tries: int = 0
    """How many farewells found nobody."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Addresses: the home relay ('' for none), and others at which this machine has been."""

    home: str
    farewells: tuple[str, ...]
    fallbacks: tuple[str, ...]
    tries: int = 0
    """How often the first of the farewells was tried."""

    @property
    def all(self) -> tuple[str, ...]:
        """In the order in which to try them."""
        return (self.home, *self.fallbacks) if self.home else self.fallbacks


def ways(replica: Replica) -> Ways:
    """Where to go now."""
    home, word = replica.relay_url(), replica.relay_word()
    _note_home(replica, home, word)
    others = [place for place in _places(replica) if place.url != home]
    due = sorted((place for place in others if home and place.told != word), key=lambda place: place.tries)
    return Ways(
        home,
        tuple(place.url for place in due),
        tuple(place.url for place in others),
        due[0].tries if due else 0,
    )


def arrived(replica: Replica, url: str) -> None:
    """Everything is exchanged at this address: it knows the home that we know, and an invite is used."""
    places = _places(replica)
    rest = [place for place in places if place.url != url]
    _keep(replica, places, [Place(url, replica.relay_word()), *rest[: _REMEMBERED - 1]])
    if replica.own(_INVITE) is not None and replica.came():
        replica.set_own(_INVITE, None)


def missed(replica: Replica, url: str) -> None:
    """A farewell found nobody: it is tried again, but not for ever."""
    places, word = _places(replica), replica.relay_word()
    _keep(replica, places, [_once_more(place, word) if place.url == url else place for place in places])


def _note_home(replica: Replica, home: str, word: str) -> None:
    """Where the home was until now hears of the move too, also if this machine never came to be there."""
    before, now = replica.own(_HOME), [home, word]
    if before == now:
        return
    places = _places(replica)
    if before and before[0] and before[0] not in (home, *(place.url for place in places)):
        _keep(replica, places, [Place(*before), *places[: _REMEMBERED - 1]])
    replica.set_own(_HOME, now)


def _once_more(place: Place, word: str) -> Place:
    tries = place.tries + 1
    return place._replace(tries=tries) if tries < FAREWELLS else Place(place.url, word)


def credentials(replica: Replica) -> Credentials:
    """As a member, or with the invite that has yet to make us one."""
    kept = replica.own(_INVITE)
    if isinstance(kept, str):
        return Credentials("invite", Identity.from_seed(decode_bytes(kept)))
    return Credentials()


def keep_invite(replica: Replica, secret: bytes) -> None:
    """Hold an invite until the relay has stored the join: a connection may end at any moment."""
    replica.set_own(_INVITE, encode_bytes(secret))


def _places(replica: Replica) -> list[Place]:
    """Addresses where we have been, the last first."""
    kept = replica.own(_PLACES, [])
    return [Place(str(url), str(told), *tries) for url, told, *tries in kept]


def _keep(replica: Replica, before: list[Place], places: list[Place]) -> None:
    if places != before:
        replica.set_own(_PLACES, places)
