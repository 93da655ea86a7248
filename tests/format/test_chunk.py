"""The envelope: a change arrives whole and small, deflated or not, or not at all."""

from __future__ import annotations

import dataclasses
import zlib

import pytest

from moot_shared.errors import FormatError
from moot_shared.format.change import Action, Operation, OpId, ValueKind, decode_change
from moot_shared.limits import DEFAULT
from tests.helpers.encoding import chunk, deflated, encode_change

ACTOR = bytes(range(40))
PUT = Operation(OpId(1, ACTOR), None, "k", False, Action.PUT, ValueKind.STR, "words " * 60, ())
RAW = encode_change([PUT], actor=ACTOR)


def test_a_deflated_change_becomes_the_change_that_its_hash_is_over() -> None:
    assert len(deflated(RAW)) < len(RAW)
    assert decode_change(deflated(RAW)) == decode_change(RAW)
    assert decode_change(deflated(RAW)).raw == RAW


@pytest.mark.parametrize("flip", [0, 3, 4, 8, 9, 10, 30, len(RAW) - 1])
def test_a_change_with_one_bit_changed_is_refused(flip: int) -> None:
    damaged = RAW[:flip] + bytes((RAW[flip] ^ 1,)) + RAW[flip + 1 :]
    with pytest.raises(FormatError):
        decode_change(damaged)


@pytest.mark.parametrize("data", [b"", b"\x85", RAW[:9], RAW[:-1], RAW + b"\0", RAW + RAW, RAW[4:]])
def test_more_or_less_than_one_change_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        decode_change(data)


def test_a_document_and_a_chunk_of_an_unknown_type_are_refused() -> None:
    for kind in (0, 3, 200):
        with pytest.raises(FormatError, match="another type"):
            decode_change(chunk(RAW[11:], kind))


@pytest.mark.slow
def test_a_change_that_inflates_beyond_the_limit_is_refused_without_inflating_it() -> None:
    packer = zlib.compressobj(wbits=-15)
    bomb = packer.compress(bytes(64 << 20)) + packer.flush()
    assert len(bomb) < DEFAULT.change_bytes
    with pytest.raises(FormatError, match="over a limit"):
        decode_change(chunk(bomb, 2))


def test_what_inflates_to_just_the_limit_is_not_too_large() -> None:
    exact = dataclasses.replace(DEFAULT, change_inflated_bytes=len(RAW))
    assert decode_change(deflated(RAW), exact).raw == RAW


@pytest.mark.parametrize(
    "spoil", [lambda d: d[:-1], lambda d: d + b"x", lambda d: b"\xff" + d[1:], lambda d: b""]
)
def test_what_was_not_deflated_properly_is_refused(spoil: object) -> None:
    packed = deflated(RAW)
    body = packed[packed.index(b"\x02", 8) + 2 + (packed[9] >> 7) :] if packed[9] > 127 else packed[10:]
    assert callable(spoil)
    with pytest.raises(FormatError):
        decode_change(chunk(spoil(body), 2, packed[4:8]))


def test_a_change_larger_than_any_may_be_is_refused_by_its_size() -> None:
    with pytest.raises(FormatError, match="over a limit"):
        decode_change(chunk(bytes(DEFAULT.change_inflated_bytes)))
