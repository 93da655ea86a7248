"""A relay from its options: the folder, the store in it, and a core over the store.

Whoever brings another core (`--open`) or another store (`--database`) chooses it in `_core` and `_store`;
nothing else of the command line asks which one it is. `Relay.core` makes the core from what is stored,
at the start and again once a backup was put back under a running relay.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from moot_server.commands import database
from moot_server.commands.database import Neighbours
from moot_server.commands.options import folder_of
from moot_server.events import Core
from moot_server.limiting import limited
from moot_server.members.core import Core as MembersCore
from moot_server.members.names import Names
from moot_server.stock.core import OpenCore
from moot_server.stock.snapshots import Snapshots
from moot_server.storage import leftovers
from moot_server.storage.closed import ClosedLog
from moot_server.storage.folder import Folder
from moot_server.storage.schema import COMMUNITIES
from moot_server.storage.schema import OPEN as OPEN_KIND
from moot_server.storage.sqlite import SqliteStore
from moot_server.storage.store import Store
from moot_server.viewing.core import ViewingCore
from moot_server.watching.figures import Figures
from moot_shared.errors import StorageError
from moot_shared.limits import DEFAULT, OPEN, Limits
from moot_shared.wire.address import read_address
from moot_shared.wire.signed import HOSTING_KEY_BYTES

if TYPE_CHECKING:
    from moot_server.storage.postgres.store import PostgresStore


@dataclass(frozen=True, slots=True)
class Relay:
    """What a relay is made of."""

    folder: Folder
    store: Store
    limits: Limits
    core: Callable[[], Core]
    """A core over what is stored now."""
    listens: Callable[[str], None]
    """Told the address on which it listens, where that is one."""
    figures: Figures
    open: bool = False
    """Whether it is for everybody who reaches it."""
    database: str = ""
    """The address of its database, without a password; '' where it keeps everything in its folder."""
    neighbours: Neighbours | None = None
    """The other relays that share the database."""


@contextmanager
def assembled(words: argparse.Namespace) -> Iterator[Relay]:
    """The relay that these options ask for, its folder held; MootError says what stands in the way."""
    limits = limited(words.limit, OPEN if words.open else DEFAULT)
    names = [read_address(name) for name in words.name]
    with (
        closing(Folder.open(folder_of(words), new_key=not words.database)) as folder,
        closing(_store(words, folder)) as store,
        closing(ClosedLog(folder.closed)) as closed,
        closing(Snapshots(store)) as snapshots,
    ):
        leftovers.of_restores(folder.path)
        shared = bool(words.database)
        if words.open:
            figures = _counting(store)
            relay = Relay(
                folder, store, limits,
                lambda: OpenCore(store, limits, snapshots.grown, figures, shared=shared),
                _unheard, figures, open=True,
            )  # fmt: skip
        else:
            relay = _core(folder, store, closed, limits, names, snapshots, shared=shared)
        if words.database:
            others = database.neighbours(
                words.database, cast("PostgresStore", store), lambda: relay.figures.connections_now > 0
            )
            relay = replace(relay, database=database.shown(words.database), neighbours=others)
        yield relay


def _unheard(address: str) -> None:
    """An open relay's address proves nothing."""


def _store(words: argparse.Namespace, folder: Folder) -> Store:
    if words.database:
        store: Store = _shared(words.database, folder)
    else:
        database.refuse_moved(folder.path)
        store = file = SqliteStore(folder.store)
        file.make_room()
    try:
        store.settle(OPEN_KIND if words.open else COMMUNITIES)
    except StorageError:
        store.close()
        raise
    return store


def _shared(url: str, folder: Folder) -> PostgresStore:
    """The store that relays share, and the hosting key with it: the folder's, where there is none yet."""
    store = database.opened(url)
    folder.hosting_key = store.hosting_key(folder.hosting_key or os.urandom(HOSTING_KEY_BYTES))
    return store


def _core(
    folder: Folder,
    store: Store,
    closed: ClosedLog,
    limits: Limits,
    names: list[str],
    snapshots: Snapshots,
    *,
    shared: bool,
) -> Relay:
    known, figures = Names(store, names), _counting(store)

    def core() -> Core:
        members = MembersCore(
            store, closed, folder.hosting_key, os.urandom, limits, known, figures, shared=shared
        )
        return ViewingCore(members, store, limits, snapshots.grown, figures)

    return Relay(folder, store, limits, core, known.listens, figures)


def _counting(store: Store) -> Figures:
    figures = Figures()
    store.committed = figures.commit_seconds.add
    return figures
