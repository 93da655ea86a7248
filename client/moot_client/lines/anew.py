"""All lines from scratch: what they are by definition. Everything else here keeps them so at less cost."""

from __future__ import annotations

import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from moot_client.lines import ballots, issues, lessons, reviews, ties
from moot_client.lines.follow import title_of
from moot_client.lines.table import KINDS, basis, set_basis
from moot_client.store.lines import LINE_TABLES
from moot_client.store.positions import last_position
from moot_client.views.budget import counted, living
from moot_client.views.community import community
from moot_client.views.ids import Ids
from moot_client.views.rows import records, statements
from moot_shared.kinds import Issue, Lesson, Note, Pledge, Review, Use, Vote

PERSONS, NOBODY = "persons", "[]"
"""In `basis`: who is one person with whom, by which statements are folded."""

Line = dict[str, Any]
Lines = dict[str, Line]
"""Lines of one table by key; with `altered` where they are read off it."""


def settle(db: sqlite3.Connection) -> None:
    """Persons or the founder may be others now: what was counted by them is counted anew."""
    if basis(db, PERSONS, NOBODY) == _persons(db):
        ballots.settle_budget(db, last_position(db))
    else:
        make_anew(db, lines_of(db), last_position(db))


def lines_of(db: sqlite3.Connection) -> dict[str, Lines]:
    """All lines as they are, by table: to hand to `make_anew`."""
    return {table: _lines(db, table) for table in KINDS.values()}


def make_anew(db: sqlite3.Connection, before: Mapping[str, Lines], position: int) -> None:
    """Every line, from records and statements. Those that are as they were `before` are not altered by it."""
    gone = db.execute("SELECT * FROM gone_line").fetchall()
    for table in LINE_TABLES:
        db.execute(f"DELETE FROM {table}")
    db.executemany("INSERT INTO gone_line VALUES (?,?,?)", gone)
    set_basis(db, PERSONS, _persons(db), NOBODY)
    _count_ballots(db)
    _count_words(db)
    ids = Ids(db)
    for kind, lines in (
        ("issue", _issues(db, ids)),
        ("review", _reviews(db, ids)),
        ("lesson", _lessons(db, ids)),
    ):
        made = {line["key"]: line for line in lines}
        _write(db, KINDS[kind], made, before[KINDS[kind]], position)
        left = [(key, kind, position) for key in before[KINDS[kind]] if key not in made]
        db.executemany("INSERT OR REPLACE INTO gone_line VALUES (?,?,?)", left)


def _persons(db: sqlite3.Connection) -> str:
    return json.dumps(db.execute("SELECT key, later FROM person ORDER BY key").fetchall())


def _count_ballots(db: sqlite3.Connection) -> None:
    budget, alive = community(db).vote_budget, living(db)
    ballots.set_budget(db, budget)
    dots, hours, spent = (
        dict[tuple[str, str], int](),
        dict[tuple[str, str], float](),
        defaultdict[str, int](int),
    )
    for vote in statements(db, Vote):
        if ballots.on_an_issue(vote.row.key.subject) and vote.row.dots:
            dots[vote.row.author, vote.row.key.subject] = vote.row.dots
    for pledge in statements(db, Pledge):
        if ballots.on_an_issue(pledge.row.key.subject) and pledge.row.hours:
            hours[pledge.row.author, pledge.row.key.subject] = pledge.row.hours
    within = counted([(person, issue, given) for (person, issue), given in dots.items()], alive, budget)
    for (person, issue), given in dots.items():
        if issue in alive:
            spent[person] += given
    db.executemany(
        "INSERT INTO ballot VALUES (?,?,?,?,?,?)",
        [
            (pair[1], pair[0], dots.get(pair, 0), hours.get(pair, 0.0), pair[1] in alive, within.get(pair, 0))
            for pair in sorted({*dots, *hours})
        ],
    )  # fmt: skip
    db.executemany("INSERT INTO purse VALUES (?,?)", sorted(spent.items()))


