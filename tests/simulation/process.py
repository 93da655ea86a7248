"""One process on a machine: its face of `os` for small files, and its databases, until it dies.

It is what the product takes for `Files`; `hands` is what a replica's `Outside` takes for its disk.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

from moot_client.store.disk import Disk
from tests.simulation import database
from tests.simulation.cache import Node
from tests.simulation.trouble import Died, error
from tests.simulation.vfs import Vfs

if TYPE_CHECKING:
    import sqlite3

    from tests.simulation.disk import VirtualDisk

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


@dataclass(slots=True)
class _Handle:
    """An open file; a folder's has no bytes."""

    number: int
    node: Node

    def really_read(self, amount: int, offset: int) -> bytes:
        return os.pread(self.number, amount, offset)

    def really_write(self, data: bytes, offset: int) -> None:
        os.pwrite(self.number, data, offset)

    def really_cut(self, size: int) -> None:
        os.ftruncate(self.number, size)


class Process:
    """A process that writes to a disk. Catch `Died` around what it runs, then `disk.bury()`."""

    def __init__(self, disk: VirtualDisk) -> None:
        disk.bury()
        self.disk = disk
        self.dead = False
        self.connections: set[database.Connection] = set()
        self._handles: dict[int, _Handle] = {}
        self._vfs = Vfs(self)
        disk.processes.append(self)

    @property
    def hands(self) -> Disk:
        """What the product's client writes with."""
        return Disk(self.connect, self)

    def connect(self, path: Path | str, **how: Any) -> sqlite3.Connection:
        """As `sqlite3.connect`."""
        return cast("sqlite3.Connection", database.connect(self, self._vfs.name, str(path), **how))

    # -- death -----------------------------------------------------------------------------------------

    def die(self) -> NoReturn:
        """It ends in the middle of what it does."""
        self.dead = True
        self.disk.hide()
        raise Died

    def kill(self) -> None:
        """It ends between two things that it does (kill -9); what it wrote stays, synced or not."""
        self.dead = True
        self.disk.bury()

    def let_go(self) -> None:
        """As the system does for a process that has ended: its files are closed and its locks gone."""
        for connection in list(self.connections):
            connection.drop()
        self.connections.clear()
        for handle in self._handles:
            os.close(handle)
        self._handles.clear()
        self._vfs.unregister()

    def _alive(self) -> None:
        if self.dead:
            raise Died

    # -- the calls of `Files` --------------------------------------------------------------------------

    def open(self, path: Path, flags: int, mode: int = 0o777, /) -> int:
        self._alive()
        name = str(path)
        if path.is_dir():
            return self._hold(os.open(path, flags), self.disk.node(name))
        if flags & _WRITES and self.disk.read_only:
            raise error(errno.EROFS)
        if not path.exists() and flags & os.O_CREAT:
            node = self.disk.fresh(name)
            self.disk.rename(
                self, {name: node}, lambda: os.close(os.open(path, os.O_RDWR | os.O_CREAT, mode))
            )
        reads = flags & ~(os.O_WRONLY | os.O_TRUNC | os.O_CREAT)
        handle = self._hold(
            os.open(path, reads | (os.O_RDWR if flags & _WRITES else 0)), self.disk.node(name)
        )
        if flags & os.O_TRUNC and self._handles[handle].node.size:
            self.disk.cut(self, self._handles[handle], 0)
        return handle

    def pwrite(self, handle: int, data: bytes, offset: int, /) -> int:
        return self.disk.write(self, self._handle(handle), data, offset)

    def ftruncate(self, handle: int, length: int, /) -> None:
        self.disk.cut(self, self._handle(handle), length)

    def fsync(self, handle: int, /) -> None:
        node = self._handle(handle).node
        self.disk.sync(self, None if node.folder else node, node.path if node.folder else None)

    def close(self, handle: int, /) -> None:
        self._handle(handle)
        del self._handles[handle]
        os.close(handle)

    def replace(self, source: Path, target: Path, /) -> None:
        self._alive()
        node = self._there(source)
        change: dict[str, Node | None] = {str(target): node, str(source): None}
        self.disk.rename(self, change, lambda: source.replace(target))

    def unlink(self, path: Path, /) -> None:
        self._alive()
        if path.name.endswith("-shm"):
            path.unlink()
            return
        self._there(path)
        self.disk.rename(self, {str(path): None}, path.unlink)

    def mkdir(self, path: Path, mode: int = 0o777, /) -> None:
        self._alive()
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        node = self.disk.fresh(str(path), folder=True)
        self.disk.rename(self, {str(path): node}, lambda: path.mkdir(mode))

    def rmdir(self, path: Path, /) -> None:
        self._alive()
        self._there(path)
        if any(path.iterdir()):
            raise error(errno.ENOTEMPTY)
        self.disk.rename(self, {str(path): None}, path.rmdir)

    def stat(self, path: Path, /) -> os.stat_result:
        self._alive()
        real, node = path.stat(), self._there(path)
        return os.stat_result((real.st_mode, node.number, self.disk.device, *real[3:]))

    def _hold(self, handle: int, node: Node) -> int:
        self._handles[handle] = _Handle(handle, node)
        return handle

    def _handle(self, handle: int) -> _Handle:
        self._alive()
        return self._handles[handle]

    def _there(self, path: Path) -> Node:
        if not path.exists():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        return self.disk.node(str(path))
