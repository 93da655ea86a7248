"""A text lent to an editor of one's own: the file in which it is, and what is left when nobody came back.

communities/<…>/writing/<random>/    0700
    words.md    0600, what the editor works on
    began.md    0600, the words as they were lent
    lock        held by the Moot that lent them; the system lets go of it however that ends
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from moot_client.replica.lock import WriterLock
from moot_shared.errors import InputError, StorageError
from moot_shared.files import keep, make_folder

FOLDER = "writing"
UNSET = (
    "No editor is set. In your shell, export EDITOR=nano (or another one) names it, and Moot opened after "
    "that finds it; here you can go on typing. One with a window of its own may need --wait: "
    'EDITOR="code --wait".'
)
DAY_S = 86_400.0


def editor(surroundings: Mapping[str, str]) -> list[str]:
    """The command that opens a file: $VISUAL, else $EDITOR; InputError says what is missing."""
    chosen = surroundings.get("VISUAL", "").strip() or surroundings.get("EDITOR", "").strip()
    if not chosen:
        raise InputError(UNSET)
    try:
        command = shlex.split(chosen)
    except ValueError:
        command = [chosen]
    if shutil.which(command[0], path=surroundings.get("PATH")) is None:
        raise InputError(f"The editor {command[0]} is not on this machine. VISUAL or EDITOR names it.")
    return command


def opened(command: Sequence[str], file: Path) -> int:
    """Run the editor on a file and wait until it is closed; its exit code. InputError where it cannot run."""
    try:
        return subprocess.run([*command, str(file)], check=False).returncode
    except OSError as error:
        raise InputError(f"The editor {command[0]} cannot be opened ({error.strerror}).") from error


class Lent:
    """Some words in a file of their own. Raises StorageError where the disk does not take them."""

    def __init__(self, folder: Path, words: str) -> None:
        self.began = words
        try:
            make_folder(folder / FOLDER)
            self.folder = Path(tempfile.mkdtemp(dir=folder / FOLDER))
            self._lock = WriterLock(self.folder / "lock")
            self._lock.take()
            lines = words if words.endswith("\n") else f"{words}\n"  # as editors want a file to end
            keep(self.folder / "began.md", words)
            keep(self.file, lines)
        except OSError as error:
            raise StorageError(
                f"The folder {folder} cannot be written to ({error.strerror}), so no editor was opened."
            ) from error

    @property
    def file(self) -> Path:
        """What the editor works on."""
        return self.folder / "words.md"

    def words(self) -> str:
        """What is in it now. StorageError where that cannot be told: then it is to stay."""
        return _read(self.file)

    def let_go(self) -> None:
        """It stays, and the next Moot looks at it."""
        self._lock.release()

    def give_back(self) -> None:
        """The words are elsewhere: nothing of them stays here."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.release()


class LeftBehind:
    """Words that were lent and never came back: Moot ended first, or the editor came back at once.

    `trouble` says why what is there cannot be read, or is ''; `fresh` is what was touched within a day
    before `now` (Unix seconds).
    """

    def __init__(self, folder: Path, lock: WriterLock, now: float) -> None:
        self._folder, self._lock = folder, lock
        self.began = self.words = self.trouble = ""
        self.fresh = False
        began, file = folder / "began.md", folder / "words.md"
        try:
            if began.exists():
                self.began = self.words = _read(began)
            if file.exists():  # else nothing is there but what was lent
                self.words, self.fresh = _read(file), now - file.stat().st_mtime < DAY_S
        except StorageError as error:
            self.trouble = str(error)
        except OSError as error:
            self.trouble = f"What your editor left cannot be read ({error.strerror}). It is here: {folder}"

    def let_go(self) -> None:
        """It stays for a later look."""
        self._lock.release()

    def put_away(self) -> None:
        """They are a draft now."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._lock.release()


def left_behind(folder: Path, clock: Callable[[], float] = time.time) -> Iterator[LeftBehind]:
    """What is left in a community's folder, but for what a Moot that runs has lent."""
    try:
        found = sorted(path for path in (folder / FOLDER).iterdir() if path.is_dir())
    except OSError:
        return
    for path in found:
        lock = WriterLock(path / "lock")
        try:
            free = lock.take()
        except StorageError:
            continue
        if free:
            yield LeftBehind(path, lock, clock())


def _read(file: Path) -> str:
    """What is in a file. An empty text only where it is empty: all else is a StorageError."""
    try:
        return file.read_bytes().decode()
    except FileNotFoundError as error:
        raise StorageError("Your editor left no file, so nothing was taken over.") from error
    except OSError as error:
        raise StorageError(
            f"What your editor left cannot be read ({error.strerror}), so nothing was taken over. "
            f"It stays where it is: {file}"
        ) from error
    except UnicodeDecodeError as error:
        raise StorageError(
            "What your editor left is not UTF-8, so nothing was taken over. Once it is saved as UTF-8, "
            f"Moot finds it at its next start: {file}"
        ) from error


def as_typed(words: str, before: str) -> str:
    """What an editor left, without the line end that it puts behind the last line."""
    unix = words.replace("\r\n", "\n").replace("\r", "\n")
    return unix.removesuffix("\n") if not before.endswith("\n") else unix


__all__ = ["LeftBehind", "Lent", "as_typed", "editor", "left_behind", "opened"]