def _count_words(db: sqlite3.Connection) -> None:
    notes = (note.row for note in statements(db, Note))
    shared = {(note.about, note.author) for note in notes if note.about and note.text}
    db.executemany("INSERT INTO share VALUES (?,?)", sorted(shared))
    for use in statements(db, Use):
        if use.row.about and (said := lessons.use(use.row.values)):
            where = (use.row.about, use.row.key.subject, use.row.author)
            db.execute("INSERT INTO used VALUES (?,?,?,?,?)", (*where, *said))
    for key, value in db.execute("SELECT key, value FROM statement WHERE kind = 'link'").fetchall():
        ties.tied(db, key, None, value)


def _issues(db: sqlite3.Connection, ids: Ids) -> Iterator[Line]:
    alive, lasts = living(db), _last_words(db, issues.WAYS)
    remarks = defaultdict[str, int](int)
    for about, value in db.execute("SELECT about, value FROM statement WHERE kind = 'comment'"):
        remarks[about] += issues.has_words(value)
    given = defaultdict[str, list[tuple[int, int, float]]](list)
    for issue, *ballot in db.execute("SELECT issue, counted, dots, hours FROM ballot"):
        given[issue].append(tuple(ballot))
    for issue in records(db, Issue):
        key = str(issue.row.key)
        yield {
            **issues.own(issue, ids.short(issue.row.key.handle), living=key in alive),
            "dots": sum(within for within, _, _ in given[key]),
            "hours": math.fsum(hours for _, _, hours in given[key]),
            "voters": sum(dots > 0 for _, dots, _ in given[key]),
            "comments": remarks[key],
            "touched": max(issue.touched, lasts.get(key, 0)),
        }


def _reviews(db: sqlite3.Connection, ids: Ids) -> Iterator[Line]:
    shared = dict(db.execute("SELECT review, count(*) FROM share GROUP BY review"))
    lasts = _last_words(db, reviews.WAYS)
    for review in records(db, Review):
        key, title = str(review.row.key), title_of(db, review.row.issue) or ""
        yield {
            **reviews.own(review, ids.short(review.row.key.handle), title),
            "shared": shared.get(key, 0),
            "touched": max(review.touched, lasts.get(key, 0)),
        }


def _lessons(db: sqlite3.Connection, ids: Ids) -> Iterator[Line]:
    lasts = _last_words(db, lessons.WAYS)
    for lesson in records(db, Lesson):
        key, title = str(lesson.row.key), title_of(db, lesson.row.source)
        yield {
            **lessons.own(lesson, ids.short(lesson.row.key.handle), title),
            **lessons.state_of(db, key),
            "touched": max(lesson.touched, lasts.get(key, 0)),
        }


def _last_words(db: sqlite3.Connection, kinds: tuple[str, ...]) -> dict[str, int]:
    marks = ", ".join("?" * len(kinds))
    said = f"SELECT about, max(touched) FROM statement WHERE kind IN ({marks}) GROUP BY about"
    return dict(db.execute(said, kinds))


def _lines(db: sqlite3.Connection, table: str) -> Lines:
    names = [name for _, name, *_ in db.execute(f"PRAGMA table_info({table})")]
    lines = (
        dict(zip(names, row, strict=True)) for row in db.execute(f"SELECT {', '.join(names)} FROM {table}")
    )
    return {line["key"]: line for line in lines}


def _write(db: sqlite3.Connection, table: str, made: Lines, before: Lines, position: int) -> None:
    for key, line in made.items():
        old = before.get(key, {})
        same = all(old.get(name) == value for name, value in line.items())
        line["altered"] = old["altered"] if same and old else position
        marks = ", ".join(f":{name}" for name in line)
        db.execute(f"INSERT INTO {table} ({', '.join(line)}) VALUES ({marks})", line)
