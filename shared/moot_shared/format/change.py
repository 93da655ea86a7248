"""A change chunk as a `Change` of `Operation`s.

The body of a chunk: deps (sorted hashes), actor, seq, start op, time, message, the other actors
that operations name (sorted), a table of columns (id and length, ids rising), the columns.
Nothing follows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from moot_shared.format.chunk import open_chunk
from moot_shared.format.columns import text
from moot_shared.format.leb import malformed, sleb, uleb
from moot_shared.format.operation import HEAD, Action, Operation, OpId, Scalar, ValueKind
from moot_shared.format.operations import COLUMNS, read_operations
from moot_shared.limits import DEFAULT, Limits

__all__ = ["HEAD", "Action", "Change", "OpId", "Operation", "Scalar", "ValueKind", "decode_change"]

HASH_BYTES = 32
LONGEST_ACTOR = 64
HIGHEST_COUNTER = (1 << 31) - 1  # near 2^32 the binding panics at the next honest write
FARTHEST_TIME = 1 << 53  # beyond it JavaScript cannot count


@dataclass(frozen=True, slots=True)
class Change:
    """One change: operations made together, and the changes that they were made on (`deps`)."""

    hash: bytes
    deps: tuple[bytes, ...]
    actor: bytes
    seq: int
    start_op: int
    time: int
    message: str
    operations: tuple[Operation, ...]
    raw: bytes
    """The canonical, uncompressed chunk: what is stored, and what the hash is over."""

    @property
    def last_op(self) -> int:
        """The counter of the last operation; `start_op - 1` where there is none."""
        return self.start_op + len(self.operations) - 1

    @property
    def author(self) -> bytes:
        """The member who made it: the actor's first 32 bytes."""
        return self.actor[:32]


def decode_change(chunk: bytes, limits: Limits = DEFAULT) -> Change:
    """Read one change chunk, deflated or not; FormatError says what is not canonical about it."""
    change_hash, raw, at = open_chunk(chunk, limits)
    deps, at = _deps(raw, at, limits)
    actor, at = _actor(raw, at)
    seq, at = uleb(raw, at)
    start_op, at = uleb(raw, at)
    time, at = sleb(raw, at)
    message, at = text(raw, at)
    others, at = _other_actors(raw, at, actor, limits)
    columns = _columns(raw, at)
    if not (0 < seq <= HIGHEST_COUNTER and start_op > 0 and abs(time) <= FARTHEST_TIME):
        raise malformed("a number in it is out of range")
    operations = read_operations(columns, (actor, *others), start_op, limits)
    if start_op + len(operations) > HIGHEST_COUNTER:
        raise malformed("a number in it is out of range")
    return Change(change_hash, deps, actor, seq, start_op, time, message, operations, raw)


def _deps(raw: bytes, at: int, limits: Limits) -> tuple[tuple[bytes, ...], int]:
    count, at = uleb(raw, at)
    end = at + count * HASH_BYTES
    if count > limits.change_deps or end > len(raw):
        raise malformed("it is built on too many others at once")
    deps = tuple(raw[start : start + HASH_BYTES] for start in range(at, end, HASH_BYTES))
    if any(later <= earlier for earlier, later in pairwise(deps)):
        raise malformed("what it is built on is listed in disorder")
    return deps, end


def _actor(raw: bytes, at: int) -> tuple[bytes, int]:
    length, at = uleb(raw, at)
    if not 0 < length <= LONGEST_ACTOR or at + length > len(raw):
        raise malformed("its author is not named properly")
    return raw[at : at + length], at + length


def _other_actors(raw: bytes, at: int, author: bytes, limits: Limits) -> tuple[list[bytes], int]:
    count, at = uleb(raw, at)
    if count > limits.document_actors:
        raise malformed("it names too many actors")
    actors: list[bytes] = []
    for _ in range(count):
        actor, at = _actor(raw, at)
        if actor == author or (actors and actor <= actors[-1]):
            raise malformed("the actors that it names are listed in disorder")
        actors.append(actor)
    return actors, at


def _columns(raw: bytes, at: int) -> dict[int, bytes]:
    count, at = uleb(raw, at)
    if count > len(COLUMNS):
        raise malformed("it has columns that nobody knows")
    table: list[tuple[int, int]] = []
    for _ in range(count):
        column, at = uleb(raw, at)
        length, at = uleb(raw, at)
        if column not in COLUMNS or length == 0 or (table and column <= table[-1][0]):
            raise malformed("it has columns that nobody knows")
        table.append((column, length))
    columns: dict[int, bytes] = {}
    for column, length in table:
        columns[column] = raw[at : at + length]
        at += length
    if at != len(raw):
        raise malformed("its columns are not as long as it says")
    return columns
