"""A failing case with as few bytes as still fail in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from moot_shared.errors import FormatError
from moot_shared.format.change import decode_change
from tests.fuzz.anatomy import anatomy, body_of
from tests.fuzz.attempt import Attempt
from tests.helpers import encoding

PATIENCE = 3_000  # tries


def shrunk(made: Attempt) -> bytes:
    """The bytes of a smaller case that fails with the same class of error, or else the case's own."""
    fails = _failing(made)
    best = made.data
    if made.again is None or not fails(best):
        return best
    tries = 0
    better = True
    while better and tries < PATIENCE:
        better = False
        for candidate in _smaller(best):
            tries += 1
            if len(candidate) < len(best) and fails(candidate):
                best, better = candidate, True
                break
            if tries >= PATIENCE:
                break
    return best


def _failing(made: Attempt) -> Callable[[bytes], bool]:
    kind = _error(made, made.data)

    def fails(data: bytes) -> bool:
        return kind is not None and _error(made, data) is kind

    return fails


def _error(made: Attempt, data: bytes) -> type[BaseException] | None:
    if made.again is None:
        return None
    try:
        made.again(data)()
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return type(error)
    return None


def _smaller(data: bytes) -> Iterator[bytes]:
    """A change with fewer operations or shorter parts; or else the bytes with a part cut out."""
    if data[:4] == encoding.MAGIC:
        yield from _smaller_change(data)
        try:
            body = body_of(data)
        except FormatError:
            body = b""
        yield from (encoding.chunk(cut, data[8]) for cut in _cuts(body))
    yield from _cuts(data)


def _smaller_change(data: bytes) -> Iterator[bytes]:
    try:
        change = decode_change(data)
    except FormatError:
        return
    parts = anatomy(change.raw)
    for size in (len(change.operations) // 2, 4, 1):
        for at in range(0, len(change.operations), size) if size else ():
            kept = change.operations[:at] + change.operations[at + size :]
            yield encoding.encode_change(
                kept, actor=change.actor, seq=change.seq, start_op=change.start_op, deps=parts.deps
            )


def _cuts(data: bytes) -> Iterator[bytes]:
    size = len(data) // 2
    while size:
        yield from (data[:at] + data[at + size :] for at in range(0, len(data), size))
        size //= 2
