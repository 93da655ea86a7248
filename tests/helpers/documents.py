"""A writer of whole-document chunks, so that tests can make any: honest, odd or forged."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.helpers.encoding import chunk, deltas, run_lengths, text, uleb

ANN, BOB = b"a" * 40, b"b" * 40
HEAD = b"\x11" * 32


@dataclass
class Written:
    """What a document says, column by column. As it stands: two writers, three changes, four operations."""

    actors: Sequence[bytes] = (ANN, BOB)
    heads: Sequence[bytes] = (HEAD,)
    head_places: Sequence[int] = (2,)
    writers: Sequence[int | None] = (0, 1, 0)
    seqs: Sequence[int | None] = (1, 1, 2)
    last_ops: Sequence[int | None] = (2, 3, 4)
    times: Sequence[int | None] = (0, 5, 0)
    messages: Sequence[str | None] = (None, "after the round", None)
    deps: Sequence[Sequence[int]] = ((), (0,), (0, 1))
    extra: Sequence[int | None] = (7, 7, 7)
    extra_raw: bytes = b""
    operations: int = 4
    instead: Mapping[int, bytes] = field(default_factory=dict)
    """Columns of changes, as bytes, in the place of those that follow from the rest."""
    more: Mapping[int, bytes] = field(default_factory=dict)
    """Columns of operations, likewise."""
    tail: bytes = b""

    def chunk(self) -> bytes:
        """The chunk, with a checksum that is right."""
        return chunk(self.body(), 0)

    def body(self) -> bytes:
        """What the checksum is over, without type and length."""
        changes = _present({**self._changes(), **self.instead})
        operations = _present({**self._operations(), **self.more})
        parts = [uleb(len(self.actors)), *(uleb(len(actor)) + actor for actor in self.actors)]
        parts += [uleb(len(self.heads)), *self.heads, _table(changes), _table(operations)]
        parts += [*changes.values(), *operations.values(), *map(uleb, self.head_places), self.tail]
        return b"".join(parts)

    def _changes(self) -> dict[int, bytes]:
        return {
            0x01: run_lengths(self.writers, uleb),
            0x03: deltas(self.seqs),
            0x13: deltas(self.last_ops),
            0x23: deltas(self.times),
            0x35: run_lengths(self.messages, text),
            0x40: run_lengths([len(deps) for deps in self.deps], uleb),
            0x43: deltas(dep for deps in self.deps for dep in deps),
            0x56: run_lengths(self.extra, uleb),
            0x57: self.extra_raw,
        }

    def _operations(self) -> dict[int, bytes]:
        count = self.operations
        return {
            0x21: run_lengths([0] * count, uleb),
            0x42: run_lengths([1] * count, uleb),
            0x80: run_lengths([0] * count, uleb),
        }


def deflate(data: bytes) -> bytes:
    """A column's bytes, deflated."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def _present(columns: Mapping[int, bytes]) -> dict[int, bytes]:
    named = sorted(columns.items(), key=lambda item: item[0] & ~8)
    return {spec: data for spec, data in named if data}


def _table(columns: Mapping[int, bytes]) -> bytes:
    entries = (uleb(spec) + uleb(len(data)) for spec, data in columns.items())
    return uleb(len(columns)) + b"".join(entries)
