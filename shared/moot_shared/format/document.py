"""A whole-document chunk, taken apart far enough to know whose history it is and how much of it.

The body of a chunk: the actors (sorted), the heads (sorted hashes), two tables of columns - of
changes and of operations -, the columns of both, and for each head the place of its change.
Each column may be deflated by itself.

A document does not hold its changes as they were written, only what they can be made of again:
one row for each change, and all operations sorted by what they are about. The rows are read
here (`DocumentChange`); the columns of operations are inflated, counted and handed on as they are.
Hashes cannot be checked before the changes are made again, so the heads that it names are claims.

Everything that such a chunk says is held against the rest of it: writers are among its actors,
each writer's changes count on from 1, a change is built on earlier ones and does not end before
them, and the heads are the changes that nothing is built on.
"""

from __future__ import annotations

from dataclasses import dataclass

from moot_shared.format.chunk import open_document
from moot_shared.format.columns import number_count
from moot_shared.format.leb import Malformed, malformed, uleb
from moot_shared.format.names import read_actors, read_sorted_hashes
from moot_shared.format.rows import CHANGE_COLUMNS, DocumentChange, read_changes
from moot_shared.format.tables import Column, Encoding, read_columns, read_table
from moot_shared.limits import DEFAULT, Limits

__all__ = ["Column", "DocumentChange", "DocumentChunk", "Encoding", "decode_document"]

_ACTION = 0x42
OPERATION_COLUMNS = frozenset({
    0x01, 0x02, 0x11, 0x13, 0x15, 0x21, 0x23, 0x34, _ACTION, 0x56, 0x57, 0x80, 0x81, 0x83, 0x94, 0xA5,
})  # fmt: skip
"""Every column that the operations of a document may have: a change's, with ids, and with
successors where a change has predecessors."""


@dataclass(frozen=True, slots=True)
class DocumentChunk:
    """A document as it is saved. `head_places` are the heads' places among `changes`.

    Documents of older writers do not say where their heads are: `head_places` is empty then.
    """

    actors: tuple[bytes, ...]
    heads: tuple[bytes, ...]
    head_places: tuple[int, ...]
    changes: tuple[DocumentChange, ...]
    columns: tuple[Column, ...]
    """The operations, column by column, inflated."""
    operations: int
    """How many operations there are."""


def decode_document(chunk: bytes, limits: Limits = DEFAULT) -> DocumentChunk:
    """Take one whole-document chunk apart; FormatError says what is not consistent about it."""
    try:
        return _document(chunk, limits)
    except Malformed as error:
        raise Malformed(error.what, "document") from None


def _document(raw: bytes, limits: Limits) -> DocumentChunk:
    at = open_document(raw, limits)
    actors, at = read_actors(raw, at, limits.document_actors)
    heads, at = read_sorted_hashes(raw, at, limits.sync_heads)
    change_table, at = read_table(raw, at, CHANGE_COLUMNS, deflated=True)
    operation_table, at = read_table(raw, at, OPERATION_COLUMNS, deflated=True)
    room = limits.document_inflated_bytes
    columns, at = read_columns(raw, at, change_table, room)
    room -= sum(map(len, columns.values()))
    operation_columns, at = read_columns(raw, at, operation_table, room)
    head_places, at = _head_places(raw, at, len(heads))
    if at != len(raw):
        raise malformed("it is not as long as it says")
    changes = read_changes(columns, actors, limits)
    _check_heads(changes, len(heads), head_places)
    operations = number_count(operation_columns.get(_ACTION, b""), limits.document_read_operations)
    named = tuple(Column(spec, data) for spec, data in operation_columns.items())
    return DocumentChunk(actors, heads, head_places, changes, named, operations)


def _head_places(raw: bytes, at: int, heads: int) -> tuple[tuple[int, ...], int]:
    places: list[int] = []
    if at < len(raw):
        for _ in range(heads):
            place, at = uleb(raw, at)
            places.append(place)
    return tuple(places), at


def _check_heads(changes: tuple[DocumentChange, ...], heads: int, places: tuple[int, ...]) -> None:
    """As many heads as there are changes that nothing is built on; and, where it is said, just these."""
    built_on = {dep for change in changes for dep in change.deps}
    last = {place for place in range(len(changes)) if place not in built_on}
    if heads != len(last) or (places and (set(places) != last)):
        raise malformed("its newest changes are not those that it names")
