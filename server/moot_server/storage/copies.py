"""Copies of a store's file: a backup beside a running relay, and one that is put back under it.

Both are SQLite's own online copy in a single step: a backup is of one moment, whatever is written
meanwhile, and one that is put back arrives in one transaction - after a crash in between, what was
there before is there, whole.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from moot_server.storage import leftovers
from moot_server.storage.folder import OWN
from moot_server.storage.reading import opened
from moot_server.storage.schema import COMMUNITIES, OPEN, TOO_EARLY, VERSION, refuse_too_early, too_early
from moot_server.storage.sqlite import SqliteStore, sentence
from moot_shared.errors import InputError, NotFound, StorageError
from moot_shared.files import sync_folder

WAIT_S = 30.0  # for a writer that is at it; a commit takes milliseconds


@dataclass(frozen=True, slots=True)
class Counted:
    """What is in a store."""

    communities: int
    changes: int
    waiting: int = 0
    """Of the communities, those that wait for a convenor."""


def back_up(store: Path, target: Path, *, force: bool = False) -> Counted:
    """Copy a store's file, whole or not at all, checked, on disk, and readable by its owner only.

    InputError where `target` is there already (without `force`) or is the store itself.
    """
    if not store.is_file():
        raise NotFound(f"There is no relay's data in {store.parent}. Name its folder with --data.")
    if target.is_dir():
        raise InputError(f"{target} is a folder. Name a file in it, for example {target / 'relay.backup'}.")
    if _is_own(target, store):
        raise InputError(f"{target} is the relay's own file. Name another one for the backup.")
    if target.exists() and not force:
        raise _there(target)
    with _sentences(target), _fresh(target) as fresh:
        with _sentences(store), closing(_open(store)) as source, closing(sqlite3.connect(fresh)) as copy:
            refuse_too_early(source, store)
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without another beside it
            counted = _counted(copy)
        _check(fresh)
        _sync(fresh)
        if force:
            fresh.replace(target)
        else:
            _name(fresh, target)
        sync_folder(target.parent)
    return counted


def _is_own(target: Path, store: Path) -> bool:
    """Whether it is one of the files in a relay's folder, or is to be called as one of them."""
    own = [store.with_name(name) for name in OWN]
    if target.name in OWN and target.parent.is_dir() and target.parent.samefile(store.parent):
        return True
    return target.exists() and any(path.exists() and target.samefile(path) for path in own)


