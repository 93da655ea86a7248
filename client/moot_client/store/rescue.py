"""A damaged file is kept as it is, under another name; what can be read of it goes into a new one.

Changes are the truth, so what matters is to read as many of them as the damage leaves; rows are made
anew from them. Drafts and this machine's own notes are copied as far as they read. The relay brings
back what others have; what only this machine had and cannot be read is in the copy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from moot_client.store.changes import insert
from moot_client.store.store import Damaged, Store, trouble
from moot_shared.errors import FormatError
from moot_shared.format.change import decode_change

_COPIED = ("own", "draft", "stored", "receipt", "refused")


def open_store(path: Path) -> tuple[Store, str]:
    """The store, and a sentence if it had to be rescued: then its derived rows must be rebuilt."""
    try:
        if _marker(path).exists():
            raise Damaged(path)
        store = Store(path)
        _look(store)
        return store, ""
    except Damaged:
        aside = _set_aside(path)
    store = Store(path)
    kept = _copy_changes(aside, store)
    _copy_own(aside, store)
    return store, (
        f"The data file was damaged. It is kept as {aside.name}; {kept} changes were read from it and stand. "
        "The next sync brings what others have."
    )


def suspect(path: Path) -> None:
    """Damage showed while the store was in use: rescue it when it is opened next."""
    _marker(path).touch()


def _marker(path: Path) -> Path:
    return path.with_name(path.name + ".suspect")


def _look(store: Store) -> None:
    """Touch what every command needs, so that damage shows now and not halfway through one."""
    try:
        for table in ("change", "record", "statement", "member", "own"):
            store.db.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
    except sqlite3.OperationalError as error:
        raise trouble(error, store.path) from error
    except sqlite3.DatabaseError as error:
        store.close()
        raise Damaged(store.path) from error


def _set_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    for ending in ("", "-wal", "-shm"):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    _marker(path).unlink(missing_ok=True)
    return aside


def _rows(path: Path, table: str, columns: str) -> Iterator[tuple[object, ...]]:
    """Rows as far as they can be read, from both ends: damage often sits in the middle."""
    seen: set[object] = set()
    for direction in ("ASC", "DESC"):
        try:
            db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
            for row in db.execute(f"SELECT {columns} FROM {table} ORDER BY 1 {direction}"):
                if row[0] not in seen:
                    seen.add(row[0])
                    yield row
        except sqlite3.DatabaseError:
            continue  # what stands before the damage was read; the other direction reads what is behind it


def _copy_changes(aside: Path, store: Store) -> int:
    rows = sorted(_rows(aside, "change", "position, bytes, seal"), key=lambda row: str(row[0]).zfill(20))
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


def _copy_own(aside: Path, store: Store) -> None:
    with store.writing() as db:
        for table in _COPIED:
            for row in _rows(aside, table, "*"):
                marks = ",".join("?" * len(row))
                db.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)
