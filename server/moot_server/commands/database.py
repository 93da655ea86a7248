"""`--database postgresql://…`: the store that any number of relays share, and what its commands do there.

The driver is imported only here, and only when it is asked for: a relay that keeps everything in its
folder needs none.
"""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from moot_server.commands.options import folder_of
from moot_server.commands.words import held
from moot_server.events import Call, Called, Elsewhere
from moot_server.storage.folder import MOVED, Folder
from moot_server.storage.folder import store as stored_in
from moot_shared.errors import InputError

if TYPE_CHECKING:
    from moot_server.storage.postgres.store import PostgresStore


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The other processes over the same database."""

    listening: Callable[[Callable[[Elsewhere], None]], Coroutine[Any, Any, None]]
    """Hears what they store, once it is told whom to tell."""
    calling: Callable[[Callable[[Called], Awaitable[None]]], Coroutine[Any, Any, None]]
    """The same of what they call across; and calls across to them."""
    call: Callable[[Call], None]
    """To call something across."""


def opened(url: str) -> PostgresStore:
    """The store in a database; MootError says what stands in the way."""
    try:
        from moot_server.storage.postgres.store import PostgresStore
    except ImportError as error:
        raise InputError(
            "The driver for PostgreSQL is not installed here. Install it with: pip install 'moot[postgresql]'"
        ) from error
    return PostgresStore(url)


def neighbours(url: str, store: PostgresStore, anybody: Callable[[], bool]) -> Neighbours:
    """The others; `anybody`: whether anybody is connected to this process."""
    from moot_server.storage.postgres.calling import Calling
    from moot_server.storage.postgres.listening import listen

    calling = Calling(url, store.token, anybody)
    return Neighbours(lambda tell: listen(url, store, tell, calling), calling.run, calling.call)


def shown(url: str) -> str:
    """A database's address without its password."""
    parts = urlsplit(url)
    who, at, where = parts.netloc.rpartition("@")  # there may be several machines in it
    query = [(name, value) for name, value in parse_qsl(parts.query) if "password" not in name]
    asked = f"?{urlencode(query, safe='/')}" if query else ""
    return f"postgresql://{who.partition(':')[0]}{at}{where}{parts.path}{asked}"


def backup(words: argparse.Namespace) -> int:
    """Not ours to do."""
    raise InputError(
        "PostgreSQL copies itself, while relays run: pg_dump --format=custom --schema=moot --file=moot.dump "
        f"'{shown(words.database)}'. Each relay's closed.log stays where it is: it is never put back."
    )


def restore(words: argparse.Namespace) -> int:
    """After pg_restore: whoever was shut out since the dump must not come in again."""
    if words.file:
        raise InputError(
            "PostgreSQL puts its dumps back itself. Stop all relays, then: pg_restore --clean --if-exists "
            f"--dbname='{shown(words.database)}' {words.file}; then, before they start again: "
            "moot relay restore --database (without a file)."
        )
    with closing(opened(words.database)) as store:
        with store.transaction():
            store.mark_restored()
        waiting = len(store.restored())
    print(
        f"Marked: {waiting:,} of its communities wait until a convenor has synced, or somebody with the "
        "hosting key; then their members are let in again. Nobody who was removed gets in meanwhile."
    )
    return 0


def move(words: argparse.Namespace) -> int:
    """All that a folder's relay holds, into a database."""
    with closing(opened(words.to)) as store, closing(Folder.open(folder_of(words))) as folder:
        from moot_server.storage.postgres.moving import move_in

        moved = move_in(folder, store)
    print(f"Moved and compared: {held(moved.communities, moved.changes)}, and {moved.receipts:,} receipts.")
    print(f"What was here is kept in {moved.kept}; nothing runs on it any more.")
    print(
        f"Start the relay again on the same folder: moot relay --data {folder.path} --database "
        f"'{shown(words.to)}'. Its address, its hosting key and its log of who was shut out are as before."
    )
    return 0


def refuse_moved(folder: Path) -> None:
    """InputError where a folder's store was moved into a database, and none is named."""
    if (folder / MOVED).exists() and not stored_in(folder).exists():
        raise InputError(
            f"What was in {folder} was moved into a database: name it with --database. To go back to how it "
            f"was on that day, rename {MOVED} to relay.db."
        )
