"""`moot relay backup FILE` and `restore FILE`, while a relay runs on the folder and without one."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from moot_server.commands import database
from moot_server.commands.options import folder_of
from moot_server.commands.words import held, stamp
from moot_server.network.control import ask
from moot_server.storage import copies, notes
from moot_server.storage.folder import Folder, control, store
from moot_server.storage.sqlite import SqliteStore
from moot_shared.errors import InputError, StorageError
from moot_shared.files import sync_folder

RESTORING = "restoring-"
PATIENCE_S = 600.0
_WAITS = (
    "Each community in it now waits until a convenor has synced, or somebody with the hosting key; then its "
    "members are let in again, and what is newer than the backup comes back from their machines. Nobody who "
    "was removed gets in meanwhile."
)


def backup(words: argparse.Namespace) -> int:
    """Copy all that is stored into one file."""
    if words.database:
        return database.backup(words)
    folder, target = folder_of(words), Path(words.file).expanduser().absolute()
    counted = copies.back_up(store(folder), target, force=words.force)
    taken = notes.Backup(_now(), str(target), counted.communities, counted.changes)
    try:
        notes.note(folder, taken)
    except OSError as error:
        print(f"That it was taken could not be noted ({error.strerror}).", file=sys.stderr)
    print(f"Backed up and checked: {held(counted.communities, counted.changes)} in {target}.")
    return 0


def restore(words: argparse.Namespace) -> int:
    """Put a backup in the place of what is stored, and keep that aside."""
    if words.database:
        return database.restore(words)
    if not words.file:
        raise InputError("Name the backup that is to be put back: moot relay restore FILE")
    folder, source = folder_of(words), Path(words.file).expanduser().absolute()
    running = ask(control(folder), {"do": "status"}, PATIENCE_S) if folder.is_dir() else None
    with _held(folder, running is not None):
        fresh, ours = folder / f"{RESTORING}{os.getpid()}.db", True
        copies.remove(fresh)
        try:
            counted = copies.candidate(source, fresh)
            if running is not None:
                ours = False  # the relay removes it; it may be at it after this command was interrupted
                answer = ask(control(folder), {"do": "restore", "file": fresh.name}, PATIENCE_S)
                if answer is None:
                    ours = True
                    raise StorageError("The relay has stopped meanwhile, and nothing was changed. Try again.")
                aside = answer["aside"]
            else:
                aside = _put(store(folder), fresh)
        finally:
            if ours:
                copies.remove(fresh)
    print(f"Put back: {held(counted.communities, counted.changes)} from {source}.")
    if aside:
        print(f"What was here before is kept in {aside}.")
    if running is not None:
        print("The relay that runs has taken it; everybody connects again by themselves.")
    if counted.waiting:
        print(_WAITS)
    return 0


@contextmanager
def _held(folder: Path, running: bool) -> Iterator[None]:
    """The folder to ourselves, unless a relay runs on it and is asked."""
    if running:
        yield
        return
    with closing(Folder.open(folder)):
        yield


def _put(path: Path, fresh: Path) -> str:
    """Put a store in place on which no relay runs; where what was there before is now."""
    with copies.source(fresh) as source:
        copies.same_kind(fresh, path)
        try:
            aside = copies.set_aside(path, stamp(_now()))
        except StorageError:  # damaged: that may be why somebody restores
            moved = copies.move_aside(path, stamp(_now()))
            fresh.replace(path)
            sync_folder(path.parent)
            return str(moved)
        with closing(SqliteStore(path)) as here:
            here.put_back(source)
    return str(aside or "")


def _now() -> int:
    return time.time_ns() // 1_000_000
