"""Today: what changed since one last looked, and what waits for me. Simple, and honest about merges.

It costs what is named: the rest is counted, off an index, however much there is.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice

from moot_client.store.positions import last_position
from moot_client.views.budget import purse
from moot_client.views.fitting import NAMED, ROOM, fitted
from moot_client.views.ledger import IssueRow
from moot_client.views.lessons import count_open, lessons
from moot_client.views.merges import UNSETTLED, Met, merges, to_settle, unsettled
from moot_client.views.news import news
from moot_client.views.people import People, people
from moot_client.views.phrases import TodayLine, count
from moot_client.views.questions import claims, proposals
from moot_client.views.ranking import without_dots
from moot_client.views.reviews import count_unshared, unshared
from moot_client.views.standing import gone
from moot_shared.frozen import frozen
from moot_shared.text import shown_line

__all__ = [
    "LAST_LOOK", "PUT_AWAY", "Today", "TodayLine",
    "last_look", "last_position", "looked", "put_away", "today",
]  # fmt: skip

LAST_LOOK = "last look"
PUT_AWAY = "put away"
AGENDA, LESSONS = "place/agenda", "place/lessons"  # what opens where a line is about several things
REVIEWS_ASKED = 10  # of the reviews that wait for me, how many are named
MOST_KEPT = 10_000  # records in which words met
LESSONS_ASKED = 3  # of the open lessons, how many are asked about at once: a reminder, not a list of duties


@frozen
class Today:
    """What a member sees first. `since` is Unix milliseconds of the last look, 0 for the first."""

    since: int
    changed: tuple[TodayLine, ...]
    waiting: tuple[TodayLine, ...]


def today(
    db: sqlite3.Connection,
    me: str,
    *,
    since_position: int,
    since: int,
    room: int = ROOM,
    opened: frozenset[str] = frozenset(),
    first: int | None = None,
) -> Today:
    """What changed after `since_position` by others, and what waits for me.

    The news take about `room` lines; groups that were `opened` (`TodayLine.more`) as many as they need.
    Where the `first` so many lines of all are enough, what would come after them is not looked for.
    """
    known = people(db, me)
    met = list(merges(db, known, me, since_position))
    changed = fitted(tuple(news(db, known, me, since_position, met, NAMED + 1, opened)), room, opened)
    left = None if first is None else max(first - len(changed), 0)
    return Today(since, changed, tuple(islice(_waiting(db, known, me, met), left)))


def looked(db: sqlite3.Connection, me: str, now: int) -> dict[str, object]:
    """What this machine keeps of a look at Today that ends `now`: values of its own, by name."""
    position = last_position(db)
    known = people(db, me)
    new = merges(db, known, me, last_look(db)[0], MOST_KEPT)
    keys = [met.key for met in unsettled(db, known, me, new)]
    return {UNSETTLED: keys[:MOST_KEPT], LAST_LOOK: (position, now)}


def last_look(db: sqlite3.Connection) -> tuple[int, int]:
    """What this machine keeps as its own value LAST_LOOK: position and Unix milliseconds; 0, 0 before."""
    row = db.execute("SELECT value FROM own WHERE name = ?", ("own " + LAST_LOOK,)).fetchone()
    position, at = json.loads(row[0]) if row else (0, 0)
    return position, at


def anything_listed(db: sqlite3.Connection) -> bool:
    """Whether there is any issue here, open or not."""
    return db.execute("SELECT 1 FROM record WHERE kind = 'issue' LIMIT 1").fetchone() is not None


def put_away(db: sqlite3.Connection) -> set[str]:
    """Questions that this member has put away on this machine: they are not asked again in Today."""
    row = db.execute("SELECT value FROM own WHERE name = ?", ("own " + PUT_AWAY,)).fetchone()
    return set(json.loads(row[0])) if row else set()


def _waiting(db: sqlite3.Connection, known: People, me: str, met: Sequence[Met]) -> Iterator[TodayLine]:
    over = gone(db, me)
    if over:  # nothing waits for somebody whom nobody would hear
        yield TodayLine(f"{over}: what is here stays yours to read")
        return
    yield from _asked_of_me(db, known, me)
    yield from to_settle(unsettled(db, known, me, met))
    yield from _to_do(db, me)


def _asked_of_me(db: sqlite3.Connection, known: People, me: str) -> Iterator[TodayLine]:
    away = put_away(db)
    for proposal in proposals(db, known, me):
        if proposal.open_to_me and proposal.target not in away:
            who = "you" if proposal.whom.me else proposal.whom.label
            yield TodayLine(
                f"{proposal.by.label} proposes {who} as a convenor: do you agree?", proposal.target
            )
    for claim in claims(db, known, me):
        if claim.open_to_me and claim.target not in away:
            yield TodayLine(
                f"{claim.later.label} says that they were {claim.earlier.label} before: do you know it?",
                claim.target,
            )


def _to_do(db: sqlite3.Connection, me: str) -> Iterator[TodayLine]:
    mine = purse(db, me)
    if mine.not_counted:
        verb = "is" if mine.not_counted == 1 else "are"
        over = f"{count(mine.not_counted, 'dot')} of yours {verb} not counted"
        yield TodayLine(f"{over}: you have {mine.budget}. Take some back", AGENDA)
    without, best = without_dots(db, me) if mine.left else (0, None)
    if best:
        yield _vote(without, best, mine.left)
    yield from _reviews(db, me)
    open_lessons = count_open(db)
    for lesson in lessons(db, me, first=min(LESSONS_ASKED, open_lessons)):
        since = " since" if lesson.uses else ""
        title = shown_line(lesson.statement)
        yield TodayLine(f"‘{title}’: used it anywhere{since}?", lesson.key, named=title)
    if open_lessons > LESSONS_ASKED:
        yield TodayLine(f"{count(open_lessons - LESSONS_ASKED, 'more lesson')} still open", LESSONS)


def _reviews(db: sqlite3.Connection, me: str) -> Iterator[TodayLine]:
    rows = unshared(db, me, REVIEWS_ASKED)
    for review in rows:
        begun = "share what you wrote on" if review.draft else "write your part of"
        shared = count(review.shared, "member")
        title = shown_line(review.title)
        yield TodayLine(f"{begun} ‘{title}’: {shared} shared", review.key, named=title)
    rest = count_unshared(db, me) - len(rows) if len(rows) == REVIEWS_ASKED else 0
    if rest:
        yield TodayLine(f"{count(rest, 'more review')} to write your part of", LESSONS)


def _vote(without: int, first: IssueRow, left: int) -> TodayLine:
    """One issue opens; several are the agenda, where all of them stand."""
    dots = f"{count(left, 'dot')} left"
    if without == 1:
        title = shown_line(first.title)
        return TodayLine(f"vote on ‘{title}’ ({dots})", first.key, named=title)
    return TodayLine(f"vote on the agenda ({count(without, 'issue')} without your dots, {dots})", AGENDA)
