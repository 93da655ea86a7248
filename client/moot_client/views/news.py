"""What others did since one last looked, in groups: merges by name, who came and went, what is new.

Each group says how much there is, and names as much of it as is asked for. Only the newest changes are
looked at, however long one was away; counting reads no words.
What I did on another machine of mine is no news to me.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from moot_client.views.belonging import belonging
from moot_client.views.merges import Met
from moot_client.views.people import People
from moot_client.views.persons import persons
from moot_client.views.phrases import TodayLine, count, listed, some
from moot_client.views.rows import NEWER, record
from moot_client.views.taken_back import STANDS
from moot_shared.frozen import frozen, replace
from moot_shared.kinds import RECORDS
from moot_shared.text import shown_line

__all__ = ["Group", "TodayLine", "count", "listed", "news"]

_KNOWN = ("issue", "review", "lesson")
MOST = 100  # lines of one group, however many there are


@frozen
class Group:
    """Things of one sort: what they are called together, how many things there are, the first of them.

    A line is read when it is called for: of many groups only the first line of each is shown.
    """

    name: str
    label: str  # '2 new issues'
    rest: str  # what the others are called: '12 more new issues'
    total: int
    lines: tuple[Callable[[], TodayLine], ...]


@frozen
class _Thing:
    """A record that others made or changed."""

    key: str
    kind: str
    creator: str
    changed_by: str
    archived: bool
    new: bool


@frozen
class _News:
    """Where news are read from: the newest changes after the position `since`, by others than `mine`."""

    db: sqlite3.Connection
    known: People
    since: int
    mine: frozenset[str]

    def things(self) -> list[_Thing]:
        """The records, the last changed first."""
        rows = self.db.execute(_THINGS, (self.since, LOOKED_AT)).fetchall()
        found: dict[str, _Thing] = {}
        for key, kind, creator, changed_by, away, first in rows:
            thing = _Thing(key, kind, creator, changed_by, bool(away), first > self.since)
            found.setdefault(key, thing)
        return list(found.values())

    def said(self) -> dict[str, list[tuple[str, str]]]:
        """(about, author) of the statements by kind, the newest first."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for kind, author, about in self.db.execute(_STATEMENTS, (self.since, LOOKED_AT)):
            if author not in self.mine and about:
                found[kind].append((about, author))
        return found


LOOKED_AT = 3_000  # of the newest changed records, and as many statements: a figure beyond is 'over' so many
_THINGS = """
SELECT key, kind, creator, changed_by, archived,
       coalesce((SELECT min(position) FROM touch WHERE touch.key = record.key), touched)
FROM record WHERE touched > ? ORDER BY touched DESC LIMIT ?
"""
_STATEMENTS = f"""
SELECT kind, author, about FROM statement WHERE touched > ? AND {STANDS} ORDER BY touched DESC LIMIT ?
"""


def news(
    db: sqlite3.Connection,
    known: People,
    me: str,
    since: int,
    merged: Sequence[Met],
    first: int,
    opened: frozenset[str],
) -> Iterator[Group]:
    """What changed after the position `since`; the `first` few of each group, or all of one in `opened`.

    `merged` are the merges since then.
    """
    read = _News(db, known, since, frozenset(persons(db).keys(me)))

    def most(name: str) -> int:
        return MOST if name in opened else first

    yield from _sentences("merge", [met.news for met in merged], most("merge"))
    yield from _sentences("people", list(belonging(db, known, me, since)), most("people"))
    things = read.things()
    over = len(things) >= LOOKED_AT
    for kind, made in _made(read, things).items():
        yield _new(read, kind, made, most(f"new {kind}"), over)
    told = {met.key for met in merged}
    edited = [t for t in things if not t.new and t.changed_by not in read.mine and t.key not in told]
    if edited:
        yield _edits(read, edited, most("edit"), over)
    said = read.said()
    over = sum(map(len, said.values())) >= LOOKED_AT
    for kind, words in _SAID.items():
        if said[kind]:
            yield _said(read, kind, said[kind], words, most(kind), over)


def _sentences(name: str, lines: list[TodayLine], first: int) -> Iterator[Group]:
    if lines:
        words = "edited at the same time" if name == "merge" else "among the members"
        label = f"{len(lines)} {words}"
        yield Group(name, label, words, len(lines), tuple(partial(replace, line) for line in lines[:first]))


# -- records -----------------------------------------------------------------------------------------


def _made(read: _News, things: list[_Thing]) -> dict[str, list[_Thing]]:
    """What others made, by kind: what is asked for most often first."""
    found: dict[str, list[_Thing]] = {kind: [] for kind in _KNOWN}
    for thing in things:
        if thing.new and thing.creator not in read.mine and not thing.archived and thing.kind != "community":
            found.setdefault(thing.kind, []).append(thing)
    return {kind: made for kind, made in found.items() if made}


def _new(read: _News, kind: str, made: list[_Thing], first: int, over: bool) -> Group:
    one, many = f"new {kind}", f"new {RECORDS[kind].plural}" if kind in RECORDS else ""
    if kind not in RECORDS:
        one, many = f"thing {NEWER}", f"things {NEWER}"
    lines = tuple(
        partial(_line, read, one, thing.key, read.known[thing.creator].label) for thing in made[:first]
    )
    return Group(f"new {kind}", _figure(len(made), one, many, over), many, len(made), lines)


def _edits(read: _News, edited: list[_Thing], first: int, over: bool) -> Group:
    """Older things that others changed, but for those that are named as merges already."""
    lines = []
    for thing in edited[:first]:
        who = read.known[thing.changed_by].label
        side = f"put away, {who}" if thing.archived else who
        lines.append(partial(_line, read, "edited", thing.key, side))
    label = "edited" if len(edited) == 1 else _figure(len(edited), "edited", "edited", over)
    return Group("edit", label, "edited things", len(edited), tuple(lines))


# -- statements ---------------------------------------------------------------------------------------

_SAID: dict[str, tuple[str, str, str]] = {
    "note": ("review shared", "reviews shared", "reviews"),
    "vote": ("vote", "votes", "issues"),
    "pledge": ("pledge", "pledges", "issues"),
    "comment": ("comment", "comments", "things"),
    "use": ("lesson used", "lessons used", "lessons"),
}
_COUNTED = ("vote", "pledge")  # how many there are says more than who


def _said(
    read: _News, kind: str, said: list[tuple[str, str]], words: tuple[str, str, str], first: int, over: bool
) -> Group:
    """What others said about something: a line for each thing that it is about, the newest first."""
    one, many, rest = words
    about: dict[str, list[str]] = {}
    for key, author in said:
        about.setdefault(key, []).append(author)
    lines = tuple(
        partial(_line, read, one, key, count(len(by), one) if kind in _COUNTED else _names(read, by))
        for key, by in list(about.items())[:first]
    )
    shown = len(about) if kind in ("note", "use") else len(said)
    return Group(kind, _figure(shown, one, many, over), rest, len(about), lines)


def _figure(number: int, one: str, many: str, over: bool) -> str:
    return one if number == 1 else f"{'over ' if over and number > 1 else ''}{number:,} {many}"


def _names(read: _News, authors: list[str]) -> str:
    return some(sorted({read.known[key].label for key in authors}))


# -- lines ---------------------------------------------------------------------------------------------


def _line(read: _News, what: str, key: str, side: str) -> TodayLine:
    found = record(read.db, key)
    title = shown_line(found.row.title_line) if found else ""
    text = f"{what}: ‘{title}’ ({side})" if title else f"{what} ({side})"
    return TodayLine(text, key if found else "", what, title or "something that has not arrived yet", side)
