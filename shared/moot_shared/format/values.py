"""The values that operations carry: a column that says kind and length, and one of their bytes."""

from __future__ import annotations

import struct

from moot_shared.format.leb import malformed, sleb, uleb
from moot_shared.format.operation import Scalar, ValueKind

_FLOAT = struct.Struct("<d")
_KINDS = tuple(ValueKind) + (ValueKind.UNKNOWN,) * 5
_NULL, _FALSE, _TRUE = ((ValueKind.NULL, None), (ValueKind.FALSE, False), (ValueKind.TRUE, True))


def values(meta: list[int | None], raw: bytes) -> list[tuple[ValueKind, Scalar]]:
    """Kind and value for each entry of the meta column; every raw byte belongs to one of them."""
    found: list[tuple[ValueKind, Scalar]] = []
    position = 0
    for entry in meta:
        if entry is None:
            raise malformed("a value in it has no type")
        if entry == 0:
            found.append(_NULL)
            continue
        end = position + (entry >> 4)
        if end > len(raw):
            raise malformed("a value in it is cut off")
        found.append(_value(entry & 15, raw[position:end]))
        position = end
    if position != len(raw):
        raise malformed("it has bytes that belong to no value")
    return found


def _value(code: int, raw: bytes) -> tuple[ValueKind, Scalar]:
    kind = _KINDS[code]
    if kind is ValueKind.STR:
        try:
            return kind, raw.decode()
        except UnicodeDecodeError:
            raise malformed("a text in it is not UTF-8") from None
    if kind is ValueKind.BYTES or kind is ValueKind.UNKNOWN:
        return kind, raw
    if kind is ValueKind.UINT:
        number, end = uleb(raw, 0)
    elif kind in (ValueKind.INT, ValueKind.COUNTER, ValueKind.TIMESTAMP):
        number, end = sleb(raw, 0)
    elif kind is ValueKind.FLOAT and len(raw) == _FLOAT.size:
        return kind, float(_FLOAT.unpack(raw)[0])
    elif code < ValueKind.UINT and not raw:
        return (_NULL, _FALSE, _TRUE)[code]
    else:
        raise malformed("a value in it has the wrong length")
    if end != len(raw):
        raise malformed("a value in it has the wrong length")
    return kind, number


def kind_of(entry: int) -> ValueKind:
    """What kind of value an entry of the meta column announces."""
    return _KINDS[entry & 15]


def check_values(entry: int | None, count: int, raw: bytes, position: int) -> int:
    """Check `count` values that all have this entry in the meta column; the position after them."""
    if entry is None:
        raise malformed("a value in it has no type")
    length, code = entry >> 4, entry & 15
    end = position + count * length
    if end > len(raw):
        raise malformed("a value in it is cut off")
    if code == ValueKind.STR and raw[position:end].isascii():
        return end
    if not length or code == ValueKind.BYTES or code >= ValueKind.UNKNOWN:
        _value(code, raw[position : position + length])
        return end
    for at in range(position, end, length):
        _value(code, raw[at : at + length])
    return end
