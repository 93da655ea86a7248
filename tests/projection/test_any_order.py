"""Rows do not depend on the order of arrival, whatever was admitted: also what no Moot would ever write."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moot_client.projection import project
from moot_client.replica.membership import write_roster
from moot_client.replica.verify import COMPARED
from moot_client.store import changes, schema
from moot_client.views.at_home import home_relay
from moot_client.views.community import community
from moot_client.views.issue import issue_page
from moot_client.views.lessons import lessons
from moot_client.views.people import members
from moot_client.views.ranking import agenda
from moot_client.views.reviews import reviews
from moot_client.views.rows import all_records, statements
from moot_client.views.search import search
from moot_client.views.standing import standing
from moot_client.views.today import today
from moot_shared.errors import MootError
from moot_shared.format.change import HEAD, Action, Change, Operation, OpId
from moot_shared.ids import encode_bytes
from moot_shared.kinds import RECORDS, STATEMENTS
from moot_shared.trust.history import History
from tests.helpers.community import ULID, Community, Machine, here, insert, op, person, put

SCALARS = [
    "007", "1e5", " 12 ", "", "\0", "a\n\nb", "\u202e[b]", None, True, False, 1, 1.0, -(2**53), 2**53,
    0.1, -0.0, b"\xff\0",
]  # fmt: skip
SAID = [
    *("", "5", "007", "null", "[]", '"x"', "{}", "{", '{"dots":NaN}', '{"dots":1e999}'),
    *('{"dots":5}\0', '{"dots":1,"dots":5}', '{"at":true,"dots":true,"n":true}'),
    *('{"at":-5,"dots":-5,"hours":-5}', '{"at":' + "1" * 300 + "}", '{"n":' + "1" * 5000 + "}"),
    *('{"hours":' + "9" * 400 + "}", '{"uses":1' + "0" * 40 + ',"role":"member"}'),
    '{"dots":"\\ud800","why":"\\udfff","text":"\\ud800","name":"\\ud800"}',
    '{"text":"\\u0000","name":"a\\u0000b","url":"\\u0000","n":1e999}',
    '{"text":[1],"name":{},"dots":[],"url":3,"n":"x","to":7,"how":null,"state":9}',
    '{"why":' + "[" * 900 + "]" * 900 + ',"at":7,"dots":3}',
    '{"text":' + "[" * 20_000 + "]" * 20_000 + "}",
]
KINDS = [*RECORDS, "kudos"]
FIELDS = ["title", "body", "now", "at", "archived", "status", "name", "budget", "statement", "issue", "x\0"]
WAYS = ["vote", "pledge", "comment", "profile", "relay", "note", "use", "link", "invite", "removal", "kudos"]


class Told:
    """A community that is told at random, mostly by modified clients; what is refused was never said."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.moot = Community()
        mara = self.moot.founder
        ann = self.moot.member("ann")
        self.changes: list[Change] = []
        for change_hash in self.moot.chunks:
            self.changes.append(self.moot.history.change(change_hash))
        self.base = len(self.changes)
        self.machines = [mara, mara.again(7), ann, ann.again(7)]
        self.known = {m.actor: set(self.moot.chunks) for m in self.machines}

    def play(self, steps: int) -> None:
        for _ in range(steps):
            by = self.dice.choice(self.machines)
            if self.dice.random() < 0.4:
                self.known[by.actor] |= self.known[self.dice.choice(self.machines).actor]
            known = self.known[by.actor]
            made = [c for c in self.changes if c.hash in known]
            heads = [c for c in made if not any(c.hash in other.deps for other in made)]
            change = self.moot.make(by, *self._operations(by, made), on=heads)
            try:
                self.moot.add(change)
            except MootError:
                continue
            self.changes.append(change)
            known.add(change.hash)

    def _operations(self, by: Machine, made: list[Change]) -> list[Operation]:
        dice, operations = self.dice, [o for change in made for o in change.operations]
        maps = [o.id for o in operations if o.action is Action.MAKE_MAP and o.obj == self.moot.records]
        lists = [o.id for o in operations if o.action is Action.MAKE_LIST]
        choice = dice.random()
        if choice < 0.2 or not maps:
            return self._record(by)
        if choice < 0.45:
            where, key = dice.choice(maps), dice.choice(FIELDS)
            return [self._put(where, key, self.dice.choice(SCALARS), self._pred(operations, where, key))]
        if choice < 0.75 or not lists:
            subject = dice.choice(
                ["me", "home", encode_bytes(bytes(32)), self._key(by), self._key(by) + "/x\0/y"]
            )
            key = f"{by.text}/{dice.choice(WAYS)}/{subject}"
            return [
                self._put(self.moot.said, key, dice.choice(SAID), self._pred(operations, self.moot.said, key))
            ]
        return self._paragraph(operations, dice.choice(lists))

    def _put(self, where: OpId, key: str, value: Any, pred: list[OpId]) -> Operation:
        """Say it, or take out what is there."""
        if pred and self.dice.random() < 0.2:
            return op(Action.DELETE, where, key, pred=pred)
        return put(where, key, value, *pred)

    def _paragraph(self, operations: list[Operation], where: OpId) -> list[Operation]:
        dice = self.dice
        inside = [o.id for o in operations if o.obj == where and o.insert]
        after = dice.choice([HEAD, *inside])
        text = dice.choice(["007", "twin", "twin", "", "a\n\nb", "1.50"])
        if after == HEAD or dice.random() < 0.3:
            return [insert(where, after, text)]
        pred = self._pred(operations, where, after)
        gone = [op(Action.DELETE, where, after, pred=pred)] if pred else []
        if dice.random() < 0.2 and pred:
            return [put(where, after, text, *pred)]
        return [*([insert(where, after, text)] if dice.random() < 0.8 else []), *gone] or [
            insert(where, after, text)
        ]

    def _pred(self, operations: list[Operation], where: OpId, key: str | OpId) -> list[OpId]:
        there = [
            o.id for o in operations
            if o.obj == where and o.action is Action.PUT and ((o.key == key and not o.insert) or o.id == key)
        ]  # fmt: skip
        return self.dice.choice([[], there, there[-1:], there[:1]])

    def _record(self, by: Machine) -> list[Operation]:
        made = [op(Action.MAKE_MAP, self.moot.records, self._key(by))]
        for field in self.dice.sample(FIELDS, 3):
            if self.dice.random() < 0.5:
                made.append(op(Action.MAKE_LIST, here(0), field))
                made.append(insert(here(len(made) - 1), HEAD, self.dice.choice(["007", "one", ""])))
            else:
                made.append(put(here(0), field, *self._value()))
        return made

    def _key(self, by: Machine) -> str:
        return f"{self.dice.choice(KINDS)}/{ULID[:-1]}{self.dice.choice('01')}/{by.text}"

    def _value(self) -> list:  # type: ignore[type-arg]
        return [self.dice.choice(SCALARS)]


