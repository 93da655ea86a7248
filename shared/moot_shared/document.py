"""The only module that imports automerge: a document that takes checked changes and makes new ones.

What the binding does wrong is dealt with here, once (docs/decisions/0010-the-document-and-its-binding.md):

* No message of another machine reaches it. `apply` takes changes that the strict decoder and
  admission have passed, and wraps them in a message of our own making; `expect` checks that the
  heads are what they must be, because the binding answers success where it dropped a change.
* A panic is a BaseException, and may leave the document poisoned: any trouble makes this object
  `BrokenDocument`, to be thrown away and rebuilt from rows.
* A transaction that is left open crashes the process: `edit` closes it on every path.

One thread at a time may use a document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from automerge.core import ROOT as _ROOT
from automerge.core import Document as _Binding
from automerge.core import Message, ObjType, ScalarType, SyncState

from moot_shared.errors import StorageError
from moot_shared.format.change import OpId

BATCH = 50  # changes applied in one call: the longest that nothing else runs and Ctrl+C waits, ~20 ms


class BrokenDocument(StorageError):
    """The document in memory can no longer be trusted: rebuild it from rows; nothing is lost."""


def _leb(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _object(op: OpId | None) -> bytes:
    """The binding's name for an object: tag, actor, an index hint that it looks up, the counter."""
    if op is None:
        return bytes(_ROOT)
    return b"\x10" + _leb(len(op.actor)) + op.actor + b"\0" + _leb(op.counter)


def _counter(name: bytes) -> int:
    """The counter in the binding's name for an object that it has just made."""
    position, shift, number = len(name) - 1, 0, 0
    while position > 0 and name[position - 1] & 0x80:
        position -= 1
    for byte in name[position:]:
        number |= (byte & 0x7F) << shift
        shift += 7
    return number


class Edit:
    """What one change does. Objects are named by the operation that made them; None is the root."""

    def __init__(self, transaction: Any, actor: bytes) -> None:
        self._tx = transaction
        self._actor = actor

    def put(self, obj: OpId | None, key: str, value: str | int | float | bool | None) -> None:
        """Set a key of a map. An equal value makes no operation."""
        kind, plain = _scalar(value)
        self._tx.put(_object(obj), key, kind, plain)

    def put_unsigned(self, obj: OpId | None, key: str, value: int) -> None:
        """Set a key of a map to an unsigned number."""
        self._tx.put(_object(obj), key, ScalarType.Uint, value)

    def make_map(self, obj: OpId | None, key: str) -> OpId:
        """A new map at a key; its operation."""
        return self._made(self._tx.put_object(_object(obj), key, ObjType.Map))

    def make_list(self, obj: OpId | None, key: str) -> OpId:
        """A new list at a key; its operation."""
        return self._made(self._tx.put_object(_object(obj), key, ObjType.List))

    def insert(self, obj: OpId, index: int, text: str) -> None:
        """A new paragraph before the one that stands at `index`."""
        self._tx.insert(_object(obj), index, ScalarType.Str, text)

    def delete(self, obj: OpId, index: int) -> None:
        """Take out the paragraph at `index`."""
        self._tx.delete(_object(obj), index)

    def _made(self, name: bytes) -> OpId:
        return OpId(_counter(name), self._actor)


def _scalar(value: str | int | float | bool | None) -> tuple[Any, Any]:
    if value is None:
        return ScalarType.Null, None
    if isinstance(value, bool):
        return ScalarType.Boolean, value
    if isinstance(value, int):
        return ScalarType.Int, value
    if isinstance(value, float):
        return ScalarType.F64, value
    return ScalarType.Str, value


class Document:
    """A community's document in memory, writing as one actor."""

    def __init__(self, actor: bytes) -> None:
        self.actor = actor
        self._binding = _Binding(actor)
        self._broken = False

    def heads(self) -> tuple[bytes, ...]:
        """The newest changes, sorted."""
        with self._guarded():
            return tuple(sorted(self._binding.get_heads()))
        raise AssertionError

    def write_as(self, actor: bytes) -> None:
        """Write under another actor from now on."""
        with self._guarded():
            self._binding.set_actor(actor)
            self.actor = actor

    def apply(self, chunks: Sequence[bytes]) -> None:
        """Take in admitted changes (canonical chunks, causal order), a few at a call."""
        for start in range(0, len(chunks), BATCH):
            batch = chunks[start : start + BATCH]
            joined = b"".join(batch)
            # One behind the other, as the binding reads them: to frame each takes a tenth as long.
            message = b"\x43\0\0\0\1" + _leb(len(joined)) + joined
            with self._guarded():
                self._binding.receive_sync_message(SyncState(), Message.decode(message))

    def expect(self, heads: Sequence[bytes]) -> None:
        """Check that the document is what the rows say; BrokenDocument if it is not."""
        if self.heads() != tuple(sorted(heads)):
            self._broken = True
            raise BrokenDocument("The document in memory is not what is on this disk; it is made anew.")

    def edit(self, write: Callable[[Edit], None]) -> bytes | None:
        """Make one change; its canonical chunk, or None where nothing was different."""
        with self._guarded():
            before = self._binding.get_heads()
            with self._binding.transaction() as transaction:
                write(Edit(transaction, self.actor))
            changes = self._binding.get_changes(before)
            if len(changes) > 1:
                raise BrokenDocument("One edit became several changes; the document is made anew.")
            return bytes(changes[0].raw_bytes) if changes else None
        raise AssertionError

    def texts(self, obj: OpId) -> list[str]:
        """A list's strings, in order: for checking rows against the document."""
        with self._guarded():
            values = (value for value, _ in self._binding.values(_object(obj)))
            return [str(value[1]) for value in values if isinstance(value, tuple)]
        raise AssertionError

    def entries(self, obj: OpId | None) -> dict[str, Any]:
        """A map's scalars by key: for checking rows against the document."""
        with self._guarded():
            name = _object(obj)
            pairs = ((key, self._binding.get(name, key)) for key in self._binding.keys(name))
            return {key: got[0][1] for key, got in pairs if got and isinstance(got[0], tuple)}
        raise AssertionError

    def pack(self) -> bytes:
        """All of it in one chunk, deflated."""
        with self._guarded():
            return bytes(self._binding.save())
        raise AssertionError

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        if self._broken:
            raise BrokenDocument("The document in memory is made anew.")
        try:
            yield
        except (KeyboardInterrupt, SystemExit):
            self._broken = True
            raise
        except BaseException as error:  # the binding's panics are BaseException
            self._broken = True
            if isinstance(error, Exception) and type(error).__module__.startswith("moot_"):
                raise
            raise BrokenDocument(f"The document in memory broke ({error}); it is made anew.") from error


class Unpacked(NamedTuple):
    """What is in a packed document."""

    heads: tuple[bytes, ...]
    hashes: tuple[bytes, ...]
    """Of all its changes."""


def unpack(chunk: bytes) -> Unpacked:
    """Read a packed document of this machine's own making; BrokenDocument where it cannot be read."""
    try:
        binding = _Binding.load(chunk)
        changes = tuple(change.hash for change in binding.get_changes([]))
        return Unpacked(tuple(sorted(binding.get_heads())), changes)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the binding's panics are BaseException
        raise BrokenDocument(f"A packed document cannot be read back ({error}).") from error
