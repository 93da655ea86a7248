"""Who has what: which of my changes are among the ancestors of what another machine said it has.

What a machine's word comes to is found by walking from its heads towards the beginning, and is kept (table
`reach`): of the machine's next word only what is new is walked. A kept word counts for as long as the one
that came after it includes it; where it does not (a disk was rolled back), the walk goes on.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping

from moot_shared.ids import KEY_BYTES

HASH_BYTES = 32

Had = dict[bytes, int]
"""My actors, each with the seq of the last of its changes that a machine has."""


def reached(db: sqlite3.Connection, holder: bytes, heads: bytes, mine: bytes) -> Had:
    """What the machine `holder`, whose newest word is on these heads, has of the changes by the key `mine`.

    Heads that are not here yet add nothing, which can only make it seem to lack more than it does.
    """
    row = db.execute("SELECT heads, had FROM reach WHERE holder = ?", (holder,)).fetchone()
    before, had = (row[0], _read(row[1])) if row else (b"", {})
    if row and before == heads:
        return had
    here = _here(db, heads)
    found = _since(db, here, set(split(before)), mine) if row else None
    if found is not None:
        return had | found
    return _from_the_beginning(db, here, mine)


def keep_reached(db: sqlite3.Connection, mine: bytes) -> None:
    """Keep what machines' newest words come to, of those whose heads have all come."""
    rows = db.execute(
        "SELECT receipt.actor, receipt.heads FROM receipt LEFT JOIN reach ON holder = receipt.actor"
        " WHERE receipt.heads IS NOT reach.heads"
    )
    for holder, heads in rows.fetchall():
        if len(_here(db, heads)) == len(split(heads)):
            had = reached(db, holder, heads, mine)
            said = json.dumps({actor.hex(): seq for actor, seq in sorted(had.items())})
            db.execute("INSERT OR REPLACE INTO reach VALUES (?,?,?)", (holder, heads, said))


def split(heads: bytes) -> tuple[bytes, ...]:
    """Hashes that were kept one after the other."""
    return tuple(heads[i : i + HASH_BYTES] for i in range(0, len(heads), HASH_BYTES))


def _read(had: str) -> Had:
    return {bytes.fromhex(actor): seq for actor, seq in json.loads(had).items()}


def _here(db: sqlite3.Connection, heads: bytes) -> Mapping[bytes, int]:
    """Those of the heads that are here, with their positions."""
    found = {}
    for head in split(heads):
        row = db.execute("SELECT position FROM change WHERE hash = ?", (head,)).fetchone()
        if row:
            found[head] = row[0]
    return found


def _since(db: sqlite3.Connection, heads: Mapping[bytes, int], before: set[bytes], mine: bytes) -> Had | None:
    """What heads have beyond those of `before`; None where they do not have those.

    Positions are causal: whatever builds on a change is passed before it. So the walk is over when all
    that is left of it is left of the walk from the heads before as well.
    """
    found: Had = {}
    new, old, met = set(heads), set(before), set[bytes]()
    for change, actor, seq, deps in _walk(db, max(heads.values(), default=0)):
        if new <= old:
            break
        if change in old:
            if change in before and change not in new:
                return None
            old.remove(change)
            old.update(deps)
            if change in new:
                new.remove(change)
                met.add(change)
        elif change in new:
            new.remove(change)
            new.update(deps)
            if actor[:KEY_BYTES] == mine:
                found.setdefault(actor, seq)
    return found if before <= met | new else None


def _from_the_beginning(db: sqlite3.Connection, heads: Mapping[bytes, int], mine: bytes) -> Had:
    """All that heads have: until each of my chains was met, whose later changes stand for earlier ones."""
    found: Had = {}
    left, new = set(last_seqs(db, mine)), set(heads)
    for change, actor, seq, deps in _walk(db, max(heads.values(), default=0)):
        if not left or not new:
            break
        if change in new:
            new.remove(change)
            new.update(deps)
            if actor in left:
                left.remove(actor)
                found[actor] = seq
    return found


def last_seqs(db: sqlite3.Connection, key: bytes = b"") -> dict[bytes, int]:
    """Each actor (of a key, or all) with the seq of its last change here, at the cost of their number."""
    rows = db.execute(
        "WITH RECURSIVE each (actor) AS (SELECT min(actor) FROM change WHERE actor >= :low UNION ALL"
        " SELECT (SELECT min(actor) FROM change WHERE actor > each.actor AND actor <= :high) FROM each"
        " WHERE each.actor IS NOT NULL)"
        " SELECT actor, (SELECT max(seq) FROM change WHERE change.actor = each.actor) FROM each"
        " WHERE actor IS NOT NULL AND actor <= :high",
        {"low": key, "high": key + b"\xff" * (KEY_BYTES + 9 - len(key))},
    )
    return dict(rows.fetchall())


def _walk(db: sqlite3.Connection, position: int) -> Iterator[tuple[bytes, bytes, int, tuple[bytes, ...]]]:
    """Changes from a position towards the beginning."""
    for change, actor, seq, deps in db.execute(
        "SELECT hash, actor, seq, deps FROM change WHERE position <= ? ORDER BY position DESC", (position,)
    ):
        yield change, actor, seq, split(deps)
