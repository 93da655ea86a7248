"""Where a community's relay may be found, and as what this machine comes in.

A relay can move. The community then names another home, and whoever learns of it carries the word
once more to where it was (a *farewell*), for those who know that address only. Where the home
does not answer, members go on at an address that did (a *fallback*).
"""

from __future__ import annotations

from dataclasses import dataclass

from moot_client.replica.replica import Replica
from moot_client.sync.session import Credentials
from moot_shared.identity import Identity
from moot_shared.ids import decode_bytes, encode_bytes

_INVITE, _PLACES = "sync invite", "sync places"
_REMEMBERED = 3


@dataclass(frozen=True, slots=True)
class Ways:
    """Addresses: the home relay ('' for none), and others at which this machine has been."""

    home: str
    farewells: tuple[str, ...]
    fallbacks: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """In the order in which to try them."""
        return (self.home, *self.fallbacks) if self.home else self.fallbacks


def ways(replica: Replica) -> Ways:
    """Where to go now."""
    home = replica.relay_url()
    others = [(url, told) for url, told in _places(replica) if url != home]
    farewells = tuple(url for url, told in others if home and told != home)
    return Ways(home, farewells, tuple(url for url, _ in others))


def arrived(replica: Replica, url: str) -> None:
    """Everything is exchanged at this address: it knows the home that we know, and an invite is used."""
    places = _places(replica)
    rest = [place for place in places if place[0] != url]
    _keep(replica, places, [(url, replica.relay_url()), *rest[: _REMEMBERED - 1]])
    if replica.own(_INVITE) is not None and replica.joined():
        replica.set_own(_INVITE, None)


def said_farewell(replica: Replica, url: str) -> None:
    """We have been there once more, or have tried to; that is enough."""
    places, home = _places(replica), replica.relay_url()
    _keep(replica, places, [(each, home if each == url else told) for each, told in places])


def credentials(replica: Replica) -> Credentials:
    """As a member, or with the invite that has yet to make us one."""
    kept = replica.own(_INVITE)
    if isinstance(kept, str):
        return Credentials("invite", Identity.from_seed(decode_bytes(kept)))
    return Credentials()


def keep_invite(replica: Replica, secret: bytes) -> None:
    """Hold an invite until the relay has stored the join: a connection may end at any moment."""
    replica.set_own(_INVITE, encode_bytes(secret))


def _places(replica: Replica) -> list[tuple[str, str]]:
    """Addresses where we have been, the last first, each with the home that was known there then."""
    kept = replica.own(_PLACES, [])
    return [(str(url), str(told)) for url, told in kept]


def _keep(replica: Replica, before: list[tuple[str, str]], places: list[tuple[str, str]]) -> None:
    if places != before:
        replica.set_own(_PLACES, places)
