"""Bloom filters: what was added is in them, and none can make its reader work."""

from __future__ import annotations

import hashlib

import pytest

from moot_shared.errors import FormatError
from moot_shared.format.bloom import EMPTY, filter_of, read_filter
from moot_shared.limits import DEFAULT
from tests.helpers.encoding import uleb


def hashes(count: int, start: int = 0) -> list[bytes]:
    return [hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(start, start + count)]


@pytest.mark.parametrize("count", [1, 2, 7, 100, 1_000])
def test_a_filter_holds_what_was_added_and_little_else(count: int) -> None:
    filled = filter_of(hashes(count))
    assert all(each in filled for each in hashes(count))
    strangers = hashes(2_000, start=1_000_000)
    assert sum(each in filled for each in strangers) < 0.03 * len(strangers)
    assert read_filter(filled.encode()) == filled


def test_an_empty_filter_holds_nothing_and_is_written_as_nothing() -> None:
    assert filter_of([]) == EMPTY == read_filter(b"")
    assert EMPTY.encode() == b""
    assert not any(each in EMPTY for each in hashes(9))


def parameters(entries: int, bits: int, probes: int, length: int) -> bytes:
    return uleb(entries) + uleb(bits) + uleb(probes) + b"\xff" * length


def test_parameters_that_are_unusual_and_possible_are_read() -> None:
    odd = read_filter(parameters(3, 5, 1, 2))
    assert all(each in odd for each in hashes(20))
    assert odd.encode() == parameters(3, 5, 1, 2)


@pytest.mark.parametrize(
    "data",
    [
        b"\0",
        b"\x01",
        b"\x01\x0a",
        parameters(0, 10, 7, 0),
        parameters(0, 10, 7, 1),
        parameters(1, 0, 7, 0),
        parameters(1, 10, 0, 2),
        parameters(1, 10, 7, 1),
        parameters(1, 10, 7, 3),
        parameters(1, DEFAULT.bloom_bits_per_entry + 1, 7, 9),
        parameters(1, 10, DEFAULT.bloom_probes + 1, 2),
        parameters(1, 10, (1 << 32) - 1, 2),
        parameters((1 << 32) - 1, 10, 7, 2),
        parameters(1 << 63, 10, 7, 2),
        parameters(1, 1 << 63, 7, 2),
        b"\x81\x00" + parameters(1, 10, 7, 2)[1:],
    ],
)
def test_parameters_that_cannot_be_or_would_cost_too_much_are_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        read_filter(data)
