"""What cannot simply be taken back is asked once more, and a word typed back."""

from __future__ import annotations

import sys

from moot_client.cli.output import note
from moot_shared.errors import InputError


def typed_back(word: str, what: str, command: str, stayed: str) -> None:
    """Return if somebody types the word; InputError where they type another, or nobody can type one.

    `what` is 'To leave', `command` how it is done unasked (with --yes); `stayed` is said of another word.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise InputError(f"Nothing was done. {what} without being asked: {command} --yes")
    note(f"Type the word {word} to go on, anything else to stay as it is:")
    if sys.stdin.readline().strip().lower() != word:
        raise InputError(stayed)
