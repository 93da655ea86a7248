"""Which of Moot's words somebody may have meant: spelled nearly so, or called so elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from moot_shared.misuse import near

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
    return elsewhere(word, known) or near(word, known)


def elsewhere(word: str, words: Iterable[str]) -> list[str]:
    """What a word from elsewhere is called here, if that is one of these words or begins with one."""
    known = set(words)
    return [one for one in ELSEWHERE.get(word.casefold(), ()) if one.split()[0] in known]
