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
from dataclasses import dataclass

from moot_server.commands.options import folder_of
from moot_server.events import Core
from moot_server.limiting import limited
from moot_server.members.core import Core as MembersCore
from moot_server.members.names import Names
from moot_server.stock.core import OpenCore
from moot_server.stock.snapshots import Snapshots
from moot_server.storage.closed import ClosedLog
from moot_server.storage.folder import Folder
from moot_server.storage.schema import COMMUNITIES
from moot_server.storage.schema import OPEN as OPEN_KIND
from moot_server.storage.sqlite import SqliteStore
from moot_server.viewing.core import ViewingCore
from moot_server.watching.figures import Figures
from moot_shared.errors import StorageError
from moot_shared.limits import DEFAULT, OPEN, Limits
from moot_shared.wire.address import read_address


@dataclass(frozen=True, slots=True)
class Relay:
    """What a relay is made of."""

    folder: Folder
    store: SqliteStore
    limits: Limits
    core: Callable[[], Core]
    """A core over what is stored now."""
    listens: Callable[[str], None]
    """Told the address on which it listens, where that is one."""
    figures: Figures
    open: bool = False
    """Whether it is for everybody who reaches it."""


@contextmanager
def assembled(words: argparse.Namespace) -> Iterator[Relay]:
    """The relay that these options ask for, its folder held; MootError says what stands in the way."""
    limits = limited(words.limit, OPEN if words.open else DEFAULT)
    names = [read_address(name) for name in words.name]
    with (
        closing(Folder.open(folder_of(words))) as folder,
        closing(_store(folder, OPEN_KIND if words.open else COMMUNITIES)) as store,
        closing(ClosedLog(folder.closed)) as closed,
        closing(Snapshots(store)) as snapshots,
    ):
        if words.open:
            figures = _counting(store)
            yield Relay(
                folder, store, limits, lambda: OpenCore(store, limits, snapshots.grown), _unheard, figures,
                open=True,
            )  # fmt: skip
        else:
            yield _core(folder, store, closed, limits, names, snapshots)


def _unheard(address: str) -> None:
    """An open relay's address proves nothing."""


def _store(folder: Folder, kind: str) -> SqliteStore:
    store = SqliteStore(folder.store)
    try:
        store.settle(kind)
    except StorageError:
        store.close()
        raise
    return store


def _core(
    folder: Folder,
    store: SqliteStore,
    closed: ClosedLog,
    limits: Limits,
    names: list[str],
    snapshots: Snapshots,
) -> Relay:
    known, figures = Names(store, names), _counting(store)

    def core() -> Core:
        members = MembersCore(store, closed, folder.hosting_key, os.urandom, limits, known, figures)
        return ViewingCore(members, store, limits, snapshots.grown)

    return Relay(folder, store, limits, core, known.listens, figures)


def _counting(store: SqliteStore) -> Figures:
    figures = Figures()
    store.committed = figures.commit_seconds.add
    return figures
