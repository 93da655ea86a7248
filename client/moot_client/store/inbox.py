"""Commands from other processes to the one that writes: asked as a row, answered in the same row."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from typing import Any

from moot_client.store.drafts import REFUSED, asked
from moot_client.store.store import Store
from moot_shared.errors import ConnectionTrouble, InputError, MootError, NotAllowed, NotFound, StorageError

_ERRORS: dict[str, type[MootError]] = {
    e.__name__: e for e in (InputError, NotAllowed, NotFound, StorageError, ConnectionTrouble)
}
FORGOTTEN_MS = 3_600_000


def ask(store: Store, command: str, at: int, asked: list[int] | None = None) -> int:
    """Leave a command; its number.

    `asked` gets the number before it is on disk: who is interrupted right behind that can take it back.
    """
    asked = [] if asked is None else asked
    try:
        with store.writing() as db:
            row = db.execute("INSERT INTO inbox (command, asked) VALUES (?, ?)", (command, at))
            asked.append(int(row.lastrowid or 0))
    except StorageError:
        asked.clear()  # it is not there
        raise
    return asked[-1]


def waiting(store: Store) -> list[tuple[int, str]]:
    """What has not been answered, in order."""
    rows = store.read("SELECT id, command FROM inbox WHERE answer IS NULL ORDER BY id")
    return [(number, command) for number, command in rows]


def still_waits(db: sqlite3.Connection, number: int) -> bool:
    """Whether a command was neither answered nor taken back, within the transaction that carries it out."""
    query = "SELECT count(*) FROM inbox WHERE id = ? AND answer IS NULL"
    return bool(db.execute(query, (number,)).fetchone()[0])


def answer(db: sqlite3.Connection, number: int, value: Any) -> None:
    """Answer a command, within the transaction that carries it out."""
    db.execute("UPDATE inbox SET answer = ? WHERE id = ?", (json.dumps({"value": value}), number))


def refuse(db: sqlite3.Connection, number: int, error: MootError) -> None:
    """Answer a command with the sentence that says why not, and which kind of trouble it is."""
    kind = next((one.__name__ for one in type(error).__mro__ if one.__name__ in _ERRORS), "MootError")
    trouble = {"error": kind, "text": str(error)}
    db.execute("UPDATE inbox SET answer = ? WHERE id = ?", (json.dumps(trouble), number))


def take(store: Store, number: int) -> tuple[bool, Any]:
    """Whether a command was answered, and its answer, which is then removed; raises what it answers."""
    rows = store.read("SELECT answer FROM inbox WHERE id = ?", (number,))
    if not rows or rows[0][0] is None:
        return False, None
    with suppress(StorageError), store.writing() as db:  # it was carried out: that is what must be told
        db.execute("DELETE FROM inbox WHERE id = ?", (number,))
        # Whoever asked hears why not, and has the words: see Replica._refuse.
        db.execute("DELETE FROM draft WHERE form = ? AND subject = ?", (REFUSED, asked(number)))
    got = json.loads(rows[0][0])
    if "error" in got:
        raise _ERRORS.get(got["error"], MootError)(got["text"])
    return True, got["value"]


def tidy(store: Store, now: int) -> None:
    """Forget answers that nobody has taken for long: whoever asked has ended. `now` is Unix milliseconds."""
    old = (now - FORGOTTEN_MS,)
    if store.read("SELECT 1 FROM inbox WHERE answer IS NOT NULL AND asked < ? LIMIT 1", old):
        with store.writing() as db:
            db.execute("DELETE FROM inbox WHERE answer IS NOT NULL AND asked < ?", old)


def withdraw(store: Store, number: int) -> bool:
    """Take a command back that nobody has answered; False if it was answered meanwhile."""
    with store.writing() as db:
        return db.execute("DELETE FROM inbox WHERE id = ? AND answer IS NULL", (number,)).rowcount > 0