def candidate(backup: Path, at: Path) -> Counted:
    """Make of a backup what can be put back: a copy at `at`, checked, of this version, and marked.

    Every community in it waits for a convenor from then on, since who was shut out after the backup was
    taken is not in it.
    """
    if not backup.is_file():
        raise NotFound(f"There is no file {backup}.")
    try:
        handle = os.open(at, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with backup.open("rb") as source, os.fdopen(handle, "wb") as copy:
            while part := source.read(1 << 20):
                copy.write(part)
    except OSError as error:
        raise StorageError(f"{backup} cannot be copied to {at.parent} ({error.strerror}).") from error
    trouble = _wrong(at)
    if trouble:
        raise StorageError(f"{backup} is no backup that can be put back: it {trouble}.")
    with closing(SqliteStore(at)) as store, store.transaction():
        if _kind(at) == COMMUNITIES:
            store.mark_restored()
    with _sentences(at), closing(_open(at)) as db:
        counted = _counted(db)
        db.execute("PRAGMA journal_mode = DELETE")
        _sync(at)
    return counted


@contextmanager
def source(fresh: Path) -> Iterator[sqlite3.Connection]:
    """What `candidate` has made, held open: it stays what it is, also where its name is gone meanwhile.

    StorageError where there is none; none is made.
    """
    with _sentences(fresh), closing(_open(fresh)) as db:
        db.execute("BEGIN")
        db.execute("SELECT 1 FROM own").fetchone()  # only now is the file read, and held
        yield db


def same_kind(fresh: Path, store: Path) -> None:
    """InputError where one is of communities and the other of an open relay."""
    if store.exists() and not damage(store) and {_kind(fresh), _kind(store)} == {COMMUNITIES, OPEN}:
        raise InputError(
            "This backup is of an open relay, and this folder is not, or the other way round. Nothing was "
            "changed. Name the folder that it is of with --data."
        )


def _kind(path: Path) -> str:
    with _sentences(path), closing(_open(path)) as db:
        kind = db.execute("SELECT value FROM own WHERE name = 'kind'").fetchone()
        full = db.execute("SELECT 1 FROM change LIMIT 1").fetchone()
    return kind[0].decode() if kind else COMMUNITIES if full else ""


def remove(at: Path) -> None:
    """Remove what `candidate` has made, if it is still there."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        at.with_name(at.name + suffix).unlink(missing_ok=True)


def set_aside(store: Path, stamp: str) -> Path | None:
    """A copy of the store as it is, beside it; None where there is none. StorageError where it is damaged."""
    if not store.exists():
        return None
    aside = store.with_name(f"before-restore-{stamp}.db")
    back_up(store, aside)
    return aside


def move_aside(store: Path, stamp: str) -> Path:
    """The same for one that is damaged and that no relay runs on: its files, renamed as they are."""
    aside = store.with_name(f"damaged-{stamp}.db")
    for suffix in (
        "-shm",
        "-wal",
        "",
    ):  # without its log first: a crash in between leaves no log beside another
        path = store.with_name(store.name + suffix)
        if path.exists():
            path.replace(aside.with_name(aside.name + suffix))
    sync_folder(store.parent)
    return aside


def damage(path: Path) -> str:
    """What SQLite, or a look at its tables, finds wrong with a file; '' where nothing is."""
    try:
        _check(path)
    except StorageError as error:
        return str(error)
    return ""


def counted(store: Path) -> Counted:
    """What is in a store now."""
    with _sentences(store), closing(_open(store)) as db:
        refuse_too_early(db, store)
        return _counted(db)


def _open(path: Path) -> sqlite3.Connection:
    return opened(path, WAIT_S)


def _counted(db: sqlite3.Connection) -> Counted:
    (changes,) = db.execute("SELECT count(*) FROM change").fetchone()
    (communities,) = db.execute("SELECT count(DISTINCT community) FROM change").fetchone()
    (waiting,) = db.execute("SELECT count(*) FROM restored").fetchone()
    return Counted(communities, changes, waiting)


def _check(path: Path) -> None:
    trouble = _wrong(path)
    if trouble:
        raise StorageError(f"The file {path} {trouble}.")


def _wrong(path: Path) -> str:
    """What SQLite finds wrong with a file, or that no relay of this version wrote it; '' where nothing is."""
    try:
        with closing(_open(path)) as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema")}
            early = too_early(db)
            found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            return "was not written by a relay"
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
            return f"is damaged ({error})"
        raise sentence(error, path) from error
    if not {"own", "change", "fact", "receipt"} <= tables:
        return "was not written by a relay"
    if version > VERSION:
        return "was written by a newer relay; update Moot on this machine"
    if early:
        return TOO_EARLY
    return "" if found == "ok" else f"is damaged ({found})"


@contextmanager
def _fresh(target: Path) -> Iterator[Path]:
    """A new file beside the target, with nobody's eyes on it; gone again unless it was renamed."""
    leftovers.of_backups(target)
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield fresh
    finally:
        remove(fresh)


def _name(fresh: Path, target: Path) -> None:
    """Give it its name, unless somebody else has taken that meanwhile."""
    try:
        os.link(fresh, target)
    except FileExistsError as error:
        raise _there(target) from error
    except OSError:  # a disk without hard links
        fresh.replace(target)


def _there(target: Path) -> InputError:
    return InputError(f"{target} is there already. Choose another name, or write over it with --force.")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise sentence(error, path) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageError(f"There is no room for {path}. Nothing was changed.") from error
        raise StorageError(f"{path} cannot be written ({error.strerror}). Check the folder.") from error
