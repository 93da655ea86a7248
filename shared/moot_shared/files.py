"""Small files beside a database, and on disk when the call returns.

SQLite looks after its own file. The few small ones (a key, a note, a counter, a log) are written by
the calls of `Files`, which is `os`, unless somebody hands in a disk that fills up or loses its power.
A file counts as kept once its name is on disk as well, and that takes a sync of its folder.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

_NOT_THERE = (errno.EINVAL, errno.ENOTSUP)  # a disk that syncs no folders


class Files(Protocol):
    """The calls of `os` that change what is on a disk, as they are there; all raise OSError."""

    def open(self, path: Path, flags: int, mode: int = 0o777, /) -> int:
        """A handle, for `fcntl` as well."""

    def pwrite(self, handle: int, data: bytes, offset: int, /) -> int:
        """Write; how many bytes it took."""

    def ftruncate(self, handle: int, length: int, /) -> None:
        """Cut a file off."""

    def fsync(self, handle: int, /) -> None:
        """Have a file's bytes on disk, or a folder's names."""

    def close(self, handle: int, /) -> None:
        """Let go of a handle."""

    def replace(self, source: Path, target: Path, /) -> None:
        """Rename, over what is there."""

    def unlink(self, path: Path, /) -> None:
        """Remove a file."""

    def mkdir(self, path: Path, mode: int = 0o777, /) -> None:
        """Make a folder."""

    def rmdir(self, path: Path, /) -> None:
        """Remove an empty folder."""

    def stat(self, path: Path, /) -> os.stat_result:
        """Which file it is (device and inode)."""


def keep(path: Path, text: str, files: Files = os, mode: int = 0o600) -> None:
    """Write a small file whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    handle = files.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        write_at(handle, text.encode(), 0, files)
        files.fsync(handle)
    finally:
        files.close(handle)
    files.replace(fresh, path)
    sync_folder(path.parent, files)


def write_at(handle: int, data: bytes, offset: int, files: Files = os) -> None:
    """Write all of it, however often that takes."""
    written = 0
    while written < len(data):
        written += files.pwrite(handle, data[written:], offset + written)


def sync_folder(folder: Path, files: Files = os) -> None:
    """So that what was made or renamed in it is still there after a power cut."""
    handle = files.open(folder, os.O_RDONLY)
    try:
        files.fsync(handle)
    except OSError as error:
        if error.errno not in _NOT_THERE:
            raise
    finally:
        files.close(handle)


def make_folder(folder: Path, files: Files = os, mode: int = 0o700) -> None:
    """Make a folder, and what it stands in, where they are not there yet."""
    if folder.is_dir():
        return
    make_folder(folder.parent, files, mode=0o777)
    try:
        files.mkdir(folder, mode)
    except FileExistsError:  # another process was faster, or it is a file
        if not folder.is_dir():
            raise
    try:
        sync_folder(folder.parent, files)
    except OSError:  # whoever tries again finds no folder, and not one whose name a power cut would take
        with suppress(OSError):
            files.rmdir(folder)
        raise


def remove_folder(folder: Path, files: Files = os) -> None:
    """Remove a folder of files as far as that goes; raises nothing of the disk's."""
    try:
        for path in sorted(folder.iterdir()):
            files.unlink(path)
        files.rmdir(folder)
    except OSError:
        pass  # what is left there is in nobody's way


def no_room(error: Exception) -> bool:
    """Whether a disk has not even room for what SQLite shares between connections to one database."""
    return str(getattr(error, "sqlite_errorname", "")).startswith("SQLITE_IOERR_SHM")
