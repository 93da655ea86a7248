"""Writing an export: each file whole or not at all, and nothing of anybody else's touched.

A file beside the exported ones says which they are. So an export can be made again in the same
folder (what is no longer there is taken away, what somebody put beside it stays), and a folder
that holds something else is left alone.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from moot_shared.errors import InputError, StorageError

LONGEST_PATH = 200  # characters
LIST = ".moot-export.json"
_OURS = re.compile(r"[a-z0-9.-]+(/[a-z0-9.-]+)?", re.IGNORECASE)


def write_all(folder: Path, community: bytes, format: str, files: Iterable[tuple[str, str]]) -> list[str]:
    """Write files into the folder and list them there; their names."""
    folder = folder.expanduser()
    try:
        listed = _listed(folder, community)
        written = []
        for name, text in files:
            _write(folder / name, text)
            written.append(name)
        gone = set(listed.get(format, ())) - set(written)
        _write(folder / LIST, _list(community, {**listed, format: sorted(written)}))
        for name in gone:
            _take_away(folder, name)
    except OSError as error:
        raise StorageError(
            f"The export into {_brief(folder)} could not be finished: {error.strerror or error}. "
            "What stands there is whole; run it again when there is room, or choose another folder."
        ) from error
    return written


def _brief(path: Path) -> str:
    """A path in a sentence: of one that is very long, its end."""
    text = str(path)
    return text if len(text) <= LONGEST_PATH else "…" + text[-LONGEST_PATH:]


def _listed(folder: Path, community: bytes) -> dict[str, Any]:
    """What an earlier export of this community wrote here; InputError for a folder of something else."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{_brief(folder)} is a file. Choose a folder for the export.")
    try:
        known = json.loads((folder / LIST).read_text(encoding="utf-8"))
        files = {str(f): [str(name) for name in names] for f, names in known["files"].items()}
        same = known["community"] == community.hex()
    except FileNotFoundError:
        if folder.exists() and any(folder.iterdir()):
            raise InputError(
                f"{_brief(folder)} has something else in it already. Choose a folder that is new or empty."
            ) from None
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"The list {_brief(folder / LIST)} cannot be read. Choose another folder."
        ) from error
    if not same:
        raise InputError(
            f"{_brief(folder)} has the export of another community in it. Choose another folder."
        )
    return files


def _list(community: bytes, files: dict[str, Any]) -> str:
    return json.dumps({"community": community.hex(), "files": files}, indent=1) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _take_away(folder: Path, name: str) -> None:
    """Remove a file that an earlier export wrote; a name that no export would write is passed over."""
    if not _OURS.fullmatch(name) or ".." in name:
        return
    (folder / name).unlink(missing_ok=True)
    if "/" in name and not any((folder / name).parent.iterdir()):
        (folder / name).parent.rmdir()
