"""Keys of one person: which of their words stands."""

from __future__ import annotations

from moot_client.views.persons import Persons

THRICE = Persons({"first": "second", "second": "third"})


def test_of_what_a_person_said_under_three_keys_the_newest_stands() -> None:
    said = [("first", "x", 1), ("second", "x", 2), ("third", "y", 3), ("somebody", "x", 4)]
    for order in (said, said[::-1]):
        assert sorted(THRICE.fold(order)) == [("somebody", "x", 4), ("third", "x", 2), ("third", "y", 3)]


def test_all_keys_of_a_person_are_listed_the_newest_first() -> None:
    assert THRICE.keys("third") == ["third", "second", "first"]
    assert THRICE.now("first") == "third"
