"""Files that a restore or a backup was making when it was killed: nobody needs them, and they can be large.

Each bears the number of the process that makes it. Where that one still runs, or another one has its number
by now, the file stays: then it goes some other time.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

_BESIDE = r"(?:-wal|-shm|-journal)?"
_OF_A_RESTORE = re.compile(rf"(?:restoring-(\d+)\.db|\.before-restore-.+\.db\.(\d+)\.new){_BESIDE}")


def of_restores(folder: Path) -> None:
    """Remove those of restores from a relay's folder. One that cannot be removed stays."""
    _clear(folder, _OF_A_RESTORE)


def of_backups(target: Path) -> None:
    """Remove those of earlier backups to the same file."""
    _clear(target.parent, re.compile(rf"\.{re.escape(target.name)}\.(\d+)\.new{_BESIDE}"))


def _clear(folder: Path, names: re.Pattern[str]) -> None:
    with suppress(OSError):
        for path in folder.iterdir():
            found = names.fullmatch(path.name)
            if found and not _runs(int(next(filter(None, found.groups())))):
                path.unlink(missing_ok=True)


def _runs(number: int) -> bool:
    """Whether a process has this number, other than this one."""
    if number == os.getpid():
        return False
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True  # somebody else's
    return True
