"""What others did since one last looked, in groups: merges by name, who came and went, what is new.

Each group says how much there is, and names as much of it as is asked for; counting reads no words.
What I did on another machine of mine is no news to me.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from moot_client.views.belonging import belonging
from moot_client.views.merges import merges
from moot_client.views.people import People
from moot_client.views.persons import persons
from moot_client.views.phrases import TodayLine, count, listed, some
from moot_client.views.rows import NEWER, record
from moot_shared.kinds import RECORDS
from moot_shared.text import shown_line

__all__ = ["Group", "TodayLine", "count", "listed", "news"]

_KNOWN = ("issue", "review", "lesson")
MOST = 100  # lines of one group, however many there are


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one sort: what they are called together, how many things there are, the first of them."""

    name: str
    label: str  # '2 new issues'
    rest: str  # what the others are called: '12 more new issues'
    total: int
    lines: tuple[TodayLine, ...]


@dataclass(frozen=True, slots=True)
class _News:
    """Where news are read from: changes after the position `since`, by others than `mine`."""

    db: sqlite3.Connection
    known: People
    me: str
    since: int
    mine: tuple[str, ...]

    @property
    def others(self) -> str:
        """Placeholders for my own keys."""
        return ",".join("?" * len(self.mine))


def news(
    db: sqlite3.Connection, known: People, me: str, since: int, first: int, opened: frozenset[str]
) -> Iterator[Group]:
    """What changed after the position `since`; the `first` few of each group, or all of one in `opened`."""
    read = _News(db, known, me, since, tuple(persons(db).keys(me)))

    def most(name: str) -> int:
        return MOST if name in opened else first

    merged = list(merges(db, known, me, since))
    yield from _sentences("merge", [line for _, line in merged], most("merge"))
    yield from _sentences("people", list(belonging(db, known, me, since)), most("people"))
    for kind in _new_kinds(read):
        yield _new(read, kind, most(f"new {kind}"))
    yield from _edits(read, {key for key, _ in merged}, most("edit"))
    for kind, words in _SAID.items():
        yield from _said(read, kind, words, most(kind))


def _sentences(name: str, lines: list[TodayLine], first: int) -> Iterator[Group]:
    if lines:
        words = "edited at once" if name == "merge" else "among the members"
        label = f"{len(lines)} {words}"
        yield Group(name, label, words, len(lines), tuple(lines[:first]))


# -- records -----------------------------------------------------------------------------------------

_FIRST = "coalesce((SELECT min(position) FROM touch WHERE touch.key = record.key), record.touched)"


def _new_kinds(read: _News) -> list[str]:
    """The kinds of which others made something, what is asked for most often first."""
    found = read.db.execute(
        f"SELECT DISTINCT kind FROM record WHERE touched > ? AND creator NOT IN ({read.others})"
        f" AND kind != 'community' AND NOT archived AND {_FIRST} > ?",
        (read.since, *read.mine, read.since),
    )
    kinds = sorted(kind for (kind,) in found)
    return [*(kind for kind in _KNOWN if kind in kinds), *(kind for kind in kinds if kind not in _KNOWN)]


def _new(read: _News, kind: str, first: int) -> Group:
    narrowed = f"kind = ? AND touched > ? AND creator NOT IN ({read.others}) AND NOT archived"
    narrowed += f" AND {_FIRST} > ?"
    parameters = (kind, read.since, *read.mine, read.since)
    total = read.db.execute(f"SELECT count(DISTINCT key) FROM record WHERE {narrowed}", parameters)
    rows = read.db.execute(
        f"SELECT DISTINCT key, creator FROM record WHERE {narrowed} ORDER BY touched DESC LIMIT ?",
        (*parameters, first),
    ).fetchall()
    number = int(total.fetchone()[0])
    one, many = f"new {kind}", f"new {RECORDS[kind].plural}" if kind in RECORDS else ""
    if kind not in RECORDS:
        one, many = f"thing {NEWER}", f"things {NEWER}"
    lines = tuple(_line(read, one, key, read.known[creator].label) for key, creator in rows)
    return _labelled(f"new {kind}", number, one, many, lines)


def _edits(read: _News, told: set[str], first: int) -> Iterator[Group]:
    """Older things that others changed, but for those that are named as merges already."""
    narrowed = f"touched > ? AND changed_by NOT IN ({read.others}) AND {_FIRST} <= ?"
    narrowed += f" AND key NOT IN ({','.join('?' * len(told))})"
    parameters = (read.since, *read.mine, read.since, *sorted(told))
    total = read.db.execute(f"SELECT count(DISTINCT key) FROM record WHERE {narrowed}", parameters)
    number = int(total.fetchone()[0])
    if not number:
        return
    rows = read.db.execute(
        f"SELECT DISTINCT key, changed_by, archived FROM record WHERE {narrowed}"
        " ORDER BY touched DESC LIMIT ?",
        (*parameters, first),
    ).fetchall()
    lines = tuple(
        _line(read, "edited", key, f"put away, {read.known[by].label}" if away else read.known[by].label)
        for key, by, away in rows
    )
    yield Group("edit", f"{number} edited" if number > 1 else "edited", "edited things", number, lines)


# -- statements ---------------------------------------------------------------------------------------

_SAID: dict[str, tuple[str, str, str]] = {
    "note": ("review shared", "reviews shared", "reviews"),
    "vote": ("vote", "votes", "issues"),
    "pledge": ("pledge", "pledges", "issues"),
    "comment": ("comment", "comments", "things"),
    "use": ("lesson used", "lessons used", "lessons"),
}
_COUNTED = ("vote", "pledge")  # how many there are says more than who


def _said(read: _News, kind: str, words: tuple[str, str, str], first: int) -> Iterator[Group]:
    """What others said about something: a line for each thing that it is about, the newest first."""
    narrowed = f"kind = ? AND touched > ? AND author NOT IN ({read.others}) AND about != ''"
    parameters = (kind, read.since, *read.mine)
    number, things = read.db.execute(
        f"SELECT count(*), count(DISTINCT about) FROM statement WHERE {narrowed}", parameters
    ).fetchone()
    if not number:
        return
    rows = read.db.execute(
        f"SELECT about, count(*), group_concat(DISTINCT author) FROM statement WHERE {narrowed}"
        " GROUP BY about ORDER BY max(touched) DESC, about LIMIT ?",
        (*parameters, first),
    )
    one, many, rest = words
    lines = tuple(
        _line(read, one, about, count(said, one) if kind in _COUNTED else _names(read, authors))
        for about, said, authors in rows
    )
    shown = things if kind in ("note", "use") else number
    yield Group(kind, f"{shown} {many}" if shown > 1 else one, rest, things, lines)


def _names(read: _News, authors: str) -> str:
    return some(sorted({read.known[key].label for key in authors.split(",")}))


# -- lines ---------------------------------------------------------------------------------------------


def _line(read: _News, what: str, key: str, side: str) -> TodayLine:
    found = record(read.db, key)
    title = shown_line(found.row.title_line) if found else ""
    text = f"{what}: ‘{title}’ ({side})" if title else f"{what} ({side})"
    return TodayLine(text, key if found else "", what, title or "something that has not arrived yet", side)


def _labelled(name: str, number: int, one: str, many: str, lines: tuple[TodayLine, ...]) -> Group:
    return Group(name, one if number == 1 else f"{number} {many}", many, number, lines)
