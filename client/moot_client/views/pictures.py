"""What pictures of a community show: issues by dots and hours, and words week by week. Never persons.

Both are bounded: so many issues, so many weeks. Both are the same on every machine with the same changes,
but for the dots of one's own.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass

from moot_client.views.ranking import agenda
from moot_client.views.taken_back import STANDS

MOST_ISSUES = 500
LEAST_WEEKS, MOST_WEEKS = 12, 53
WEEK_MS = 7 * 86_400_000
LATEST = 253_000_000_000_000  # in the year 9987: no calendar here goes much further
_MONDAY_MS = 4 * 86_400_000  # 1 January 1970 was a Thursday

KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "issues": ("record", ("issue",)),
    "votes and hours": ("statement", ("vote", "pledge")),
    "comments": ("statement", ("comment",)),
    "reviews": ("statement", ("note",)),
    "lessons": ("record", ("lesson",)),
    "uses of lessons": ("statement", ("use",)),
}
"""What is counted, and where it stands; never what was taken back. A review counts by what members wrote."""


@dataclass(frozen=True, slots=True)
class Point:
    """One issue. `care`: it has dots, and nobody would give an hour; `mine`: my own dots on it."""

    key: str
    id: str
    title: str
    dots: int
    hours: float
    mine: int
    care: bool


@dataclass(frozen=True, slots=True)
class AgendaMap:
    """Open issues that have dots or hours, the most telling first; how many have neither, or had no room."""

    points: tuple[Point, ...]
    neither: int
    more: int = 0


@dataclass(frozen=True, slots=True)
class Activity:
    """Words a week, of all together: `counts` has a number a week for each of KINDS.

    `first` is the Monday with which the first week begins, in Unix milliseconds; `outside` are words that
    were said at no time that this shows.
    """

    first: int
    counts: dict[str, tuple[int, ...]]
    outside: int = 0

    @property
    def weeks(self) -> int:
        """How many weeks it shows."""
        return max(map(len, self.counts.values()), default=0)


def agenda_map(db: sqlite3.Connection, me: str, most: int = MOST_ISSUES) -> AgendaMap:
    """Where the open issues are."""
    view = agenda(db, me, first=most)
    shown = [row for row in view.rows if row.dots or row.hours]
    points = [
        Point(row.key, row.id, row.title, row.dots, row.hours, row.my_dots, row.nobody) for row in shown
    ]
    beyond = max(view.total - len(view.rows), 0)
    every = len(view.rows) == len(shown)
    return AgendaMap(
        points=tuple(sorted(points, key=telling)),
        neither=0 if every else len(view.rows) - len(shown) + beyond,
        more=beyond if every else 0,
    )


def telling(point: Point) -> tuple[bool, int, float, str, str]:
    """The order in which points are named: what nobody would work on, then by dots and hours."""
    return not point.care, -point.dots, -point.hours, point.title.casefold(), point.key


def activity(db: sqlite3.Connection, until: int | None = None) -> Activity:
    """The last weeks up to the one of `until` (Unix milliseconds), or to the last in which much was said.

    Times are as their authors' clocks had them. Without `until`, few words of a clock that goes far wrong
    do not stretch the picture.
    """
    found = {name: _by_week(db, table, kinds) for name, (table, kinds) in KINDS.items()}
    all_of_them = Counter[int]()
    for weeks in found.values():
        all_of_them.update(weeks)
    last = _last(all_of_them) if until is None else _week(until)
    if last is None or not all_of_them:
        return Activity(0, {})
    earliest = min((week for week in all_of_them if last - MOST_WEEKS < week <= last), default=last)
    earliest = min(earliest, last + 1 - LEAST_WEEKS)
    window = range(earliest, last + 1)
    counts = {name: tuple(weeks[week] for week in window) for name, weeks in found.items()}
    inside = sum(map(sum, counts.values()))
    return Activity(earliest * WEEK_MS - 3 * 86_400_000, counts, sum(all_of_them.values()) - inside)


def _week(ms: int) -> int:
    return (ms + WEEK_MS - _MONDAY_MS) // WEEK_MS


def _by_week(db: sqlite3.Connection, table: str, kinds: tuple[str, ...]) -> Counter[int]:
    """week -> how many; SQLite counts. Words at no time that a calendar has are left out."""
    when, stands = ("created", "1") if table == "record" else ("said", STANDS)
    rows = db.execute(
        f"SELECT ({when} + {WEEK_MS - _MONDAY_MS}) / {WEEK_MS}, count(*) FROM {table}"
        f" WHERE kind IN ({', '.join('?' * len(kinds))}) AND {when} BETWEEN 1 AND {LATEST}"
        f" AND {stands} GROUP BY 1",
        kinds,
    )
    return Counter(dict(rows.fetchall()))


def _last(weeks: Counter[int]) -> int | None:
    """The last week before which nearly all was said, or one not long after it."""
    left = sum(weeks.values()) * 95 / 100
    nearly = None
    for week in sorted(weeks):
        if nearly is None:
            left -= weeks[week]
            nearly = week if left <= 0 else None
    return None if nearly is None else max(week for week in weeks if week <= nearly + MOST_WEEKS // 2)
