"""A machine's disk: real files in a folder, and a write-back cache that can be taken away from under them.

    the product, its stores       -> sqlite3's face (database.py) -> SQLite -> vfs.py --> VirtualDisk
    the product, its small files  -> the face of `os` (process.py: `Files`) ------------> VirtualDisk
    VirtualDisk -> real files, and what of them is not synced (cache.py)

All that changes the disk comes through here and is a *step*: a write, a cut, a sync, a new name, a
removed or changed one. Steps are counted, so that a test can die, fail, or be full at each of them
(trouble.py). Reads go straight to the real files.

    VirtualDisk --Process(disk)--> a process that writes --Died or kill()--> bury
                --lose_power(loss)--> no process, and of what was not synced what the loss left
                --snapshot, roll_back, restore--> as it was, or as a copy

A new, removed or changed name is on disk once its folder was synced. SQLite syncs the folder of a
log or a journal by itself, with the first sync of that file. Names of one folder reach the disk in
order, as in a journalling file system.

When a process dies its folder is hidden until it is buried, so that what unwinds finds nothing to do
harm to. Everything comes from the seed; the folder's own name and the real inodes show nowhere.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tests.simulation.cache import Loss, Node, Outcome
from tests.simulation.trouble import Died, Trouble, When

if TYPE_CHECKING:
    from tests.simulation.process import Process

__all__ = ["Died", "Image", "Loss", "VirtualDisk", "When"]

SHARED_MEMORY = "-shm"  # SQLite's index of its log: no power loss leaves it, and it is never synced
Names = dict[str, "Node | None"]


class Opened(Protocol):
    """An open file as the disk sees it: the real bytes, past the cache."""

    node: Node

    def really_read(self, amount: int, offset: int) -> bytes:
        """Bytes; fewer at the end."""

    def really_write(self, data: bytes, offset: int) -> None:
        """Put them there."""

    def really_cut(self, size: int) -> None:
        """Cut off, or lengthen."""


@dataclass(frozen=True, slots=True)
class Image:
    """A disk's content at one moment: path below the root -> which file, and its bytes (folders: None)."""

    entries: dict[str, tuple[int, bytes | None]]


