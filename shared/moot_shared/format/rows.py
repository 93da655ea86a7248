"""The changes of a whole document: one row each, without operations.

A row names other rows by their place, which is smaller than its own: a change stands after those
that it was made on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from moot_shared.format.columns import deltas, numbers, texts
from moot_shared.format.leb import malformed
from moot_shared.format.names import HIGHEST_COUNTER
from moot_shared.format.operation import ValueKind
from moot_shared.format.values import values
from moot_shared.limits import Limits

ACTOR, SEQ, MAX_OP, TIME, MESSAGE = 0x01, 0x03, 0x13, 0x23, 0x35
DEPS_COUNT, DEPS_PLACE = 0x40, 0x43
EXTRA_META, EXTRA_RAW = 0x56, 0x57
CHANGE_COLUMNS = frozenset({
    ACTOR, SEQ, MAX_OP, TIME, MESSAGE, DEPS_COUNT, DEPS_PLACE, EXTRA_META, EXTRA_RAW,
})  # fmt: skip
"""Every column that the changes of a document may have."""

FARTHEST_TIME = 1 << 53  # beyond it JavaScript cannot count

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """One change of a document. `deps` are places among its changes, `time` is Unix seconds by its writer.

    `last_op` is the counter of its last operation; where its first one stands follows from its deps.
    """

    actor: bytes
    seq: int
    last_op: int
    time: int
    message: str
    deps: tuple[int, ...]
    extra: bytes


def read_changes(
    columns: Mapping[int, bytes], actors: Sequence[bytes], limits: Limits
) -> tuple[DocumentChange, ...]:
    """The rows in `columns`, in an order in which they could have been made."""
    cells = columns.get
    writers = _whole(numbers(cells(ACTOR, b""), limits.document_changes))
    count = len(writers)
    seqs = _whole(deltas(cells(SEQ, b""), count))
    last_ops = _whole(deltas(cells(MAX_OP, b""), count))
    times = _whole(deltas(cells(TIME, b""), count))
    messages = texts(cells(MESSAGE, b""), count) or [None] * count
    extras = values(numbers(cells(EXTRA_META, b""), count), cells(EXTRA_RAW, b""))
    deps = _deps(_whole(numbers(cells(DEPS_COUNT, b""), count)), cells(DEPS_PLACE, b""), limits)
    if any(len(column) != count for column in (seqs, last_ops, times, messages, extras, deps)):
        raise malformed("its columns differ in length")

    chains = [0] * len(actors)
    rows: list[DocumentChange] = []
    for index, writer in enumerate(writers):
        seq, last_op, time = seqs[index], last_ops[index], times[index]
        kind, extra = extras[index]
        if writer >= len(actors) or seq != chains[writer] + 1:
            raise malformed("a writer's changes in it do not count on from one another")
        chains[writer] = seq
        if not 0 <= last_op <= HIGHEST_COUNTER or abs(time) > FARTHEST_TIME:
            raise malformed("a number in it is out of range")
        if any(last_op < rows[dep].last_op for dep in deps[index]):
            raise malformed("a change in it ends before those that it is built on")
        if kind is not ValueKind.BYTES or not isinstance(extra, bytes):
            raise malformed("a change in it carries something unknown")
        message = messages[index] or ""
        rows.append(DocumentChange(actors[writer], seq, last_op, time, message, deps[index], extra))
    return tuple(rows)


def _deps(counts: Sequence[int], data: bytes, limits: Limits) -> list[tuple[int, ...]]:
    """For each change the places of those that it is built on: earlier ones, none twice."""
    places = _whole(deltas(data, limits.document_deps))
    found: list[tuple[int, ...]] = []
    start = 0
    for index, count in enumerate(counts):
        if count > limits.change_deps or start + count > len(places):
            raise malformed("it is built on too many others at once")
        deps = tuple(places[start : start + count])
        if len(set(deps)) != count or not all(0 <= dep < index for dep in deps):
            raise malformed("a change in it is built on one that comes later")
        found.append(deps)
        start += count
    if start != len(places):
        raise malformed("its columns differ in length")
    return found


def _whole(cells: list[T | None]) -> list[T]:
    """A column in which every cell says something."""
    if None in cells:
        raise malformed("a change in it does not say everything about itself")
    return [cell for cell in cells if cell is not None]
