"""Which of Moot's words somebody may have meant: spelled nearly so, or called so elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

MOST = 3  # how many are named
ALIKE = 0.6  # as difflib measures it

ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "activity": ("picture",),
    "add": ("issue add", "review add", "lesson add"),
    "agenda": ("issues",),
    "backup": ("export",),
    "config": ("keys",),
    "create": ("found", "issue add"),
    "delete": ("issue archive",),
    "init": ("found",),
    "list": ("issues", "reviews", "lessons"),
    "log": ("history",),
    "login": ("join", "recover"),
    "ls": ("issues", "reviews", "lessons"),
    "map": ("picture",),
    "new": ("issue add", "review add", "lesson add"),
    "people": ("members",),
    "person": ("member show",),
    "promote": ("convenor name",),
    "quit": ("leave",),
    "rename": ("issue edit", "profile"),
    "rm": ("issue archive",),
    "search": ("find",),
    "seed": ("words",),
    "serve": ("web", "relay"),
    "settings": ("keys",),
    "start": ("found", "join"),
    "undo": ("history", "restore"),
    "update": ("issue edit", "sync"),
    "user": ("member show",),
    "users": ("members",),
    "whoami": ("profile",),
    "--description": ("--body",),
    "--message": ("--body", "--why"),
    "--reason": ("--why",),
    "--state": ("--status",),
    "--text": ("--body", "--story"),
    "--user": ("--as",),
}
"""What it is called elsewhere -> what it may be here."""


def meant(word: str, words: Iterable[str]) -> list[str]:
    """The nearest of these words first; [] where none is near."""
    known = list(words)
    if called := elsewhere(word, known):
        return called
    low = _plain(word.replace("_", "-"))
    begins = [one for one in known if len(low) > 1 and _plain(one).startswith(low)]
    near = get_close_matches(low, map(_plain, known), MOST, ALIKE)
    return list(dict.fromkeys([*begins, *(one for each in near for one in known if _plain(one) == each)]))[
        :MOST
    ]


def _plain(word: str) -> str:
    return word.casefold().lstrip("-")


def elsewhere(word: str, words: Iterable[str]) -> list[str]:
    """What a word from elsewhere is called here, if that is one of these words or begins with one."""
    known = set(words)
    return [one for one in ELSEWHERE.get(word.casefold(), ()) if one.split()[0] in known]


def did_you_mean(near: Sequence[str]) -> str:
    """'Did you mean a, b or c?'; '' for nothing."""
    if not near:
        return ""
    *others, last = near
    return f"Did you mean {', '.join(others)}{' or ' if others else ''}{last}?"
