"""A community's beginning on this machine: founded here, or to be pulled from its relay."""

from __future__ import annotations

from contextlib import closing

from moot_client.home import Home, Place
from moot_client.replica.commands import Create, Say, Together
from moot_client.replica.outside import REAL, Outside
from moot_client.replica.replica import Replica
from moot_shared.document import Document, Edit
from moot_shared.errors import StorageError
from moot_shared.files import remove_folder
from moot_shared.format.change import decode_change
from moot_shared.identity import Identity
from moot_shared.kinds import Community, Profile

FORMAT = 1


def genesis(edit: Edit) -> None:
    """The three operations with which every community begins (docs/architecture.md)."""
    edit.put_unsigned(None, "moot", FORMAT)
    edit.make_map(None, "records")
    edit.make_map(None, "said")


def found_community(
    home: Home, name: str, member: str, identity: Identity | None = None, outside: Outside = REAL
) -> Place:
    """Make a community on this machine; usable before any relay exists."""
    title = Community.check({"name": name}, whole=True)["name"]
    called = Profile.check({"name": member}, whole=True)["name"]
    identity = identity or member_of(home) or Identity.generate(outside.random)
    actor = identity.public_key + outside.random(8)
    chunk = Document(actor).edit(genesis)
    if chunk is None:
        raise StorageError("The community could not be made.")
    place = home.make(decode_change(chunk).hash, identity, name=title, relay="", member_name=called)
    try:
        with closing(Replica.open(place, outside)) as replica:
            replica.begin_with(chunk, actor)
            who = Create("community", {"name": title}), Say("profile", "me", {"name": called})
            replica.do(Together(who))
        home.keep(place)  # only now: one that was cut off before is nobody's community
    except BaseException:
        remove_folder(place.folder, home.files)  # a community without a beginning is in nobody's way
        raise
    home.opened(place)
    return place


def prepare_join(
    home: Home,
    community: bytes,
    identity: Identity,
    member: str,
    name: str,
    relay: str,
    outside: Outside = REAL,
) -> Place:
    """Make the folder for a community that will be pulled from its relay (join, device, recover)."""
    called = Profile.check({"name": member}, whole=True)["name"] if member else ""
    place = home.make(community, identity, name=name, relay=relay, member_name=called)
    with closing(Replica.open(place, outside)) as replica:
        if relay and not replica.store.own("relay"):
            replica.set_relay_url(relay)  # among the rows, where every screen and command looks
    home.keep(place)
    return place


def member_of(home: Home) -> Identity | None:
    """The member who is at home here already, so that one person keeps one set of words."""
    places = home.places()
    return places[0].identity() if places else None
