"""A relay's data folder: where it is, that only one relay uses it, and the hosting key in it.

relay.db      every community's log
closed.log    who was shut out of a community: not to be restored with the rest (0600)
hosting.key   what somebody needs to put a community on this relay (0600)
relay.lock    held while a relay runs
relay.socket  by which `moot relay status` and `restore` reach the one that runs
backup.json   when the last backup was taken, and where to
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from moot_shared.errors import InputError, StorageError
from moot_shared.files import Files, keep, make_folder
from moot_shared.wire.signed import HOSTING_KEY_BYTES, hosting_text, read_hosting_key

FOLDER, OPEN_FOLDER = "moot-relay", "moot-relay-open"
MOVED = "relay.moved.db"
"""What the log's file is called once all of it was moved into a database."""
OWN = frozenset(
    {
        "relay.db", "relay.db-wal", "relay.db-shm", "relay.db-journal", MOVED, "closed.log", "hosting.key",
        "relay.lock", "relay.socket", "backup.json",
    }
)  # fmt: skip
"""Every file's name in a relay's folder, but for what `restore` keeps aside."""


def default_folder(name: str = FOLDER) -> Path:
    """MOOT_RELAY_DATA, else the platform's place for data of this name."""
    given = os.environ.get("MOOT_RELAY_DATA")
    if given:
        return Path(given).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir(name, appauthor=False))


def store(path: Path) -> Path:
    """The file of the log in a folder that nobody need hold."""
    return path / "relay.db"


def control(path: Path) -> Path:
    """The socket of the relay that runs on a folder."""
    return path / "relay.socket"


class Folder:
    """The folder, held by this process from `open` to `close`."""

    def __init__(self, path: Path, lock: int, hosting_key: bytes, files: Files = os) -> None:
        self.path = path
        self.hosting_key = hosting_key
        self._lock = lock
        self._files = files

    @classmethod
    def open(cls, path: Path, files: Files = os, *, new_key: bool = True) -> Folder:
        """Make the folder if need be and hold it; StorageError says what stands in the way.

        Without `new_key` no hosting key is made where there is none: then it is b"".
        """
        try:
            make_folder(path, files)
            lock = files.open(path / "relay.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _unusable(path, error) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            files.close(lock)
            raise StorageError(
                f"Another relay is using {path}. Stop it, or choose another folder with --data."
            ) from error
        try:
            return cls(path, lock, _hosting_key(path / "hosting.key", files, new_key), files)
        except OSError as error:
            files.close(lock)
            raise _unusable(path, error) from error

    @property
    def store(self) -> Path:
        """The file of the log."""
        return store(self.path)

    @property
    def closed(self) -> Path:
        """The log of who was shut out."""
        return self.path / "closed.log"

    @property
    def control(self) -> Path:
        """The socket of the relay that runs."""
        return control(self.path)

    def close(self) -> None:
        """Let another relay use it."""
        self._files.close(self._lock)


def _hosting_key(path: Path, files: Files, new_key: bool) -> bytes:
    try:
        text = path.read_text().strip()
    except FileNotFoundError:
        if not new_key:
            return b""
        key = os.urandom(HOSTING_KEY_BYTES)
        keep(path, hosting_text(key) + "\n", files)
        return key
    try:
        return read_hosting_key(text)
    except InputError as error:
        raise StorageError(
            f"The file {path} holds no hosting key. Remove it, and the relay makes a new one."
        ) from error


def _unusable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"The data folder {path} cannot be used ({error.strerror}). Check whose it is, "
        "or choose another with --data or MOOT_RELAY_DATA."
    )
