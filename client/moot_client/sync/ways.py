"""Where a community's relay may be found, and as what this machine comes in.

A relay can move. The community then names another home, and whoever learns of it carries the word
once more to where it was (a *farewell*), for those who know that address only. Where the home
does not answer, members go on at an address that did (a *fallback*). A farewell that finds nobody is
tried again some other time: those who know that address only wait there for it.

Whoever has said that the community moves says so more than once: the relay can be put back to before it
heard of it, and somebody can have written there, or left the community, who did not hear of it either.
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
"""How often a farewell is tried where nobody answers, and said by whoever has said that the home moves."""


class Place(NamedTuple):
    """An address where this machine has been, and what was known there when it left."""

    url: str
    told: str
    """Which word on the home the relay there has heard from this machine."""
    tries: int = 0
    """How many farewells found nobody; once it was told, how often this machine has looked in there."""

    def visited(self, word: str) -> Place:
        """Somebody was there."""
        return Place(self.url, word, self.tries + 1 if self.told == word else 1)

    def missed(self, word: str) -> Place:
        """Nobody was there, once more; in the end one gives up."""
        tries = self.tries + 1
        return Place(self.url, self.told if tries < FAREWELLS else word, tries)


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
    times = FAREWELLS if replica.said_where_home_is() else 0
    due = sorted(
        (place for place in others if home and (place.told != word or place.tries < times)),
        key=lambda place: place.tries,
    )
    return Ways(
        home,
        tuple(place.url for place in due),
        tuple(place.url for place in others),
        due[0].tries if due else 0,
    )


def arrived(replica: Replica, url: str) -> None:
    """Everything is exchanged at this address: it knows the home that we know, and an invite is used."""
    places = _places(replica)
    before = next((place for place in places if place.url == url), Place(url, ""))
    rest = [place for place in places if place.url != url]
    word = replica.relay_word()
    here = Place(url, word) if url == replica.relay_url() else before.visited(word)
    _keep(replica, places, [here, *rest[: _REMEMBERED - 1]])
    if replica.own(_INVITE) is not None and replica.came():
        replica.set_own(_INVITE, None)


def missed(replica: Replica, url: str) -> None:
    """A farewell found nobody: it is tried again, but not for ever."""
    places, word = _places(replica), replica.relay_word()
    _keep(replica, places, [place.missed(word) if place.url == url else place for place in places])


def places(replica: Replica) -> tuple[Place, ...]:
    """The addresses at which this machine has been, or where the home was, the last first."""
    return tuple(_places(replica))


def told(replica: Replica, url: str) -> bool:
    """Whether the relay there has heard from this machine where the community lives."""
    return any(place.url == url and place.told == replica.relay_word() for place in _places(replica))


def _note_home(replica: Replica, home: str, word: str) -> None:
    """Where the home was until now hears of the move too, also if this machine never came to be there."""
    before, now = replica.own(_HOME), [home, word]
    if before == now:
        return
    places = _places(replica)
    new = [place if place.told == word else place._replace(tries=0) for place in places]
    if before and before[0] and before[0] not in (home, *(place.url for place in places)):
        new = [Place(*before), *new[: _REMEMBERED - 1]]
    _keep(replica, places, new)
    replica.set_own(_HOME, now)


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
