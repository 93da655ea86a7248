"""Where worlds are written: a folder in memory where there is one, gone when they are over."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")


@contextmanager
def ground() -> Iterator[Path]:
    """A folder of its own for everything that a world writes."""
    folder = Path(tempfile.mkdtemp(prefix="moot-world-", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
