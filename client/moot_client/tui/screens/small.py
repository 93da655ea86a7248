"""A window that is too small: one sentence in the room there is, and no key that acts unseen."""

from __future__ import annotations

from textwrap import wrap

from moot_client.tui.commands.registry import COMMANDS, key_of

LEAST_WIDTH, LEAST_HEIGHT = 40, 12
_BESIDE = 2  # columns that stay empty


def too_small(width: int, height: int) -> bool:
    """Whether a window of so many columns and lines shows no screen."""
    return width < LEAST_WIDTH or height < LEAST_HEIGHT


def sentence(width: int, height: int) -> str:
    """What is said there: as much as such a window has room for."""
    least = f"Moot needs {LEAST_WIDTH} columns and {LEAST_HEIGHT} lines"
    ends = f"{key_of('leave')} closes Moot"
    now = f"this window has {width} and {height}"
    further = "Make it larger, or use the commands: moot --help"
    ways = (
        f"{least}; {now}. {further}. {ends}; no other key does anything here.",
        f"{least}; {now}. {ends}.",
        f"{least}. {key_of('leave')} closes it.",
        f"Too small. {ends}.",
    )
    room = max(width - _BESIDE, 1)
    return next((words for words in ways if len(wrap(words, room)) <= height), "Too small")


def closes(key: str) -> bool:
    """Whether a key is the one that still does something: the one that closes Moot."""
    return key in COMMANDS["leave"].keys_now
