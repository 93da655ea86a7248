"""Packed entries are the entries that were put in, whatever was taken out again meanwhile."""

from __future__ import annotations

import random

import pytest

from moot_shared.trust.entries import Entries, Entry


def test_what_is_put_in_is_found_again_also_after_the_newest_were_taken_out() -> None:
    dice = random.Random(4)
    packed, plain = Entries(), list[Entry]()
    for _ in range(600):
        if plain and dice.random() < 0.3:
            for _ in range(min(dice.randint(1, 9), len(plain))):
                assert packed.pop() == plain.pop()
        _add(dice, packed, plain)
    assert list(packed) == plain
    assert [packed.place[entry.hash] for entry in plain] == list(range(len(plain)))
    assert packed[-1] == plain[-1]
    assert packed[3:5] == plain[3:5]


def test_what_is_not_there_is_not_found() -> None:
    dice = random.Random(5)
    packed, plain = Entries(), list[Entry]()
    for _ in range(100):
        _add(dice, packed, plain)
    gone = packed.pop()
    assert gone.hash not in packed.place
    assert "no hash" not in packed.place
    for unknown in (gone.hash, b"", b"short"):
        with pytest.raises(KeyError):
            packed.place[unknown]
    with pytest.raises(IndexError):
        packed[99]


def _add(dice: random.Random, packed: Entries, plain: list[Entry]) -> None:
    """One more entry, by somebody, on top of some."""
    deps = sorted(dice.sample(range(len(plain)), min(dice.randint(0, 3), len(plain))))
    actor = bytes([dice.randrange(5)]) * 40
    seq = 1 + sum(entry.actor == actor for entry in plain)
    start = 1 + sum(entry.last_op - entry.start_op + 1 for entry in plain)
    hashes = tuple(plain[dep].hash for dep in deps)
    entry = Entry(dice.randbytes(32), hashes, actor, seq, start, start + dice.randrange(9))
    packed.append(entry, deps)
    plain.append(entry)
