"""Small phrases that views are made of."""

from __future__ import annotations

from collections.abc import Sequence

from moot_shared.frozen import frozen

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@frozen
class TodayLine:
    """One sentence; `target` is the key of what Enter opens, or ''.

    A screen with columns shows `label`, `title` and `side` in place of the text, where they are given.
    `more` names the group of which this line stands for the rest: Enter shows all of it. `named` is the
    title within the text: where there is no room for all of it, that is what may be shortened.
    """

    text: str
    target: str = ""
    label: str = ""
    title: str = ""
    side: str = ""
    more: str = ""
    named: str = ""


def count(number: int, one: str, many: str = "") -> str:
    """'1 change', '3 changes', '2 replies', '12,000 changes'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def spelled(number: int) -> str:
    """Small numbers as words: 'three'."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Who it is, in a sentence: 'B', 'B and C', 'B, C and D', 'B, C and 4 others'."""
    if len(names) <= 1:
        return "".join(names)
    if len(names) <= most:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} others"


def each(parts: Sequence[str]) -> str:
    """The same for what must not be left out, however much there is of it."""
    return listed(parts, len(parts))


def some(names: list[str], most: int = 2) -> str:
    """'A', 'A, B', 'A, B and 3 more': for the end of a line."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
