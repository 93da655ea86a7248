"""How long an actor lives: as long as its store can show that it was neither copied nor rolled back.

Two stores that write as one actor would fork its history, and nobody could use both. So the store
keeps, beside the actor, which file it is (device and inode: a copy or a restored backup is another)
and how often it was opened to write; a file beside the store keeps that number as well. Where the
two do not agree, this machine goes on as a new actor of the same member, and nothing is lost. What
this cannot see (a whole disk rolled back) the relay does: see `Replica.continue_after`.
"""

from __future__ import annotations

from pathlib import Path

from moot_client.replica.outside import Outside
from moot_client.store.store import Store
from moot_shared.errors import StorageError
from moot_shared.files import Files, keep
from moot_shared.ids import NONCE_BYTES


def actor(store: Store, public_key: bytes) -> bytes:
    """The actor under which this store writes."""
    nonce = store.own("nonce")
    return public_key + nonce if isinstance(nonce, bytes) else public_key


def begin_writing(store: Store, outside: Outside) -> bool:
    """Called once a process may write: take a new nonce where continuity is broken; whether it did."""
    opened = store.own("opened")
    count = opened if isinstance(opened, int) else 0
    broken = (
        store.own("nonce") is None
        or store.own("file") != _file(store.path, outside.disk.files)
        or _beside(store) not in (count, count - 1)
    )
    with store.writing():
        if broken:
            renew(store, outside)
        store.set_own("opened", count + 1)
    counter = _counter_file(store)
    try:
        keep(counter, str(count + 1), outside.disk.files)
    except OSError as error:
        raise StorageError(f"The file {counter} cannot be written ({error.strerror}).") from error
    return broken


def renew(store: Store, outside: Outside) -> None:
    """Go on as a new actor of the same member."""
    with store.writing():
        store.set_own("nonce", outside.random(NONCE_BYTES))
        store.set_own("file", _file(store.path, outside.disk.files))


def _file(path: Path, files: Files) -> str:
    status = files.stat(path)
    return f"{status.st_dev}:{status.st_ino}"


def _counter_file(store: Store) -> Path:
    return store.path.with_name("opened")


def _beside(store: Store) -> int:
    try:
        return int(_counter_file(store).read_text())
    except (OSError, ValueError):
        return 0
