"""What a store, and the small files beside it, are written with."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from moot_shared.files import Files
from moot_shared.frozen import frozen

Connect = Callable[..., sqlite3.Connection]
"""Opens a database as `sqlite3.connect` does."""


@frozen
class Disk:
    """The machine's own, unless a simulation hands in one that fills up or loses its power."""

    connect: Connect = sqlite3.connect
    files: Files = os


REAL_DISK = Disk()


def has_log(path: Path) -> bool:
    """Whether there is something in SQLite's log of a database: what it has not put into the file yet."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0
