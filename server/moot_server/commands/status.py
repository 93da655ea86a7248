"""`moot relay status`: how the relay is, from itself where it runs, and from its files where it does not."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from moot_server.commands.database import opened
from moot_server.commands.exits import DONE, NOT_DONE, NOT_WELL
from moot_server.commands.options import folder_of
from moot_server.commands.tending import disk
from moot_server.commands.words import held, many, size, when
from moot_server.network.control import ask
from moot_server.storage import copies, notes
from moot_server.storage.folder import control, store
from moot_shared.errors import NotFound, StorageError

PATIENCE_S = 5.0


def status(words: argparse.Namespace) -> int:
    """0 where it runs and can store, 1 where something is the matter, 3 where it does not run."""
    folder = folder_of(words)
    if not words.database and not store(folder).exists():
        raise NotFound(f"There is no relay's data in {folder}. Name its folder with --data.")
    found = _found(folder, words.database)
    print(json.dumps(found, ensure_ascii=False) if words.json else _said(found))
    if not found["running"]:
        return NOT_WELL
    return DONE if found["storing"] and not found["trouble"] else NOT_DONE


def _found(folder: Path, database: str) -> dict[str, Any]:
    running, trouble = None, ""
    try:
        running = ask(control(folder), {"do": "status"}, PATIENCE_S)
    except StorageError as error:
        trouble = str(error)
    if running is None and not trouble and _held(folder):
        trouble = "A relay uses this folder and does not answer."
    counted = _stored(folder, database)
    taken, left = disk(folder)
    backup = notes.last(folder)
    return {
        "running": running is not None or bool(trouble),
        "data": str(folder),
        "communities": counted.communities,
        "changes": counted.changes,
        "waiting_for_convenor": counted.waiting,
        "data_bytes": taken,
        "free_bytes": left,
        "last_backup": asdict(backup) if backup else None,
        "trouble": trouble,
        **(running or {"storing": not trouble}),
    }


def _stored(folder: Path, database: str) -> copies.Counted:
    """How much there is."""
    if database:
        with closing(opened(database)) as shared:
            return copies.Counted(*shared.counted(), len(shared.restored()))
    return copies.counted(store(folder))


def _held(folder: Path) -> bool:
    """Whether some process holds the folder."""
    try:
        lock = os.open(folder / "relay.lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False


def _said(found: dict[str, Any]) -> str:
    lines = []
    if "pid" in found:
        people = (
            f"{many(found['members'], 'member', 'members')}, {many(found['viewers'], 'viewer', 'viewers')}"
        )
        lines += [
            f"The relay runs since {when(found['since'])} (process {found['pid']}).",
            f"Address      {found['address']}",
            f"Connections  {found['connections']:,} ({people})",
        ]
    else:
        lines.append(found["trouble"] or "The relay does not run.")
    lines.append(f"Stored       {held(found['communities'], found['changes'])}")
    if found["waiting_for_convenor"]:
        waiting = many(found["waiting_for_convenor"], "community waits", "communities wait")
        lines.append(f"Restored     {waiting} for a convenor to sync, or for the hosting key")
    lines.append(
        f"Disk         {size(found['data_bytes'])} in {found['data']}, {size(found['free_bytes'])} free"
    )
    backup = found["last_backup"]
    lines.append(
        f"Backup       {when(backup['at'])} to {backup['file']}: "
        f"{held(backup['communities'], backup['changes'])}"
        if backup
        else "Backup       none yet: moot relay backup FILE"
    )
    if not found["storing"]:
        lines.append("It could not store what came last. Is the disk full? Its log says more.")
    return "\n".join(lines)
