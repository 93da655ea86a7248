"""A moment, a number and some names are told in one way, whoever tells them."""

from __future__ import annotations

import time

import pytest

from moot_client.cli import times as commands
from moot_client.views.phrases import count, each, listed
from moot_client.views.times import when

HOUR = 3_600_000
NOW = 1_763_500_000_000


@pytest.mark.parametrize("age", [0, 1, 20, 24, 30, 72, 24 * 6, 24 * 8, 24 * 40, 24 * 320, 24 * 700])
def test_a_command_says_a_moment_as_the_interface_does(age: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: NOW / 1000)
    assert commands.when(NOW - age * HOUR) == when(NOW - age * HOUR, NOW)
    assert commands.when(0) == when(0, NOW) == "at an unknown time"


def test_large_numbers_have_their_separators_and_names_are_few() -> None:
    assert (count(1, "change"), count(12_000, "change")) == ("1 change", "12,000 changes")
    assert count(2, "reply", "replies") == "2 replies"
    assert listed(["A", "B", "C", "D"]) == "A, B and 2 others"
    assert each(["A", "B", "C", "D"]) == "A, B, C and D"
