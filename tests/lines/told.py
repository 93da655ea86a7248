"""A community that is told at random, about issues, reviews and lessons: all that their lines follow."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from typing import Any

from moot_client import lines
from moot_client.lines.table import KINDS
from moot_client.projection import project
from moot_client.replica.membership import write_members
from moot_client.store import changes, schema
from moot_client.store.lines import LINE_TABLES
from moot_client.store.positions import last_position, next_position
from moot_shared.format.change import HEAD, Action, Operation, OpId
from tests.helpers.community import Community, Machine, here, insert, op, put

LINES = tuple(KINDS.values())
TABLES = tuple(table for table in LINE_TABLES if table != "gone_line")
VALUES: dict[str, dict[str, tuple[Any, ...]]] = {
    "issue": {
        "title": ("", "Zebra", "aardvark", "Straße", "STRASSE"),
        "status": ("open", "agreed", "closed", "closed", "dreaming"),
        "kind": ("issue", "question"),
        "level": ("team", "organisation", 7),
        "archived": (True, False, 1),
    },
    "review": {
        "title": ("One", "Two"), "ending": ("", "lessons", "skipped"), "archived": (True, False),
        "form": ("quick", "full"),
    },
    "lesson": {"statement": ("Ask", "Tell"), "origin": ("a talk", ""), "archived": (True, False)},
    "community": {"vote_budget": (3, 6, 10, 100, 0, "many")},
    "kudos": {"title": ("of a newer Moot",)},
}  # fmt: skip
REFERENCES = {"review": "issue", "lesson": "source"}
SAID: dict[str, tuple[dict[str, Any] | str, ...]] = {
    "vote": (*({"dots": n} for n in (0, 1, 2, 3, 4, 5, 5, 99, True)), "no words", '{"dots":1,"dots":5}'),
    "pledge": ({"hours": 0}, {"hours": 0.1}, {"hours": 0.25}, {"hours": 4}, {"hours": 2000}, {"hours": "x"}),
    "comment": ({"text": "Yes"}, {"text": ""}, {"text": 7}, "{"),
    "note": ({"text": "That"}, {"text": ""}),
    "use": (
        {"state": "tried", "where": "here"}, {"state": "applied", "how": "well"}, {"where": ""},
        {"state": "dreamt", "where": "there"},
    ),
    "link": ({"how": "causes"}, {"how": "none"}, {}),
}  # fmt: skip
ABOUT = {"vote": "issue", "pledge": "issue", "note": "review", "use": "lesson", "link": "issue"}


class Told:
    """Rows and lines of one machine, kept as changes come; `step` makes one more thing happen."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.moot = Community()
        founder = self.moot.founder
        self.members = [founder, *(self.moot.member(name) for name in ("ann", "ben", "cat", "dan"))]
        self.records: list[tuple[str, OpId]] = []
        self.cells: dict[tuple[OpId, str], list[OpId]] = {}
        self.db = empty()
        for change_hash in self.moot.chunks:
            self._arrive(change_hash)
        self._settle()

    def step(self) -> None:
        """One change, or another word on who is one person with whom."""
        if self.dice.random() < 0.04:
            lost, found = self.dice.sample(self.members[1:], 2)
            self.db.execute("DELETE FROM person WHERE key = ?", (found.text,))
            self.db.execute("INSERT OR REPLACE INTO person VALUES (?,?)", (lost.text, found.text))
            next_position(self.db)  # in life it is a change that says so
            lines.settle(self.db)
            return
        by = self.dice.choice(self.members)
        acts: list[Callable[[Machine], list[Operation]]] = [self._make, self._edit, self._edit, self._say]
        operations = self.dice.choice([*acts, self._say, self._say, self._say])(by)
        change = self.moot.write(by, *operations)
        for one in change.operations:
            if one.action is Action.MAKE_MAP:
                self.records.append((str(one.key), one.id))
            elif one.obj is not None and isinstance(one.key, str):
                standing = self.cells.setdefault((one.obj, one.key), [])
                standing[:] = [old for old in standing if old not in one.pred]
                standing += [one.id] if one.action is Action.PUT else []
        self._arrive(change.hash)

    def _arrive(self, change_hash: bytes) -> None:
        change = self.moot.history.change(change_hash)
        project(self.db, change, changes.insert(self.db, change, None))

    def _settle(self) -> None:
        write_members(self.db, self.moot.history)
        lines.settle(self.db)

    def _make(self, by: Machine) -> list[Operation]:
        kind = self.dice.choice(["issue", "issue", "issue", "review", "lesson", "community", "kudos"])
        taken = [key for key, _ in self.records if key.endswith(by.text) and key.startswith(kind)]
        key = f"{kind}/{self._ulid()}/{by.text}"
        if taken and self.dice.random() < 0.2:
            key = self.dice.choice(taken)  # a second map in the place of the first
        made = [op(Action.MAKE_MAP, self.moot.records, key)]
        made += [put(here(0), name, value) for name, value in self._values(kind).items()]
        if kind == "issue":
            made += [op(Action.MAKE_LIST, here(0), "body"), insert(here(len(made)), HEAD, "One.")]
        return made

    def _values(self, kind: str) -> dict[str, Any]:
        fields = {name: self.dice.choice(options) for name, options in VALUES[kind].items()}
        if kind in REFERENCES:
            fields[REFERENCES[kind]] = self._anything()
        return {name: value for name, value in fields.items() if self.dice.random() < 0.4}

    def _edit(self, by: Machine) -> list[Operation]:
        if not self.records:
            return self._make(by)
        key, made = self.dice.choice(self.records)
        found = self._values(key.split("/", 1)[0]) or {"x": 1}
        return [put(made, name, value, *self._seen(made, name)) for name, value in found.items()]

    def _say(self, by: Machine) -> list[Operation]:
        kind = self.dice.choice([*SAID, "vote", "vote", "pledge"])
        subject = self._of(ABOUT.get(kind, "issue"))
        more: dict[str, Any] = {}
        if kind == "link":
            other = self._of("issue")
            subject, more = f"{subject}/{other}", {"to": other}
        elif kind in ("comment", "note", "use"):
            subject += f"/{self.dice.choice('abc')}"
        key = f"{by.text}/{kind}/{subject}"
        words = self.dice.choice(SAID[kind])
        text = words if isinstance(words, str) else json.dumps({**words, **more})
        seen = self._seen(self.moot.said, key)
        if seen and self.dice.random() < 0.1:
            return [op(Action.DELETE, self.moot.said, key, pred=seen)]
        return [put(self.moot.said, key, text, *seen)]

    def _seen(self, obj: OpId, key: str) -> list[OpId]:
        """What stood there, unless they wrote at the same time."""
        return [] if self.dice.random() < 0.15 else self.cells.get((obj, key), [])

    def _of(self, kind: str) -> str:
        keys = [key for key, _ in self.records if key.startswith(kind)]
        if self.dice.random() < 0.04:
            return self.dice.choice(["me", "issue/x"])  # no record at all
        return self.dice.choice(keys) if keys and self.dice.random() < 0.95 else self._unborn(kind)

    def _anything(self) -> str:
        keys = [key for key, _ in self.records]
        return self.dice.choice(keys) if keys and self.dice.random() < 0.8 else self._unborn("issue")

    def _unborn(self, kind: str) -> str:
        """A record that may be made later, under this very key."""
        return f"{kind}/{self._ulid()}/{self.dice.choice(self.members).text}"

    def _ulid(self) -> str:
        """Ids that have much in common: short ids must grow."""
        return "01J8ZQ6T3K" + "".join(self.dice.choices("01", k=7)).ljust(16, "0")


def empty() -> sqlite3.Connection:
    """A community's tables with nothing in them."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript("".join(schema.ALL))
    return db


def shown(db: sqlite3.Connection) -> dict[str, dict[Any, dict[str, Any]]]:
    """Every line, and what it is counted from: by its key, without the position at which it was altered."""
    found: dict[str, dict[Any, dict[str, Any]]] = {}
    for table in TABLES:
        rows = db.execute(f"SELECT * FROM {table}")
        names = [name for name, *_ in rows.description]
        each = [dict(zip(names, row, strict=True)) for row in rows]
        for row in each:
            row.pop("altered", None)
        found[table] = {row["key"] if table in LINES else tuple(row.values())[:3]: row for row in each}
    return found


def by_definition(db: sqlite3.Connection) -> dict[str, dict[Any, dict[str, Any]]]:
    """The same, made from scratch, and then taken back."""
    db.execute("BEGIN")
    lines.make_anew(db, {table: {} for table in LINES}, last_position(db))
    found = shown(db)
    db.execute("ROLLBACK")
    return found
