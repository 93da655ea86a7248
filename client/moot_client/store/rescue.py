"""A damaged file is kept as it is, under another name; what can be read of it goes into a new one.

Changes are the truth, so what matters is to read as many of them as the damage leaves; rows are made
anew from them. Drafts and this machine's own notes are copied as far as they read. The relay brings
back what others have; what only this machine had and cannot be read is in the copy.

    store.db  --read-->  store.db.rescued      cut off here: done again
    store.db  --named--> store.db.damaged-1    cut off here: the rest is done when it is opened next
    store.db.rescued --named--> store.db       and rows are made anew, as `own` tells (RESCUED)
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from moot_client.store.changes import insert
from moot_client.store.disk import REAL_DISK, Connect, Disk
from moot_client.store.glance import HALF_DONE, RESCUED, SUSPECT
from moot_client.store.reading import Damaged, connect_reader, trouble
from moot_client.store.store import Store
from moot_shared.errors import FormatError, StorageError
from moot_shared.files import Files, sync_folder
from moot_shared.format.change import decode_change

_COPIED = ("own", "draft", "inbox", "stored", "receipt", "refused")
_PARTS = ("", "-wal", "-shm")


def open_store(path: Path, hold: Callable[[], bool], disk: Disk = REAL_DISK) -> Store:
    """The store, rescued if it has to be: then its derived rows must be rebuilt (RESCUED).

    `hold` takes the writer's lock: nobody's file is changed under their hands.
    """
    half_done = _beside(path, HALF_DONE).exists() and not path.exists()
    try:
        if half_done or _marker(path).exists():
            raise Damaged(path)
        store = Store(path, disk)
        _look(store)
    except Damaged:
        if not hold():
            raise StorageError(
                f"The file {path} is damaged, and another Moot has it open. Close that one, then try again."
            ) from None
        try:
            _rescue(path, disk, half_done=half_done)
        except OSError as error:
            raise StorageError(
                f"The damaged file {path} cannot be put aside ({error.strerror}). Check whose the folder is."
            ) from error
        return Store(path, disk)
    return store


def suspect(path: Path, disk: Disk = REAL_DISK) -> None:
    """Damage showed while the store was in use: rescue it when it is opened next."""
    try:
        disk.files.close(disk.files.open(_marker(path), os.O_WRONLY | os.O_CREAT, 0o600))
        sync_folder(path.parent, disk.files)
    except OSError as error:
        raise Damaged(path) from error


def _marker(path: Path) -> Path:
    return _beside(path, SUSPECT)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _look(store: Store) -> None:
    """Touch what every command needs, so that damage shows now and not halfway through one."""
    try:
        for table in ("change", "record", "statement", "member", "own"):
            store.db.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
    except sqlite3.DatabaseError as error:
        store.close()
        only_now = isinstance(error, sqlite3.OperationalError)
        raise trouble(error, store.path) if only_now else Damaged(store.path) from error


def _rescue(path: Path, disk: Disk, *, half_done: bool) -> None:
    number = 1
    while _beside(path, f".damaged-{number}").exists():
        number += 1
    aside = _beside(path, f".damaged-{number - half_done}")
    if not half_done:
        _read_into_new(path, aside.name, disk)
    _swap(path, aside, disk.files)


def _read_into_new(path: Path, aside_name: str, disk: Disk) -> None:
    fresh = _beside(path, HALF_DONE)
    for ending in _PARTS:
        _remove(_beside(fresh, ending), disk.files)
    store = Store(fresh, disk)
    try:
        kept = _copy_changes(path, store)
        _copy_own(path, store)
        store.set_own(
            RESCUED,
            f"The data file was damaged. It is kept as {aside_name}; {kept} changes were read from it and "
            "stand. The next sync brings what others have.",
        )
        store.ask("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        store.close()


def _swap(path: Path, aside: Path, files: Files) -> None:
    for ending in _PARTS:
        part = _beside(path, ending)
        if part.exists():
            files.replace(part, _beside(aside, ending))
    _remove(_marker(path), files)
    files.replace(_beside(path, HALF_DONE), path)
    sync_folder(path.parent, files)


def _remove(path: Path, files: Files) -> None:
    with suppress(FileNotFoundError):
        files.unlink(path)


def _rows(path: Path, connect: Connect, table: str, columns: str) -> Iterator[tuple[object, ...]]:
    """Rows as far as they can be read, from both ends: damage often sits in the middle."""
    seen: set[tuple[object, ...]] = set()
    for direction in ("ASC", "DESC"):
        try:
            with closing(connect_reader(path, connect)) as db:
                for row in db.execute(f"SELECT {columns} FROM {table} ORDER BY 1 {direction}"):
                    if row not in seen:
                        seen.add(row)
                        yield row
        except sqlite3.DatabaseError:
            continue  # what stands before the damage was read; the other direction reads what is behind it


def _copy_changes(damaged: Path, store: Store) -> int:
    rows = sorted(
        _rows(damaged, store.disk.connect, "change", "position, bytes, seal"),
        key=lambda row: str(row[0]).zfill(20),
    )
    here: set[bytes] = set()
    kept = 0
    with store.writing() as db:
        for _, chunk, seal in rows:
            try:
                change = decode_change(bytes(chunk))  # type: ignore[call-overload]
            except (FormatError, TypeError):
                continue
            if all(dep in here for dep in change.deps) and change.hash not in here:
                insert(db, change, seal if isinstance(seal, bytes) else None)
                here.add(change.hash)
                kept += 1
    return kept


def _copy_own(damaged: Path, store: Store) -> None:
    with store.writing() as db:
        for table in _COPIED:
            for row in _rows(damaged, store.disk.connect, table, "*"):
                marks = ",".join("?" * len(row))
                db.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)
