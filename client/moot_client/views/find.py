"""Finding things: ids by any unique prefix, and records that share words (`search` finds words)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from moot_client.views.asking import asked
from moot_client.views.candidates import candidates, opens_by, titles
from moot_client.views.ids import Ids
from moot_client.views.rows import record
from moot_shared.errors import InputError, NotFound
from moot_shared.kinds import RECORDS
from moot_shared.text import shown_line

__all__ = ["Alike", "Ids", "record_key", "similar"]

NAMED = 5  # how many candidates an answer names
TELLING = 5  # letters: shorter words are in everything
WEIGHED = 500  # of the newest texts that share a word, how many are compared
_ALIKE = str.maketrans({"o": "0", "i": "1", "l": "1"})  # what Crockford's base 32 reads as the same


@dataclass(frozen=True, slots=True)
class Alike:
    """A record that shares words with others."""

    key: str
    kind: str
    title: str


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


def similar(db: sqlite3.Connection, words: str, kinds: Sequence[str], limit: int = 5) -> tuple[Alike, ...]:
    """Records of these kinds that share telling words (of five letters or more), most alike first."""
    terms = [term.phrase for term in asked(words).terms if sum(map(len, term.tokens)) >= TELLING]
    if not terms:
        return ()
    rows = candidates(db, " OR ".join(terms), weighed=WEIGHED, chosen=20 * limit)
    known = titles(db, list({opens_by(row.key) for row in rows}))
    found: dict[str, Alike] = {}
    for row in rows:
        opens = opens_by(row.key)
        kind = opens.split("/", 1)[0]
        if row.kind == "note":
            continue  # an answer in a review: not everybody may have read it yet
        if kind in kinds and opens in known:
            found.setdefault(opens, Alike(opens, kind, known[opens][0]))
    return tuple(found.values())[:limit]
