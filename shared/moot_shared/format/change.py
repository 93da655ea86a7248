"""A change chunk as a `Change` of `Operation`s.

The body of a chunk: deps (sorted hashes), actor, seq, start op, time, message, the other actors
that operations name (sorted), a table of columns (id and length, ids rising), the columns.
The format lets further bytes follow, which say something of the change as a whole (newer
JavaScript writes there whose actor it is). A community has no use for them: unless the limits
make room, nothing follows.
"""

from __future__ import annotations

from collections.abc import Mapping

from moot_shared.format.chunk import open_chunk
from moot_shared.format.columns import text
from moot_shared.format.leb import malformed, sleb, uleb
from moot_shared.format.names import HIGHEST_COUNTER, read_actor, read_actors, read_sorted_hashes
from moot_shared.format.operation import HEAD, Action, Mark, Operation, OpId, Scalar, ValueKind
from moot_shared.format.operations import COLUMNS, read_operations
from moot_shared.format.tables import read_columns, read_table
from moot_shared.frozen import frozen
from moot_shared.ids import KEY_BYTES
from moot_shared.limits import DEFAULT, Limits

__all__ = ["HEAD", "Action", "Change", "Mark", "OpId", "Operation", "Scalar", "ValueKind", "decode_change"]

FARTHEST_TIME = 1 << 53  # beyond it JavaScript cannot count


@frozen
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
    extra: bytes = b""
    """What follows the operations: nothing, in a community."""

    @property
    def last_op(self) -> int:
        """The counter of the last operation; `start_op - 1` where there is none."""
        return self.start_op + len(self.operations) - 1

    @property
    def author(self) -> bytes:
        """The member who made it: the actor's first 32 bytes."""
        return self.actor[:KEY_BYTES]


@frozen
class Header:
    """What stands before a change's operations, and their columns, unread."""

    hash: bytes
    deps: tuple[bytes, ...]
    actor: bytes
    seq: int
    start_op: int
    time: int
    message: str
    others: tuple[bytes, ...]
    columns: Mapping[int, bytes]
    raw: bytes
    extra: bytes


def read_header(chunk: bytes, limits: Limits = DEFAULT) -> Header:
    """Read all of one change chunk but its operations; FormatError says what is not canonical about it."""
    change_hash, raw, at = open_chunk(chunk, limits)
    deps, at = read_sorted_hashes(raw, at, limits.change_deps)
    actor, at = read_actor(raw, at)
    seq, at = uleb(raw, at)
    start_op, at = uleb(raw, at)
    time, at = sleb(raw, at)
    message, at = text(raw, at)
    others, at = read_actors(raw, at, limits.change_actors)
    table, at = read_table(raw, at, COLUMNS)
    columns, at = read_columns(raw, at, table, len(raw))
    extra = raw[at:]
    if len(extra) > limits.change_extra_bytes:
        raise malformed("something follows its operations")
    if actor in others:
        raise malformed("the actors that it names are listed in disorder")
    if not (0 < seq <= HIGHEST_COUNTER and start_op > 0 and abs(time) <= FARTHEST_TIME):
        raise malformed("a number in it is out of range")
    return Header(change_hash, deps, actor, seq, start_op, time, message, others, columns, raw, extra)


def decode_change(chunk: bytes, limits: Limits = DEFAULT) -> Change:
    """Read one change chunk, deflated or not; FormatError says what is not canonical about it."""
    head = read_header(chunk, limits)
    operations = read_operations(head.columns, (head.actor, *head.others), head.start_op, limits)
    if head.start_op + len(operations) > HIGHEST_COUNTER:
        raise malformed("a number in it is out of range")
    return Change(
        head.hash, head.deps, head.actor, head.seq, head.start_op, head.time, head.message, operations,
        head.raw, head.extra,
    )  # fmt: skip
