"""Small phrases that views are made of."""

from __future__ import annotations

from collections.abc import Sequence

from moot_shared.frozen import frozen


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


def count(number: int, one: str) -> str:
    """A number of things in words: '1 vote', '3 votes'."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def listed(names: Sequence[str]) -> str:
    """'A', 'A and B', 'A, B and C'."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def some(names: list[str], most: int = 2) -> str:
    """'A', 'A, B', 'A, B and 3 more': for the end of a line."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
