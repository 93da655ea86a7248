"""Rows become instances of their declared kinds: the one place where stored JSON is taken apart.

Kinds that this Moot does not know become `NewerRecord` and `NewerStatement`: kept, exported,
and shown as made with a newer Moot. Reading never fails on what somebody else wrote.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Any, Generic, TypeVar, cast

from moot_client.views.persons import persons
from moot_shared.frozen import frozen, replace
from moot_shared.ids import RecordKey, StatementKey
from moot_shared.kinds import RECORDS, STATEMENTS, OtherVersion, Paragraph, ProseText, Record, Statement

R = TypeVar("R", bound=Record)
S = TypeVar("S", bound=Statement)

NEWER = "made with a newer Moot"
RECORD = "id, key, created, changed, changed_by, value, others, touched"
STATEMENT = "key, said, value, touched"


class NewerRecord(Record):
    """A record of a kind that this Moot does not know."""

    @property
    def title_line(self) -> str:
        """What stands in the place of a title."""
        return f"({NEWER})"


class NewerStatement(Statement):
    """A statement of a kind that this Moot does not know."""


@frozen
class Stored(Generic[R]):
    """A record, with what only its row knows: the object's id and who touched it last, by position."""

    id: str
    row: R
    touched: int

    @property
    def doubled(self) -> bool:
        """Whether some paragraph stands in two people's versions."""
        return any(isinstance(value, ProseText) and value.doubled for value in self.row.values.values())


@frozen
class Said(Generic[S]):
    """A statement, with the position of the change that said it."""

    row: S
    touched: int

    def under(self, author: str) -> Said[S]:
        """The same, as said under another key of the same person."""
        if self.row.key.author == author:
            return self
        key = replace(self.row.key, author=author)
        return replace(self, row=replace(self.row, key=key))


def records(
    db: sqlite3.Connection, kind: type[R], where: str = "", parameters: Iterable[Any] = ()
) -> list[Stored[R]]:
    """The records of one declared kind, by key; `where` narrows them in SQL."""
    rows = db.execute(
        f"SELECT {RECORD} FROM record WHERE kind = ? {'AND ' + where if where else ''}",
        (kind.name_of_kind, *parameters),
    )
    return cast(list[Stored[R]], list(one_each(map(stored, rows))))


def all_records(db: sqlite3.Connection) -> list[Stored[Record]]:
    """Every record of every kind, known or not, by key."""
    return list(one_each(map(stored, db.execute(f"SELECT {RECORD} FROM record"))))


def record(db: sqlite3.Connection, key: str) -> Stored[Record] | None:
    """One record by its full key."""
    return next(one_each(maps_of(db, key)), None)


def maps_of(db: sqlite3.Connection, key: str) -> list[Stored[Record]]:
    """Every map under a record's key: one, where nobody meddled."""
    return list(map(stored, db.execute(f"SELECT {RECORD} FROM record WHERE key = ?", (key,))))


def statement(db: sqlite3.Connection, key: str) -> Said[Statement] | None:
    """One statement by its full key."""
    row = db.execute(f"SELECT {STATEMENT} FROM statement WHERE key = ?", (key,)).fetchone()
    return said(row) if row else None


def said_at(db: sqlite3.Connection, key: str) -> int:
    """When a statement was said, in Unix milliseconds by its author's clock; 0 where that is not known."""
    row = db.execute("SELECT said FROM statement WHERE key = ?", (key,)).fetchone()
    return int(row[0]) if row else 0


def statements(db: sqlite3.Connection, kind: type[S], about: str | None = None) -> list[Said[S]]:
    """The statements of one declared kind, about one record or any, by key."""
    narrowed, parameters = ("AND about = ?", (about,)) if about is not None else ("", ())
    rows = db.execute(
        f"SELECT {STATEMENT} FROM statement WHERE kind = ? {narrowed} ORDER BY key",
        (kind.name_of_kind, *parameters),
    )
    found = [said(row) for row in rows]
    same = persons(db)
    if same:
        folded = same.fold((one.row.key.author, one.row.key.subject, one) for one in found)
        found = [one.under(author) for author, _, one in folded]
    return cast(list[Said[S]], found)


def stored(row: tuple[Any, ...]) -> Stored[Record]:
    """A `RECORD` row as an instance of its kind."""
    made_by, key_text, created, changed, changed_by, value, others, touched = row
    key = RecordKey.parse(key_text)
    values = {name: _value(got) for name, got in json.loads(value).items()}
    versions = {
        name: tuple(OtherVersion(got, author) for got, author in listed)
        for name, listed in json.loads(others).items()
    }
    kind = RECORDS.get(key.kind, NewerRecord)
    return Stored(made_by, kind(key, values, versions, created, changed, changed_by), touched)


def said(row: tuple[Any, ...]) -> Said[Statement]:
    """A `STATEMENT` row as an instance of its kind; one that cannot be read has no values."""
    key_text, when, value, touched = row
    key = StatementKey.parse(key_text)
    values = Statement.fields_of(value)
    values.pop("at", None)
    return Said(STATEMENTS.get(key.kind, NewerStatement)(key, values, when), touched)


def one_each(rows: Iterable[Stored[Record]]) -> Iterator[Stored[Record]]:
    """Rows by key. Of several maps under one key the newest stands, and shows the words of the others too.

    Only who made a record can put a second one in its place, and not by chance.
    """
    by_key: dict[RecordKey, list[Stored[Record]]] = {}
    for row in rows:
        by_key.setdefault(row.row.key, []).append(row)
    for key in sorted(by_key):
        newest, *others = sorted(by_key[key], key=lambda row: _operation(row.id), reverse=True)
        yield reduce(_with_words_of, others, newest)


def _with_words_of(stands: Stored[Record], other: Stored[Record]) -> Stored[Record]:
    """A record with another one's paragraphs behind its own, and its values as other versions."""
    values, versions = dict(stands.row.values), dict(stands.row.others)
    for name, value in other.row.values.items():
        mine = values.get(name)
        if isinstance(value, ProseText):
            before = mine.paragraphs if isinstance(mine, ProseText) else ()
            values[name] = ProseText((*before, *(replace(p, doubled=True) for p in value.paragraphs)))
        elif value != mine:
            versions[name] = (*versions.get(name, ()), OtherVersion(value, other.row.changed_by))
    return replace(stands, row=replace(stands.row, values=values, others=versions))


def _operation(made_by: str) -> tuple[int, str]:
    counter, _, actor = made_by.partition("@")
    return int(counter), actor


def _value(got: Any) -> Any:
    return ProseText(tuple(Paragraph(*paragraph) for paragraph in got)) if isinstance(got, list) else got
