"""What stands between a program and a disk: writes that were made and are not synced yet.

A file's bytes are in a real file, where everybody on the machine reads them. Beside it its node keeps,
for every write and every cut since the last sync, what it takes to undo it and to do it again. After a
power loss all of them are undone, and those that the loss lets through are done again.

What may be lost is what SQLite's own crash tests take away: each unsynced write by itself, whole or in
part; bytes outside the range of a write are never harmed (SQLite relies on that, as on every disk of
the last decades). A write that was under way can leave anything in its own range.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from random import Random


class Loss(Enum):
    """What becomes of that which was written and not synced."""

    NOTHING = "all of it was on disk already"
    UNSYNCED = "none of it was"
    LATER = "it had reached the disk in order up to one write, and half of that one"
    SOME = "any of it had, each write whole"
    TORN = "any of it had, each write whole or in part"


Write = tuple[int, int, bytes | None, bytes, int]
"""One unsynced write: its step, where, the new bytes (None: a cut), the old ones as far as they were
synced once, and the file's size before. A bare tuple, since every page that SQLite writes makes one."""


class Node:
    """A file (or a folder) as the disk knows it, under whatever name."""

    __slots__ = ("database", "folder", "kept", "number", "path", "pending", "size", "synced")

    def __init__(self, number: int, path: str, size: int = 0, *, folder: bool = False) -> None:
        self.number = number
        self.path = path
        self.size = size
        self.synced = size  # bytes below this may have been synced: whoever writes there keeps them
        self.pending: list[Write] = []
        self.folder = folder
        self.database = False
        self.kept: bytes | None = None  # its bytes, once its name was taken away

    def settle(self) -> None:
        """Everything is on disk."""
        self.pending.clear()
        self.synced = self.size


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a power loss goes: one for all files of a disk."""

    loss: Loss
    random: Random
    cut: int = 0  # LATER: the step at which the power went

    def survivors(self, steps: list[int]) -> int:
        """How many of a folder's changes of names stand: they reach the disk in order (a journal)."""
        if self.loss is Loss.NOTHING:
            return len(steps)
        if self.loss is Loss.UNSYNCED:
            return 0
        if self.loss is Loss.LATER:
            return sum(step < self.cut for step in steps)
        return self.random.randint(0, len(steps))

    def content(self, now: bytes, node: Node) -> bytes:
        """A file's bytes after the loss."""
        if self.loss is Loss.NOTHING or not node.pending:
            return now
        after = bytearray(now)
        for _, offset, _, old, size in reversed(node.pending):
            _put(after, offset, old)
            _resize(after, size)
        for step, offset, new, _, _ in node.pending:
            if new is not None:
                _put(after, offset, self._part(step, new, database=node.database))
            elif self._arrived(step):
                _resize(after, offset)
        return bytes(after)

    def _arrived(self, step: int) -> bool:
        if self.loss is Loss.LATER:
            return step < self.cut
        return self.loss in (Loss.SOME, Loss.TORN) and self.random.random() < 0.5

    def _part(self, step: int, new: bytes, *, database: bool) -> bytes:
        if self.loss is Loss.LATER and step == self.cut:
            return new[: self.random.randrange(len(new) + 1)]
        if self._arrived(step):
            return new
        if self.loss is not Loss.TORN or self.random.random() < 0.5:
            return b""
        at = self.random.randrange(len(new) + 1)
        rest = len(new) - at
        # Only SQLite is asked to bear anything at all in its place; of other files the end may be missing,
        # or be there in length and not in bytes.
        ends = (b"", bytes(rest), self.random.randbytes(rest)) if database else (b"", bytes(rest))
        return new[:at] + self.random.choice(ends)


def _put(content: bytearray, offset: int, data: bytes) -> None:
    if data:
        if offset > len(content):
            _resize(content, offset)
        content[offset : offset + len(data)] = data


def _resize(content: bytearray, size: int) -> None:
    del content[size:]
    content.extend(bytes(size - len(content)))
