"""When the last backup was taken, as `status` and the metrics tell it: a small file beside the store."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from moot_shared.files import keep

NAME = "backup.json"


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: Unix milliseconds, where it went, and how much is in it."""

    at: int
    file: str
    communities: int
    changes: int


def note(folder: Path, backup: Backup) -> None:
    """Write it down. OSError where the disk takes nothing more."""
    keep(folder / NAME, json.dumps(asdict(backup)) + "\n")


def last(folder: Path) -> Backup | None:
    """The last one; None where none was noted."""
    with suppress(OSError, ValueError, TypeError):
        return Backup(**json.loads((folder / NAME).read_text()))
    return None
