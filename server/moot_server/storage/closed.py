"""A log of who was shut out, beside the database: a restore of the database does not roll it back.

Two lines for each removal and revocation that counts: the first is on disk before the transaction
that stores it commits, the second before anybody is told that it was stored:

    closing <removal or revoke> <community> <member's or invite's key> <hash of the change> <checksum>
    closed …   its transaction has committed

What is closed by the log and lacks in the database was rolled back. The log only says that somebody
stays out until it is known again why; as soon as the change is in the database, the roster decides.
Where the second line is missing, a crash came in between, and the database tells whether it was
stored. Later lines say more of an earlier one:

    undone …   its transaction failed, or never committed: it never counted
    lost …     whoever has the hosting key has settled that the change will not come back: the key
               stays out, and nobody waits for the change any more

A line that a crash cut off is the last one, and what it was to say was told to nobody: it is dropped.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from moot_shared.errors import FormatError, StorageError
from moot_shared.files import Files, sync_folder, write_at
from moot_shared.ids import KEY_BYTES, decode_bytes, encode_bytes
from moot_shared.wire.fields import HASH_BYTES

Kind = Literal["removal", "revoke"]
Word = Literal["closing", "closed", "undone", "lost"]
_CHECKSUM = 16  # characters


@dataclass(frozen=True, slots=True)
class Closing:
    """A member's key or an invite's, shut out of a community by a change."""

    kind: Kind
    community: bytes
    key: bytes
    change: bytes


@dataclass(slots=True)
class _Line:
    kind: Kind
    sure: bool = False
    lost: bool = False


class ClosedLog:
    """The file, held from `__init__` to `close`; StorageError for trouble with the disk."""

    def __init__(self, path: Path, files: Files = os) -> None:
        self._path = path
        self._files = files
        self._lines: dict[bytes, dict[tuple[bytes, bytes], _Line]] = {}  # community -> (key, change)
        self._late: list[tuple[Word, Closing]] = []  # what there was no room for
        try:
            self._file = files.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            sync_folder(path.parent, files)
            self._end = self._load(_all_of(self._file))
        except OSError as error:
            raise self._trouble(error) from error

    def close(self) -> None:
        """Let go of it."""
        self._files.close(self._file)

    def closings(self) -> Iterator[Closing]:
        """All that counted, those that are lost included."""
        return self._some(sure=True)

    def unsure(self) -> list[Closing]:
        """Those of which a crash has hidden whether they were stored."""
        return list(self._some(sure=False))

    def _some(self, *, sure: bool) -> Iterator[Closing]:
        for community, lines in self._lines.items():
            for (key, change), line in lines.items():
                if line.sure is sure:
                    yield Closing(line.kind, community, key, change)

    def awaited(self, community: bytes) -> Iterator[Closing]:
        """Those of one community that are not given up for lost."""
        for (key, change), line in self._lines.get(community, {}).items():
            if line.sure and not line.lost:
                yield Closing(line.kind, community, key, change)

    def add(self, closings: Iterable[Closing]) -> list[Closing]:
        """Write those that are not in the log yet, and return them once they are on disk."""
        fresh = [c for c in closings if (c.key, c.change) not in self._lines.get(c.community, {})]
        if fresh:
            self._append([("closing", closing) for closing in fresh])
        return fresh

    def settle(self, closings: list[Closing]) -> None:
        """Their transaction has committed.

        Where this cannot be written (a full disk), it is with the next lines, or the database tells it at
        the next start.
        """
        self._append_sometime([("closed", closing) for closing in closings])

    def undo(self, closings: list[Closing]) -> None:
        """Their transaction failed, or never committed."""
        for closing in closings:
            self._note("undone", closing)
        self._append_sometime([("undone", closing) for closing in closings])

    def give_up(self, closings: list[Closing]) -> None:
        """Their changes will not come back. Where that cannot be written, it is with the next lines."""
        for closing in closings:
            self._note("lost", closing)
        self._append_sometime([("lost", closing) for closing in closings])

    def _append_sometime(self, words: list[tuple[Word, Closing]]) -> None:
        if words:
            try:
                self._append(words)
            except StorageError:
                self._late += words

    def _append(self, words: list[tuple[Word, Closing]]) -> None:
        words = [*self._late, *words]
        text = b"".join(_written(word, closing) for word, closing in words)
        try:
            self._files.ftruncate(self._file, self._end)  # whatever an earlier attempt left there
            write_at(self._file, text, self._end, self._files)
            self._files.fsync(self._file)
        except OSError as error:
            raise self._trouble(error) from error
        self._end += len(text)
        self._late = []
        for word, closing in words:
            self._note(word, closing)

    def _note(self, word: Word, closing: Closing) -> None:
        lines, name = self._lines.setdefault(closing.community, {}), (closing.key, closing.change)
        if word == "undone":
            lines.pop(name, None)
        elif word == "lost":
            lines[name].lost = True
        elif word == "closed":
            lines[name].sure = True
        else:
            lines[name] = _Line(closing.kind)

    def _load(self, data: bytes) -> int:
        """Read what is there: where it ends, without a line that was cut off."""
        end = data.rfind(b"\n") + 1
        for number, line in enumerate(data[:end].splitlines(), 1):
            try:
                self._note(*_read(line))
            except (FormatError, KeyError) as error:
                raise StorageError(
                    f"Line {number} of {self._path} is damaged. It says who was shut out of a community. Put "
                    "a copy of the file in its place. Without one, remove the line: whom it names may come "
                    "in again if the database was restored from an older copy."
                ) from error
        return end

    def _trouble(self, error: OSError) -> StorageError:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return StorageError("The relay's disk is full. Whoever runs it has to make room.")
        return StorageError(f"The relay cannot write to {self._path} ({error.strerror or error}).")


def _written(word: Word, closing: Closing) -> bytes:
    names = (encode_bytes(name) for name in (closing.community, closing.key, closing.change))
    line = " ".join((word, closing.kind, *names))
    return f"{line} {_checksum(line)}\n".encode("ascii")


def _read(data: bytes) -> tuple[Word, Closing]:
    try:
        line, _, checksum = data.decode("ascii").rpartition(" ")
        word, kind, community, key, change = line.split(" ")
    except ValueError as error:
        raise FormatError("This line is damaged.") from error
    words: dict[str, Word] = {each: each for each in get_args(Word)}
    kinds: dict[str, Kind] = {each: each for each in get_args(Kind)}
    if checksum != _checksum(line) or word not in words or kind not in kinds:
        raise FormatError("This line is damaged.")
    sizes = ((community, HASH_BYTES), (key, KEY_BYTES), (change, HASH_BYTES))
    return words[word], Closing(kinds[kind], *(decode_bytes(text, size) for text, size in sizes))


def _checksum(line: str) -> str:
    return hashlib.sha256(line.encode("ascii")).hexdigest()[:_CHECKSUM]


def _all_of(file: int) -> bytes:
    parts = []
    while part := os.read(file, 1 << 20):
        parts.append(part)
    return b"".join(parts)
