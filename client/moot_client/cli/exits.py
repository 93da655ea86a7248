"""What a command's exit code means. Scripts rely on it: numbers are added, and never changed."""

from __future__ import annotations

from moot_shared.errors import (
    ConnectionTrouble,
    MootError,
    NotAllowed,
    NotFound,
    Refused,
    StorageError,
    WrongUsage,
)

DONE, NOT_DONE, USAGE, NOT_FOUND, AWAY, NOT_ALLOWED, DISK, STOPPED = 0, 1, 2, 3, 4, 5, 6, 130

MEANING = {
    DONE: ("done", "Done."),
    NOT_DONE: ("not done", "Not done: what was typed cannot be used as it is, or a check found trouble."),
    USAGE: ("usage", "Wrong usage: no such command or option, or an argument is missing."),
    NOT_FOUND: ("not found", "Nothing found: no such id, name, community or file."),
    AWAY: ("relay away", "The relay was not reached, or has not stored all: what you wrote is kept here."),
    NOT_ALLOWED: ("not allowed", "Not allowed: by the community's rules, or the relay lets nobody in so."),
    DISK: ("disk", "The disk: full, read-only or damaged. What was saved before is safe."),
    STOPPED: ("stopped", "Stopped by Ctrl+C: no change is half made; an export may lack files."),
}
"""code -> (its word in JSON, its sentence)"""


def code_of(error: MootError) -> int:
    """The exit code for something that went wrong."""
    if isinstance(error, WrongUsage):
        return USAGE
    if isinstance(error, NotFound):
        return NOT_FOUND
    if isinstance(error, ConnectionTrouble):
        return AWAY if error.retry else NOT_ALLOWED
    if isinstance(error, (Refused, NotAllowed)):
        return NOT_ALLOWED
    return DISK if isinstance(error, StorageError) else NOT_DONE
