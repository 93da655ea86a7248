"""Where each place of a text is after it was changed: what a cursor needs to stay in its word.

A changed text carries most of the old one over, in runs: `Run(5, 8, 20)` says that the twenty
characters from 5 on stand from 8 on now. Between runs something was taken out, or put in.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
MOST_COMPARED = 1_000_000  # words of one text times words of the other: more are not compared while one types


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
    start, end = _common(a, b)
    ahead = sum(map(len, a[:start]))
    runs = [Run(0, 0, ahead)]
    runs += _runs_of(a[start : len(a) - end], b[start : len(b) - end], ahead)
    behind = sum(map(len, a[len(a) - end :]))
    runs.append(Run(len(old) - behind, len(new) - behind, behind))
    return [run for run in runs if run.length]


def _common(a: Sequence[str], b: Sequence[str]) -> tuple[int, int]:
    """How many words two texts have in common at their beginnings, and of the rest at their ends."""
    least = min(len(a), len(b))
    start = next((n for n in range(least) if a[n] != b[n]), least)
    end = next((n for n in range(least - start) if a[-1 - n] != b[-1 - n]), least - start)
    return start, end


def _runs_of(a: Sequence[str], b: Sequence[str], first: int) -> Iterator[Run]:
    if len(a) * len(b) > MOST_COMPARED:
        return
    old, new = _places(a, first), _places(b, first)
    for match in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
        begins, ends = old[match.a], old[match.a + match.size]
        yield Run(begins, new[match.b], ends - begins)


def _places(words: Sequence[str], first: int) -> list[int]:
    places = [first]
    for word in words:
        places.append(places[-1] + len(word))
    return places
