"""Finding things: ids by any unique prefix, and words in everything."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from moot_client.views.rows import record
from moot_shared.errors import InputError, NotFound
from moot_shared.ids import StatementKey
from moot_shared.kinds import RECORDS
from moot_shared.text import shown_line

LEAST_CHARS = 4
NAMED = 5  # how many candidates an answer names
_ALIKE = str.maketrans({"o": "0", "i": "1", "l": "1"})  # what Crockford's base 32 reads as the same


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that a search found; `context` has the words around it.

    `key` is the record that opens, or the statement's own key where it is about no record;
    `kind` says where the words stand: a comment on an issue has the issue's key and title.
    """

    key: str
    kind: str
    title: str
    context: str


class Ids:
    """The short ids of all records, as they are now: read once, asked often."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._handles = [
            handle for (handle,) in db.execute("SELECT DISTINCT handle FROM record ORDER BY handle")
        ]

    def short(self, handle: str) -> str:
        """The shortest beginning that no other record has, at least 4 characters."""
        place = bisect_left(self._handles, handle)
        beside = self._handles[max(place - 1, 0) : place] + self._handles[place + 1 : place + 2]
        chars = max([LEAST_CHARS, *(_shared(handle, other) + 1 for other in beside if other != handle)])
        return handle[:chars]


def _shared(one: str, other: str) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def record_key(db: sqlite3.Connection, prefix: str, kind: str = "") -> str:
    """The full key of the one record whose handle (or key) begins so.

    NotFound where there is none; InputError where there are several, naming them.
    """
    wanted = prefix.strip().lstrip("#")
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


def search(db: sqlite3.Connection, words: str, limit: int = 50) -> tuple[Hit, ...]:
    """Everything that has all these words (or their beginnings), best first; one hit a record."""
    terms = _terms(words)
    return _hits(db, " AND ".join(terms), limit) if terms else ()


def similar(db: sqlite3.Connection, words: str, kinds: Sequence[str], limit: int = 5) -> tuple[Hit, ...]:
    """Records of these kinds that share telling words (of five letters or more), most alike first."""
    terms = [term for term in _terms(words) if len(term) >= len('"12345"*')]
    if not terms:
        return ()
    hits = _hits(db, " OR ".join(terms), 10 * limit)
    return tuple(hit for hit in hits if hit.key.split("/", 1)[0] in kinds)[:limit]


def _terms(words: str) -> list[str]:
    """Each word as an FTS5 phrase of its own, whatever signs it holds, matching beginnings."""
    found = (word.replace("\0", " ").replace('"', '""') for word in words.split()[:20])
    return [f'"{word}"*' for word in found if any(character.isalnum() for character in word)]


def _hits(db: sqlite3.Connection, query: str, limit: int) -> tuple[Hit, ...]:
    rows = db.execute(
        "SELECT key, kind, snippet(found, -1, '', '', '…', 12) FROM found WHERE found MATCH ?"
        " ORDER BY bm25(found), rowid",
        (query,),
    )
    hits: dict[str, Hit] = {}
    for key, kind, context in rows:
        opens = _opens(key)
        if opens not in hits:
            hits[opens] = Hit(opens, kind, _title(db, opens, context), " ".join(context.split()))
        if len(hits) >= limit:
            break
    return tuple(hits.values())


def _opens(key: str) -> str:
    """What Enter opens: a record's own key, or the record that a statement is about."""
    parts = key.split("/")
    about = "/".join(StatementKey.parse(key).subject.split("/")[:3]) if len(parts) >= 5 else ""
    return about or key


def _title(db: sqlite3.Connection, key: str, otherwise: str) -> str:
    found = record(db, key)
    lines: Iterator[str] = iter(otherwise.splitlines())
    return found.row.title_line if found else next(lines, "")
