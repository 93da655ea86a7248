"""Small phrases that views are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TodayLine:
    """One sentence; `target` is the key of what Enter opens, or ''."""

    text: str
    target: str = ""


def count(number: int, one: str) -> str:
    """A number of things in words: '1 vote', '3 votes'."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def listed(names: list[str]) -> str:
    """'A', 'A and B', 'A, B and C'."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