class VirtualDisk(Trouble):
    """One machine's disk, at `root`; what stands there already counts as synced."""

    def __init__(self, root: Path, seed: int = 0, device: int = 1) -> None:
        super().__init__()
        self.root = root.absolute()
        self.device = device
        self.steps = 0
        self.dice = random.Random(seed)
        self.processes: list[Process] = []
        self._nodes: dict[str, Node] = {}
        self._numbers = 0
        self._names: dict[str, list[tuple[int, Names]]] = {}  # folder -> (step, what stood there before)
        self.root.mkdir(parents=True, exist_ok=True)
        for path in sorted(self.root.rglob("*")):
            if not path.name.endswith(SHARED_MEMORY):
                self.node(str(path))

    # -- steps -----------------------------------------------------------------------------------------

    def write(self, process: Process, file: Opened, data: bytes, offset: int) -> int:
        """Write into the cache; how many bytes it took. A full disk may take some of them first."""
        size, end, when = file.node.size, offset + len(data), None
        full: OSError | None = None
        try:
            when = self._step(process, grows=end > size, writes=True)
        except OSError as said:
            full = said
        if full or when is When.MIDDLE:
            data = data[: self.dice.randrange(len(data) + 1)] if end > size or when else b""
        if data:
            self.put(file, data, offset)
        if full:
            raise full
        if when:
            process.die()
        return len(data)

    def put(self, file: Opened, data: bytes, offset: int) -> None:
        """The write of the present step."""
        node, end = file.node, offset + len(data)
        size, old = node.size, b""
        if offset < size and offset < node.synced:
            old = file.really_read(min(end, size, node.synced) - offset, offset)
        node.pending.append((self.steps, offset, data, old, size))
        file.really_write(data, offset)
        if end > size:
            node.size = end

    def cut(self, process: Process, file: Opened, length: int) -> None:
        """Change a file's length, in the cache."""
        node = file.node
        when = self._step(process, grows=length > node.size)
        if when is not When.MIDDLE or self.dice.random() < 0.5:
            kept = min(node.size, node.synced) - length
            old = file.really_read(kept, length) if kept > 0 else b""
            node.pending.append((self.steps, length, None, old, node.size))
            file.really_cut(length)
            node.size = length
        if when:
            process.die()

    def sync(self, process: Process, node: Node | None, folder: str | None = None) -> None:
        """Have a file's bytes on disk, a folder's names, or both."""
        when = self._step(process)
        if when is not When.MIDDLE and not self.lying:
            if node:
                node.settle()
            if folder:
                self._names.pop(folder, None)
        if when:
            process.die()

    def rename(self, process: Process, change: Names, really: Callable[[], object]) -> None:
        """Give names to nodes, or take them away, as `really` does with the real files."""
        when = self._step(process, grows=any(node and not self._named(node) for node in change.values()))
        if when is not When.MIDDLE or self.dice.random() < 0.5:
            before = {path: self._known(path) for path in change}
            for path, node in before.items():
                if node and not node.folder and node not in change.values():
                    node.kept = Path(path).read_bytes()
            really()
            self._set(self._nodes, change)
            for path, node in change.items():
                if node:
                    node.path = path
            self._names.setdefault(str(Path(next(iter(change))).parent), []).append((self.steps, before))
        if when:
            process.die()

    def _step(self, process: Process, *, grows: bool = False, writes: bool = False) -> When | None:
        if process.dead:
            raise Died
        self.steps += 1
        if self.steps < self.alarm:
            return None
        when = self.verdict(self.steps, grows=grows, writes=writes)
        if when is When.BEFORE:
            process.die()
        return when

    # -- names -----------------------------------------------------------------------------------------

    def node(self, path: str) -> Node:
        """The file of this name; one that is not known was put there past the disk, and is synced."""
        found = self._nodes.get(path)
        if found is None:
            there = Path(path)
            folder = there.is_dir()
            found = self._nodes[path] = self.fresh(path, 0 if folder else there.stat().st_size, folder=folder)
        return found

    def _known(self, path: str) -> Node | None:
        return self.node(path) if Path(path).exists() else None

    def fresh(self, path: str, size: int = 0, *, folder: bool = False) -> Node:
        """A file that never was."""
        self._numbers += 1
        return Node(self._numbers, path, size, folder=folder)

    def _named(self, node: Node) -> bool:
        return self._nodes.get(node.path) is node

    @staticmethod
    def _set(names: dict[str, Node], change: Names) -> None:
        for path, node in change.items():
            if node:
                names[path] = node
            else:
                names.pop(path, None)

    # -- death -----------------------------------------------------------------------------------------

    @property
    def _hidden(self) -> Path:
        return self.root.with_name(self.root.name + ".dead")

    def hide(self) -> None:
        """Nothing is to be found under the names that a dead process knows."""
        if not self._hidden.exists():
            self.root.rename(self._hidden)

    def bury(self) -> None:
        """Let go of what dead processes held; the machine goes on."""
        for process in [each for each in self.processes if each.dead]:
            process.let_go()
            self.processes.remove(process)
        if self._hidden.exists():
            shutil.rmtree(self.root, ignore_errors=True)
            self._hidden.rename(self.root)

    def lose_power(self, loss: Loss = Loss.UNSYNCED) -> None:
        """Every process is dead, and of what was not synced there is what the loss left."""
        self.kill_all()
        if loss is not Loss.NOTHING:
            self._put(self._image(loss))
        self._remove_shared_memory()

    # -- copies ----------------------------------------------------------------------------------------

    def snapshot(self, *, synced: bool = False) -> Image:
        """As it is, as somebody would copy it now; or only what no power loss can take."""
        return self._image(Loss.UNSYNCED if synced else Loss.NOTHING)

    def roll_back(self, image: Image) -> None:
        """The whole disk is as it was, and every file is the same file (a virtual machine's snapshot)."""
        self.kill_all()
        self._put(image)

    def restore(self, image: Image) -> None:
        """Other files with this content, of this disk or another (a backup, a copied folder)."""
        self.kill_all()
        entries = {}
        for path, (_, content) in image.entries.items():
            self._numbers += 1
            entries[path] = (self._numbers, content)
        self._put(Image(entries))

    def kill_all(self) -> None:
        """Nothing runs on this machine any more; what was written stays, synced or not."""
        for process in self.processes:
            process.dead = True
        self.bury()

    def _image(self, loss: Loss) -> Image:
        for real in sorted(self.root.rglob("*")):
            if not real.name.endswith(SHARED_MEMORY):
                self.node(str(real))
        outcome = Outcome(loss, self.dice, self._moment() if loss is Loss.LATER else 0)
        names = dict(self._nodes)
        for folder in sorted(self._names):
            changes = self._names[folder]
            for _, before in reversed(changes[outcome.survivors([step for step, _ in changes]) :]):
                self._set(names, before)
        entries: dict[str, tuple[int, bytes | None]] = {}
        for path in sorted(names.keys() - {str(self.root)}):
            node, below = names[path], os.path.relpath(path, self.root)
            if (parent := str(Path(below).parent)) != "." and parent not in entries:
                continue  # its folder did not get there
            if node.kept is None and not Path(node.path).exists():
                continue  # somebody took it away past the disk
            entries[below] = (node.number, None if node.folder else outcome.content(self._now(node), node))
        return Image(entries)

    def _moment(self) -> int:
        steps = [write[0] for node in self._nodes.values() for write in node.pending]
        steps += [step for changes in self._names.values() for step, _ in changes]
        return self.dice.choice(sorted(steps)) if steps else self.steps + 1

    @staticmethod
    def _now(node: Node) -> bytes:
        return Path(node.path).read_bytes() if node.kept is None else node.kept

    def _put(self, image: Image) -> None:
        shutil.rmtree(self.root)
        self.root.mkdir()
        self._nodes.clear()
        self._names.clear()
        for below, (number, content) in image.entries.items():
            there = self.root / below
            self._numbers = max(self._numbers, number)
            if content is None:
                there.mkdir()
            else:
                there.write_bytes(content)
            name = str(there)
            self._nodes[name] = Node(number, name, len(content or b""), folder=content is None)

    def _remove_shared_memory(self) -> None:
        for path in self.root.rglob("*" + SHARED_MEMORY):
            path.unlink()
