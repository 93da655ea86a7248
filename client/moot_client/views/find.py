"""Finding one thing by what people type for it: any unique beginning of its id."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from moot_client.views.ids import Ids
from moot_client.views.rows import record
from moot_shared.errors import InputError, NotFound
from moot_shared.kinds import RECORDS
from moot_shared.text import shown_line

__all__ = ["Ids", "record_key"]

NAMED = 5  # how many candidates an answer names
_ALIKE = str.maketrans({"o": "0", "i": "1", "l": "1"})  # what Crockford's base 32 reads as the same


def record_key(db: sqlite3.Connection, prefix: str, kind: str = "") -> str:
    """The full key of the one record whose handle (or key) begins so.

    NotFound where there is none; InputError where there are several, naming them.
    """
    wanted = prefix.strip().lstrip("#").encode(errors="replace").decode()  # a shell passes any bytes on
    if not wanted:
        raise InputError("Say which one: the first characters of its id are enough.")
    if "/" in wanted:
        rows = _between(db, "key", wanted)
    else:
        rows = _between(db, "handle", wanted.lower().translate(_ALIKE))
    matches = {key: found for key, found in rows if not kind or found == kind}
    if not matches:
        raise _nothing(wanted, kind, {found for _, found in rows})
    if len(matches) > 1:
        raise _several(db, wanted, sorted(matches))
    return next(iter(matches))


def _between(db: sqlite3.Connection, column: str, prefix: str) -> list[tuple[str, str]]:
    sql = f"SELECT DISTINCT key, kind FROM record WHERE {column} >= ? AND {column} < ?"
    return db.execute(sql, (prefix, prefix + "\U0010ffff")).fetchall()


def _nothing(wanted: str, kind: str, other_kinds: set[str]) -> NotFound:
    word = shown_line(wanted[:40])
    if other_kinds:
        named = " and ".join(sorted(other_kinds))
        return NotFound(f"‘{word}’ is the id of a {named}, and this needs {_a(kind)}.")
    listing = f" `moot {RECORDS[kind].plural}` lists them." if kind in RECORDS else ""
    return NotFound(f"There is no {kind or 'entry'} whose id begins with ‘{word}’.{listing}")


def _a(kind: str) -> str:
    return f"an {kind}" if kind[:1] in "aeiou" else f"a {kind}"


def _several(db: sqlite3.Connection, wanted: str, keys: Sequence[str]) -> InputError:
    ids, named = Ids(db), []
    for key in keys[:NAMED]:
        found = record(db, key)
        if found:
            named.append(f"{ids.short(found.row.key.handle)} ‘{shown_line(found.row.title_line[:40])}’")
    more = f", and {len(keys) - NAMED} more" if len(keys) > NAMED else ""
    begins = shown_line(wanted[:40])
    return InputError(
        f"Several ids begin with ‘{begins}’: {', '.join(named)}{more}. Type a few more characters."
    )
