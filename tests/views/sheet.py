"""A community as rows, written straight into the tables: what views read, without a replica."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from moot_client.lines import lines_of, make_anew
from moot_client.store import schema
from moot_shared.ids import RecordKey, StatementKey, encode_bytes, ulid
from moot_shared.kinds import RECORDS, STATEMENTS, Paragraph, ProseText

KEYS = {name: bytes([number]) * 32 for number, name in enumerate(("ann", "ben", "cat", "dan"), 1)}
ACTORS = {name: key + bytes(8) for name, key in KEYS.items()}
ANN, BEN, CAT, DAN = (encode_bytes(key) for key in KEYS.values())
NAMES = {encode_bytes(key): name for name, key in KEYS.items()}


class Sheet:
    """Rows of one community, with one change for each thing that is put in."""

    def __init__(self, *members: str) -> None:
        self._db = sqlite3.connect(":memory:")
        self._known = 0
        for script in schema.ALL:
            self._db.executescript(script)
        self._seq: dict[str, int] = {}
        self._op = 10
        for place, key in enumerate(members or (ANN, BEN, CAT)):
            role = "member" if place else "convenor"
            self._db.execute(
                "INSERT INTO member VALUES (?,?,?,?,0)", (key, place, role, ANN if place else "")
            )
            self.say(key, "profile", "me", name=NAMES.get(key, "x").title())

    @property
    def db(self) -> sqlite3.Connection:
        """What views read: rows as they are now, and lines that follow from them."""
        if self._db.total_changes != self._known:
            make_anew(self._db, lines_of(self._db), self.position())
            self._known = self._db.total_changes
        return self._db

    def change(
        self, author: str, deps: tuple[bytes, ...] = (), actor: bytes | None = None
    ) -> tuple[int, int]:
        """One more change: its position and its first operation."""
        self._op += 10
        actor = actor or ACTORS[NAMES[author]]
        seq = self._seq[actor.hex()] = self._seq.get(actor.hex(), 0) + 1
        position = self._db.execute(
            "INSERT INTO change (hash, actor, seq, start_op, last_op, deps, bytes) VALUES (?,?,?,?,?,?,?)",
            (self.hash_of(actor, seq), actor, seq, self._op, self._op + 9, b"".join(deps), b""),
        ).lastrowid
        assert position is not None
        return position, self._op

    @staticmethod
    def hash_of(actor: bytes, seq: int) -> bytes:
        """The hash that this sheet gives to a change."""
        return actor[:8] + actor[32:] + seq.to_bytes(16, "big")

    def record(self, author: str, kind: str, number: int, /, others: Any = None, **values: Any) -> str:
        """A record's row; prose as a text, or as paragraphs [element, text, author, doubled]."""
        position, op = self.change(author)
        key = RecordKey(kind, ulid(number, number.to_bytes(10, "big")), author)
        prose = RECORDS[kind].prose_fields() if kind in RECORDS else ()
        for name in prose:
            words = values.get(name, "")
            if isinstance(words, str):
                values[name] = [[f"{op}@00", words, author, False]] if words else []
        made_by = f"{op}@{ACTORS[NAMES[author]].hex()}"
        rowid = self._db.execute(
            "INSERT INTO record VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                made_by, str(key), kind, key.handle, author, number % 2**40, number % 2**40, author,
                int(values.get("archived", False)), json.dumps(values), json.dumps(others or {}), position,
            ),
        ).lastrowid  # fmt: skip
        self._db.execute("INSERT INTO touch VALUES (?, ?)", (str(key), position))
        if kind in RECORDS:
            shaped = {n: _prose(v) if isinstance(v, list) else v for n, v in values.items()}
            self._find(2 * (rowid or 0), str(key), kind, RECORDS[kind](key, shaped).search_words())
        return str(key)

    def say(self, author: str, kind: str, subject: str, /, **values: Any) -> str:
        """A statement's row, said at 1000 times its position."""
        position, _ = self.change(author)
        key = StatementKey(author, kind, subject)
        about = subject.split("/")
        rowid = self._db.execute(
            "INSERT OR REPLACE INTO statement VALUES (?,?,?,?,?,?,?,?,?)",
            (
                str(key), author, kind, subject, "/".join(about[:3]) if len(about) >= 3 else "",
                1000 * position, json.dumps({**values, "at": 1000 * position}), "[]", position,
            ),
        ).lastrowid  # fmt: skip
        if kind in STATEMENTS:
            self._find(2 * (rowid or 0) + 1, str(key), kind, STATEMENTS[kind](key, values).search_words())
        return str(key)

    def _find(self, rowid: int, key: str, kind: str, words: tuple[str, str]) -> None:
        if any(words):
            row = (rowid, key, kind, *words)
            self._db.execute(
                "INSERT OR REPLACE INTO found (rowid, key, kind, title, words) VALUES (?,?,?,?,?)", row
            )

    def position(self) -> int:
        """The newest position."""
        return int(self._db.execute("SELECT coalesce(max(position), 0) FROM change").fetchone()[0])


def _prose(rows: list[list[Any]]) -> ProseText:
    return ProseText(tuple(Paragraph(*row) for row in rows))