def arrived(told: Told, order: list[Change]) -> sqlite3.Connection:
    """What one machine shows when changes reach it in this order."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript("".join(schema.ALL))
    history = History(told.moot.chunks.__getitem__)
    for change in order:
        history.add(change)
        project(db, change, changes.insert(db, change, None))
    write_roster(db, history)
    return db


def any_causal_order(told: Told, dice: random.Random) -> list[Change]:
    left, here, order = list(told.changes), set[bytes](), list[Change]()
    while left:
        change = dice.choice([c for c in left if here.issuperset(c.deps)])
        left.remove(change)
        here.add(change.hash)
        order.append(change)
    return order


def shown(db: sqlite3.Connection) -> dict[str, list[str]]:
    found = {t: sorted(map(repr, db.execute(f"SELECT {c} FROM {t}"))) for t, c in COMPARED.items()}
    del found["fact"]
    return found


def look_at_everything(db: sqlite3.Connection, me: str) -> None:
    views: list[Callable[[], object]] = [
        lambda: community(db), lambda: members(db, me), lambda: agenda(db, me, closed=True, archived=True),
        lambda: lessons(db, me, archived=True), lambda: reviews(db, me, archived=True),
        lambda: today(db, me, since_position=0, since=0), lambda: home_relay(db), lambda: standing(db, me),
        lambda: search(db, me, "twin 007 a"), lambda: [r.row.as_json() for r in all_records(db)],
    ]  # fmt: skip
    for view in views:
        view()
    for kind in STATEMENTS.values():
        for said in statements(db, kind):
            said.row.as_json()
            "".join(said.row.search_words()).encode()
    for key in [r.row.key for r in all_records(db)]:
        if key.kind == "issue":
            issue_page(db, me, str(key))


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_rows_do_not_depend_on_the_order_of_arrival_and_every_view_can_read_them(seed: int) -> None:
    dice = random.Random(seed)
    told = Told(dice)
    told.play(25)
    assert len(told.changes) > told.base
    first = arrived(told, told.changes)
    expected = shown(first)
    for _ in range(2):
        assert shown(arrived(told, any_causal_order(told, dice))) == expected
    look_at_everything(first, person("ann").text)
