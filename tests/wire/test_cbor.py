"""What a stranger may make this machine build is settled before it is built."""

from __future__ import annotations

from contextlib import suppress

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moot_shared.errors import FormatError
from moot_shared.wire import cbor

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.text()
    | st.binary()
    | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.binary(), inner, max_size=4),
    max_leaves=12,
)


def depth(value: object) -> int:
    if isinstance(value, list | dict):
        inner = value.values() if isinstance(value, dict) else value
        return 1 + max((depth(each) for each in inner), default=0)
    return 0


@pytest.mark.slow
@given(plain)
def test_plain_values_come_back_as_they_were_sent_unless_they_are_too_deep(value: object) -> None:
    if depth(value) <= 8:
        assert cbor.decode(cbor.encode(value)) == value
    else:
        with pytest.raises(FormatError):
            cbor.decode(cbor.encode(value))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_plain_value_or_a_sentence(data: bytes) -> None:
    with suppress(FormatError):
        cbor.decode(data)


HOSTILE = {
    "a list that holds itself": b"\xd8\x1c\x81\xd8\x1d\x00",
    "a regular expression": cbor2.dumps(cbor2.CBORTag(35, "(a+)+$")),
    "a number of a megabyte": b"\xc2\x5a" + (1 << 20).to_bytes(4, "big") + bytes(1 << 20),
    "a date": cbor2.dumps(cbor2.CBORTag(1, 0)),
    "something after the end": cbor2.dumps({"type": "join"}) + b"\x00",
    "an end that is missing": cbor2.dumps({"type": "join"})[:-1],
    "nothing": b"",
    "a list without a length": b"\x9f\x01\xff",
    "text without a length": b"\x7f\x61a\xff",
    "nine levels": b"\x81" * 9 + b"\x00",
    "more items than it has bytes": b"\x9b" + (1 << 40).to_bytes(8, "big"),
    "a byte string that ends elsewhere": b"\x5b" + (1 << 62).to_bytes(8, "big"),
    "a key that is a list": b"\xa1\x80\x00",
    "a key that comes twice": b"\xa2\x61a\x00\x61a\x01",
    "text that is not UTF-8": b"\x61\xff",
    "an unknown simple value": b"\xf8\xff",
    "a reserved length": b"\x1c",
    "empty lists beyond number": b"\x9a" + (200_000).to_bytes(4, "big") + b"\x80" * 200_000,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_bytes_are_refused_in_a_sentence(what: str) -> None:
    with pytest.raises(FormatError):
        cbor.decode(HOSTILE[what])


def test_undefined_stands_for_a_field_that_is_absent() -> None:
    value = cbor.decode(b"\xa1\x61a\xf7")
    assert isinstance(value, dict)
    assert not cbor.present(value["a"])
