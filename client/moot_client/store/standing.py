"""What the relay and the members have said they have, and what was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from moot_client.store.store import Store


def note_stored(store: Store, through: Mapping[bytes, int], at: int) -> None:
    """The relay has these actors' changes through these seqs; a claim only grows here."""
    with store.lock:
        known = claims(store)
        if news := [(actor, seq, at) for actor, seq in through.items() if seq > known.get(actor, 0)]:
            with store.writing() as db:
                db.executemany("INSERT OR REPLACE INTO stored VALUES (?,?,?)", news)


def forget_stored(store: Store, through: Mapping[bytes, int]) -> None:
    """The relay has less than it once said: its claims go back to `through` (0 or absent: nothing)."""
    with store.lock:
        known = claims(store)
        if gone := [
            (through.get(actor, 0), actor) for actor, seq in known.items() if through.get(actor, 0) < seq
        ]:
            with store.writing() as db:
                db.executemany("UPDATE stored SET seq = ? WHERE actor = ?", gone)
                db.execute("DELETE FROM stored WHERE seq <= 0")


def claims(store: Store) -> dict[bytes, int]:
    """actor -> through which seq the relay has said that it has stored; ask it under the store's lock."""
    return dict(store.ask("SELECT actor, seq FROM stored"))


def stored(store: Store, actor: bytes) -> int:
    """Through which seq of an actor the relay has stored."""
    rows = store.read("SELECT seq FROM stored WHERE actor = ?", (actor,))
    return int(rows[0][0]) if rows else 0


def note_receipt(store: Store, actor: bytes, heads: Sequence[bytes], at: int, signature: bytes) -> None:
    """A machine's newest signed word on what it has."""
    store.put("INSERT OR REPLACE INTO receipt VALUES (?,?,?,?)", (actor, b"".join(heads), at, signature))


def has_receipt(store: Store, actor: bytes, heads: Sequence[bytes], at: int, signature: bytes) -> bool:
    """Whether just this word of a machine's is what is kept: a relay sends it with every new connection."""
    (row,) = store.ask("SELECT heads, at, signature FROM receipt WHERE actor = ?", (actor,)) or [()]
    return row == (b"".join(heads), at, signature)


def note_refused(
    store: Store, change_hash: bytes, code: str, reason: str, at: int, chunk: bytes | None
) -> None:
    """A change that was not taken; with its bytes where it is in the history of nobody here any more."""
    with store.writing() as db:
        db.execute("INSERT OR IGNORE INTO refused VALUES (?,?,?,?,?)", (change_hash, code, reason, at, chunk))


def taken(store: Store, hashes: Sequence[bytes]) -> None:
    """These are part of the history after all: nothing that is built on them is held back any more."""
    with store.writing() as db:
        db.executemany("DELETE FROM refused WHERE hash = ?", [(change_hash,) for change_hash in hashes])


def count_refused(store: Store, code: str) -> int:
    """How many changes were not taken for one reason."""
    return int(store.read("SELECT count(*) FROM refused WHERE code = ?", (code,))[0][0])


def refused(store: Store) -> set[bytes]:
    """The hashes of changes that were not taken."""
    return {change_hash for (change_hash,) in store.read("SELECT hash FROM refused")}
