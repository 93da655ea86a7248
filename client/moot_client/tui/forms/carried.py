"""Where each place of a text is after it was changed: what a cursor needs to stay in its word.

A changed text carries most of the old one over, in runs: `Run(5, 8, 20)` says that the twenty
characters from 5 on stand from 8 on now. Between runs something was taken out, or put in.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from moot_client.replica.comparing import Patient

_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
MOST_COMPARED = 20_000  # pairs of equal words: more are not looked through while somebody types
MOST_LOOKS = 300_000  # at words and pairs: a tenth of a second


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that were carried over: from `old` on, from `new` on, how many."""

    old: int
    new: int
    length: int


@dataclass(frozen=True, slots=True)
class Hunk:
    """What stands now in place of the characters from `start` to `end`."""

    start: int
    end: int
    words: str


def place_after(runs: Sequence[Run], text: str, place: int) -> int:
    """Where a place in the old `text` is now; one in words that are gone is where they were.

    At the seam between two runs a place belongs to the word that begins there, else to what ends there.
    """
    at = bisect_right(runs, place, key=lambda run: run.old) - 1
    if at < 0:
        return 0
    run = runs[at]
    if place > run.old + run.length:
        return run.new + run.length
    before = runs[at - 1] if at else None
    if before and place == run.old == before.old + before.length and not text[place : place + 1].strip():
        return before.new + before.length
    return run.new + place - run.old


def runs_between(old: str, new: str) -> list[Run]:
    """What of a text was carried over into another one, word by word."""
    a, b = _TOKENS.findall(old), _TOKENS.findall(new)
    at_old, at_new = _places(a), _places(b)
    return [Run(at_old[i], at_new[j], at_old[i + size] - at_old[i]) for i, j, size in alike(a, b)]


def _common(a: Sequence[str], b: Sequence[str]) -> tuple[int, int]:
    """How many words two texts have in common at their beginnings, and of the rest at their ends."""
    least = min(len(a), len(b))
    start = next((n for n in range(least) if a[n] != b[n]), least)
    end = next((n for n in range(least - start) if a[-1 - n] != b[-1 - n]), least - start)
    return start, end


def alike(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int, int]]:
    """Where two sequences are alike: from which place on in each, and how far.

    Nothing more between their common beginning and end, where comparing would take long: nobody's words
    may keep somebody from typing.
    """
    start, end = _common(a, b)
    inner_a, inner_b = a[start : len(a) - end], b[start : len(b) - end]
    often = Counter(inner_b)
    found = [(0, 0, start)]
    if sum(often[one] for one in inner_a) <= MOST_COMPARED:
        blocks = Patient(inner_a, inner_b, MOST_LOOKS).get_matching_blocks()
        found += [(start + i, start + j, size) for i, j, size in blocks]
    found.append((len(a) - end, len(b) - end, end))
    return [block for block in found if block[2]]


def _places(words: Sequence[str]) -> list[int]:
    places = [0]
    for word in words:
        places.append(places[-1] + len(word))
    return places
