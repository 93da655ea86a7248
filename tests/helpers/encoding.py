"""A second, independent writer of the format, so that tests can make any change: honest, odd or forged."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import TypeVar

from moot_shared.format.change import HEAD, Change, Operation, OpId, ValueKind

T = TypeVar("T")
MAGIC = b"\x85\x6f\x4a\x83"


def uleb(number: int) -> bytes:
    """Unsigned LEB128."""
    out = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        out.append(low | (0x80 if number else 0))
        if not number:
            return bytes(out)


def sleb(number: int) -> bytes:
    """Signed LEB128."""
    out = bytearray()
    while True:
        low = number & 0x7F
        number >>= 7
        done = (number == 0 and not low & 0x40) or (number == -1 and low & 0x40)
        out.append(low | (0 if done else 0x80))
        if done:
            return bytes(out)


def text(value: str) -> bytes:
    """A string with its length."""
    data = value.encode()
    return uleb(len(data)) + data


def run_lengths(values: Iterable[T | None], write: Callable[[T], bytes]) -> bytes:
    """A run-length column."""
    out, literals = b"", list[bytes]()
    everything = [(value, len(list(same))) for value, same in groupby(values)]
    if all(value is None for value, _ in everything):
        return b""

    def flush() -> bytes:
        written = sleb(-len(literals)) + b"".join(literals) if literals else b""
        literals.clear()
        return written

    for value, count in everything:
        if value is not None and count == 1:
            literals.append(write(value))
        else:
            out += flush()
            out += b"\0" + uleb(count) if value is None else sleb(count) + write(value)
    return out + flush()


def deltas(values: Iterable[int | None]) -> bytes:
    """A delta column."""
    last, steps = 0, list[int | None]()
    for value in values:
        steps.append(None if value is None else value - last)
        last = last if value is None else value
    return run_lengths(steps, sleb)


def booleans(values: Iterable[bool]) -> bytes:
    """A boolean column."""
    out, turn = b"", False
    for value, same in groupby(values):
        if value is not turn:
            out += b"\0"
        out += uleb(len(list(same)))
        turn = not value
    return out


def value_bytes(kind: ValueKind, value: object) -> bytes:
    """A value's raw bytes."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes):
        return value
    if kind is ValueKind.FLOAT:
        return struct.pack("<d", value)
    if kind in (ValueKind.NULL, ValueKind.FALSE, ValueKind.TRUE):
        return b""
    assert isinstance(value, int)
    return uleb(value) if kind is ValueKind.UINT else sleb(value)


def chunk(body: bytes, kind: int = 1, checksum: bytes | None = None) -> bytes:
    """A chunk around a body, with the checksum that belongs to it or another one."""
    head = bytes((kind,)) + uleb(len(body))
    digest = hashlib.sha256(head + body).digest()
    return MAGIC + (checksum or digest[:4]) + head + body


def deflated(raw: bytes, tail: bytes = b"") -> bytes:
    """A canonical chunk as it may travel: deflated, with the checksum of what it holds."""
    body = next(raw[at:] for at in range(10, 14) if chunk(raw[at:]) == raw)
    packer = zlib.compressobj(wbits=-15)
    return chunk(packer.compress(body) + packer.flush() + tail, 2, raw[4:8])


def encode_change(
    operations: Sequence[Operation],
    *,
    actor: bytes,
    seq: int = 1,
    start_op: int = 1,
    deps: Sequence[bytes] = (),
    time: int = 0,
    message: str = "",
    marks: Mapping[int, tuple[str | None, bool]] | None = None,
) -> bytes:
    """A change in its canonical form; the operations' own ids are not looked at."""
    named = {key.actor for op in operations for key in _named(op) if key.actor and key.actor != actor}
    actors = [actor, *sorted(named)]
    columns = _columns(operations, actors, marks or {})
    body = uleb(len(deps)) + b"".join(deps) + uleb(len(actor)) + actor
    body += uleb(seq) + uleb(start_op) + sleb(time) + text(message)
    body += uleb(len(actors) - 1) + b"".join(uleb(len(a)) + a for a in actors[1:])
    table = sorted((column, data) for column, data in columns.items() if data)
    body += uleb(len(table)) + b"".join(uleb(column) + uleb(len(data)) for column, data in table)
    return chunk(body + b"".join(data for _, data in table))


def again(change: Change) -> bytes:
    """A decoded change, written again."""
    return encode_change(
        change.operations,
        actor=change.actor,
        seq=change.seq,
        start_op=change.start_op,
        deps=change.deps,
        time=change.time,
        message=change.message,
        marks={at: (op.mark.name, op.mark.expand) for at, op in enumerate(change.operations) if op.mark},
    )


def _named(op: Operation) -> list[OpId]:
    return [*op.pred, *([op.obj] if op.obj else []), *([op.key] if isinstance(op.key, OpId) else [])]


def _columns(
    ops: Sequence[Operation], actors: Sequence[bytes], marks: Mapping[int, tuple[str | None, bool]]
) -> dict[int, bytes]:
    index = {actor: number for number, actor in enumerate(actors)}
    elements = [op.key if isinstance(op.key, OpId) else None for op in ops]
    raws = [value_bytes(op.kind, op.value) for op in ops]
    preds = [pred for op in ops for pred in op.pred]
    nobody = (None, False)
    grows = [marks.get(number, nobody)[1] for number in range(len(ops))]
    return {
        0x01: run_lengths([None if op.obj is None else index[op.obj.actor] for op in ops], uleb),
        0x02: run_lengths([None if op.obj is None else op.obj.counter for op in ops], uleb),
        0x11: run_lengths([None if e is None or e == HEAD else index[e.actor] for e in elements], uleb),
        0x13: deltas([None if e is None else e.counter for e in elements]),
        0x15: run_lengths([op.key if isinstance(op.key, str) else None for op in ops], text),
        0x34: booleans(op.insert for op in ops),
        0x42: run_lengths([int(op.action) for op in ops], uleb),
        0x56: run_lengths([len(raw) << 4 | op.kind for op, raw in zip(ops, raws, strict=True)], uleb),
        0x57: b"".join(raws),
        0x70: run_lengths([len(op.pred) for op in ops], uleb),
        0x71: run_lengths([index[pred.actor] for pred in preds], uleb),
        0x73: deltas(pred.counter for pred in preds),
        0x94: booleans(grows) if any(grows) else b"",
        0xA5: run_lengths([marks.get(number, nobody)[0] for number in range(len(ops))], text),
    }
