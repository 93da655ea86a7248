"""What SQLite writes, handed to the disk; what it reads and locks goes straight to the real file.

Syncs never reach the real file: what a power loss takes is decided by the disk. SQLite learns of a death
as of an error; whatever it does afterwards to tidy up is answered, and does nothing.
"""

from __future__ import annotations

import errno
import itertools
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import apsw

from tests.simulation.trouble import Died

if TYPE_CHECKING:
    from tests.simulation.cache import Node
    from tests.simulation.process import Process

_CODES = {errno.ENOSPC: apsw.SQLITE_FULL, errno.EROFS: apsw.SQLITE_READONLY}
_LOGS = apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL | apsw.SQLITE_OPEN_WAL
_TO_WRITE = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
_numbers = itertools.count(1)


class File(apsw.VFSFile):
    """A database, its log or its journal."""

    def __init__(self, process: Process, name: str | apsw.URIFilename, flags: list[int], node: Node) -> None:
        super().__init__("unix", name, flags)
        self.node = node
        self.really_read = super().xRead
        self.really_write = super().xWrite
        self.really_cut = super().xTruncate
        self._process = process
        self._disk = process.disk
        # So does SQLite itself: the first sync of a log or a journal syncs the name of it as well.
        log = flags[0] & _LOGS and flags[0] & apsw.SQLITE_OPEN_CREATE
        self._folder = str(Path(node.path).parent) if log else None

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        process, disk = self._process, self._disk
        if process.dead:
            return
        if disk.steps + 1 < disk.alarm:  # nearly always: some thousand times a world
            disk.steps += 1
            disk.put(self, data, offset)
            return
        try:
            disk.write(process, self, data, offset)
        except OSError as said:
            raise _as_sqlite(said, apsw.SQLITE_IOERR_WRITE) from said

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        if self._process.dead:
            return
        try:
            self._disk.cut(self._process, self, newsize)
        except OSError as said:
            raise _as_sqlite(said, apsw.SQLITE_IOERR_TRUNCATE) from said

    def xSync(self, flags: int) -> None:  # noqa: N802
        if self._process.dead:
            return
        try:
            self._disk.sync(self._process, self.node, self._folder)
        except OSError as said:
            raise _as_sqlite(said, apsw.SQLITE_IOERR_FSYNC) from said
        self._folder = None

    def excepthook(self, *_: object) -> bool:
        return True  # what SQLite asks nobody about: tidying up after a death, or on a disk that refuses


class Vfs(apsw.VFS):
    """One process's way to its disk, under a name of its own."""

    def __init__(self, process: Process) -> None:
        self.name = f"simulated-{next(_numbers)}"
        self._process = process
        super().__init__(self.name, "unix")

    def excepthook(self, *_: object) -> bool:
        return True  # as above

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        if name is None:  # a temporary file, which nobody misses
            return apsw.VFSFile("unix", name, flags)
        disk = self._process.disk
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if self._process.dead:
            raise Died
        there = Path(path).exists()
        if disk.read_only and flags[0] & _TO_WRITE:
            flags[0] = flags[0] & ~_TO_WRITE | apsw.SQLITE_OPEN_READONLY
        if not there and flags[0] & apsw.SQLITE_OPEN_CREATE:
            try:
                disk.rename(self._process, {path: disk.fresh(path)}, Path(path).touch)
            except OSError as said:
                raise _as_sqlite(said, apsw.SQLITE_CANTOPEN) from said
            there = True
        if not there:
            raise apsw.exception_for(apsw.SQLITE_CANTOPEN)
        node = disk.node(path)
        node.database = True
        return File(self._process, name, flags, node)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        disk, path = self._process.disk, Path(filename)
        if self._process.dead:
            return
        if not path.exists():
            raise apsw.exception_for(apsw.SQLITE_IOERR_DELETE_NOENT)
        try:
            disk.rename(self._process, {filename: None}, path.unlink)
            if syncdir:
                disk.sync(self._process, None, str(path.parent))
        except OSError as said:
            raise _as_sqlite(said, apsw.SQLITE_IOERR_DELETE) from said


def _not_twice() -> None:
    """A disk that refuses is told once: what apsw reports besides, of SQLite tidying up, is dropped."""
    before = sys.unraisablehook

    def told(said: sys.UnraisableHookArgs) -> None:
        if said.object is not None or not isinstance(said.exc_value, apsw.Error | Died):
            before(said)

    sys.unraisablehook = told


_not_twice()


def _as_sqlite(said: OSError, otherwise: int) -> Exception:
    return apsw.exception_for(_CODES.get(said.errno or 0, otherwise))
