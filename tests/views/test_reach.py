"""What another machine has of my changes is what its heads are built on, however little of it is walked."""

from __future__ import annotations

import random
import sqlite3

import pytest

from moot_client.views.reach import keep_reached, last_seqs, reached
from tests.views.sheet import ACTORS, ANN, BEN, CAT, KEYS, Sheet

MINE = KEYS["ann"]
OLD, NEW, BENS = ACTORS["ann"], MINE + b"\1" * 8, ACTORS["ben"]


def by_definition(db: sqlite3.Connection, heads: bytes) -> dict[bytes, int]:
    """The seqs of my actors among all that these heads are built on."""
    rows = db.execute("SELECT hash, actor, seq, deps FROM change").fetchall()
    known = {row[0]: row[1:] for row in rows}
    found: dict[bytes, int] = {}
    left, met = [heads[i : i + 32] for i in range(0, len(heads), 32)], set()
    while left:
        change = left.pop()
        if change not in met and change in known:
            met.add(change)
            actor, seq, deps = known[change]
            left += [deps[i : i + 32] for i in range(0, len(deps), 32)]
            if actor.startswith(MINE):
                found[actor] = max(seq, found.get(actor, 0))
    return found


def wrote(sheet: Sheet, db: sqlite3.Connection, dice: random.Random, heads: list[bytes]) -> None:
    """Somebody writes on top of some of the heads, and of their own last change."""
    actor, author = dice.choice([(OLD, ANN), (NEW, ANN), (BENS, BEN), (ACTORS["cat"], CAT)])
    seq = last_seqs(db).get(actor, 0)
    own = [sheet.hash_of(actor, seq)] if seq else []
    deps = sorted({*own, *dice.sample(heads, dice.randint(0, len(heads)))})
    sheet.change(author, tuple(deps), actor)
    heads[:] = [*(head for head in heads if head not in deps), sheet.hash_of(actor, seq + 1)]


@pytest.mark.parametrize("seed", range(30))
def test_what_a_word_comes_to_is_what_its_heads_are_built_on(seed: int) -> None:
    dice = random.Random(seed)
    sheet = Sheet()
    db = sheet.db
    db.execute("DELETE FROM change")
    sheet._seq.clear()
    heads: list[bytes] = []
    for step in range(60):
        wrote(sheet, db, dice, heads)
        if dice.random() < 0.4:
            every = [row[0] for row in db.execute("SELECT hash FROM change")]
            said = dice.choice([heads, heads, every[-1:], dice.sample(every, 1), [b"\x09" * 32, every[0]]])
            word = b"".join(sorted(said))
            db.execute("INSERT OR REPLACE INTO receipt VALUES (?,?,?,x'')", (BENS, word, step))
            assert reached(db, BENS, word, MINE) == by_definition(db, word)
            if dice.random() < 0.7:
                keep_reached(db, MINE)
                assert reached(db, BENS, word, MINE) == by_definition(db, word)


def test_a_word_that_has_been_kept_is_not_walked_again_and_the_next_one_only_where_it_is_new() -> None:
    sheet = Sheet()
    db = sheet.db
    db.execute("DELETE FROM change")
    sheet._seq.clear()
    last: tuple[bytes, ...] = ()
    for _ in range(300):
        sheet.change(ANN, last)
        last = (sheet.hash_of(OLD, last_seqs(db)[OLD]),)
    sheet.change(ANN, last, NEW)  # another machine of mine, whose only change nobody has
    db.execute("INSERT INTO receipt VALUES (?,?,1,x'')", (BENS, last[0]))
    keep_reached(db, MINE)
    assert steps(db, last[0]) < 500
    sheet.change(BEN, last)
    assert steps(db, sheet.hash_of(BENS, 1)) < 500


def steps(db: sqlite3.Connection, heads: bytes) -> int:
    """How many steps of SQLite's machine it takes to know what there is to a word."""
    taken = [0]

    def count() -> None:
        taken[0] += 1

    db.set_progress_handler(count, 1)
    reached(db, BENS, heads, MINE)
    db.set_progress_handler(None, 1)
    return taken[0]


def test_changes_are_counted_by_their_chains() -> None:
    sheet = Sheet()
    db = sheet.db
    for author in (ANN, BEN, ANN, CAT, ANN):
        sheet.change(author)
    (changes,) = db.execute("SELECT count(*) FROM change").fetchone()
    assert sum(last_seqs(db).values()) == changes
    mine = db.execute("SELECT actor, max(seq) FROM change WHERE actor = ?", (OLD,)).fetchall()
    assert last_seqs(db, MINE) == dict(mine)
    assert last_seqs(db, b"\xfe" * 32) == {}
