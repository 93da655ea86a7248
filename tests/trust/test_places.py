"""Where a change stands is found the same way whoever asks, seldom or often."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest

from moot_shared.trust.places import HASH_BYTES, Places

OFTEN = 40  # looks: beyond what is worth looking through all hashes for


def named(number: int) -> bytes:
    return hashlib.sha256(number.to_bytes(4, "big")).digest()


def filled(count: int) -> Places:
    places = Places()
    places.fill(b"".join(map(named, range(count))))
    return places


@pytest.mark.parametrize("count", [0, 1, 7, 1000])
def test_a_place_is_found_by_the_first_look_and_by_the_hundredth(count: int) -> None:
    places = filled(count)
    asked = [number for number in (0, count // 2, count - 1) if 0 <= number < count]
    for _ in range(OFTEN):
        assert [places[named(number)] for number in asked] == asked
        assert named(count) not in places
        assert places.get(b"") is None


def test_what_stands_across_two_hashes_is_neither_of_them() -> None:
    places = filled(5)
    for one, next_one in pairwise(range(5)):
        assert (named(one) + named(next_one))[7 : 7 + HASH_BYTES] not in places
    assert places[named(0)] == 0


def test_a_hash_that_also_stands_across_two_others_is_found_in_its_own_place() -> None:
    across = (named(1) + named(2))[5 : 5 + HASH_BYTES]
    places = Places()
    places.fill(across + named(1) + named(2))
    assert [places[across], places[named(1)], places[named(2)]] == [0, 1, 2]


@pytest.mark.parametrize("looks", [0, OFTEN])
def test_what_comes_and_goes_after_the_first_ones_is_known_before_and_after_many_looks(looks: int) -> None:
    places = filled(100)
    for _ in range(looks):
        assert named(99) in places
    places.append(named(100))
    assert places[named(100)] == 100
    places.pop()
    places.pop()
    assert named(100) not in places
    assert named(99) not in places
    places.append(named(200))
    assert places[named(200)] == 99
    assert places[named(98)] == 98
    for number in range(300, 340):
        places.append(named(number))
    assert [places[named(number)] for number in range(300, 340)] == list(range(100, 140))
    assert len(places) == 140


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_who_is_going_to_ask_often_has_the_table_made_before(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = filled(count)
    places.expect_many()
    monkeypatch.setattr(Places, "_look_through", None)  # nobody looks through all of them any more
    for number in range(count):
        assert places[named(number)] == number
    assert named(count) not in places
    places.append(named(count))
    assert places[named(count)] == count
    places.pop()
    assert named(count) not in places
