"""The one process that writes holds a lock on a file; the system lets go of it however the process ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from moot_shared.errors import StorageError
from moot_shared.files import Files


class WriterLock:
    """An advisory lock on `writer.lock`, held or not."""

    def __init__(self, path: Path, files: Files = os) -> None:
        self._path = path
        self._files = files
        self._file: int | None = None

    @property
    def held(self) -> bool:
        """Whether this process is the one that writes."""
        return self._file is not None

    def take(self) -> bool:
        """Try to hold it; False where another process does."""
        if self._file is not None:
            return True
        try:
            file = self._files.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StorageError(
                f"The folder {self._path.parent} cannot be written to ({error.strerror}). Check whose it is."
            ) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._files.close(file)
            if isinstance(error, BlockingIOError):
                return False
            raise StorageError(
                f"The file {self._path} cannot be locked ({error.strerror}): two Moots could write at once. "
                "Choose a folder on a disk of this machine with --home."
            ) from error
        self._file = file
        return True

    def release(self) -> None:
        """Let another process write."""
        if self._file is not None:
            self._files.close(self._file)
            self._file = None
