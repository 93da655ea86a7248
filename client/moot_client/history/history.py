"""All that was done to one thing, as events, the newest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from moot_client.history import phrases, retell
from moot_client.history.moments import Moment, Reader, moments
from moot_client.history.replay import Replay, State, Written
from moot_client.history.together import Together
from moot_client.projection.rows import AT, author
from moot_client.projection.rows import moment as time_of
from moot_client.views.people import Member, People, people
from moot_client.views.reviews import alone
from moot_client.views.rows import record
from moot_shared.errors import NotFound
from moot_shared.format.change import OpId
from moot_shared.ids import StatementKey
from moot_shared.kinds import RECORDS, STATEMENTS, ProseText

FIRST = 300
"""How many events are told at once."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that somebody did. `number` counts from the oldest; it can grow when older words arrive.

    `at` is Unix milliseconds by the writer's clock (0: not known), shown and nothing else. `written` is what
    changed; `state` is how the record stood then, `prior` how before (None for a statement). `beside` are
    those who changed it at the same time, without knowing of this. `statement` is the key of what was said,
    `values` its fields. `id` is the same for good.
    """

    id: str
    number: int
    who: Member
    at: int
    what: str
    written: tuple[Written, ...] = ()
    beside: tuple[Member, ...] = ()
    state: State | None = None
    prior: State | None = None
    statement: str = ""
    values: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Events, the newest first, and how many older ones there are. `now` is how the record stands, and
    `base` which paragraphs each of its prose fields has now, so that nothing newer is written over.
    """

    key: str
    title: str
    events: tuple[Event, ...]
    earlier: int = 0
    now: State = field(default_factory=dict)
    base: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def event(self, number: int) -> Event:
        """One event by its number; NotFound names those that there are."""
        for found in self.events:
            if found.number == number:
                return found
        raise NotFound(f"There is no version {number} here. moot history lists them.")


def history(db: sqlite3.Connection, me: str, key: str, first: int = FIRST) -> History:
    """The newest `first` events of a record and of what was said about it; of a member (`member/<key
    text>`), what they said of themself. NotFound where nothing is known of it.
    """
    every = moments(db, key)
    if not every:
        raise NotFound("Nothing is known here of what was done to this.")
    told = _Telling(db, me, people(db, me), key, every)
    events = told.events(max(len(every) - first, 0))
    now, base = _stands(db, key)
    return History(key, told.title, tuple(reversed(events)), max(len(every) - first, 0), now, base)


def _stands(db: sqlite3.Connection, key: str) -> tuple[State, dict[str, tuple[str, ...]]]:
    found = record(db, key)
    if found is None:
        return {}, {}
    prose = {n: v for n, v in found.row.values.items() if isinstance(v, ProseText)}
    texts = {n: tuple(p.text for p in v.paragraphs) for n, v in prose.items()}
    base = {n: tuple(p.element for p in v.paragraphs) for n, v in prose.items()}
    return {**found.row.values, **texts}, base


class _Telling:
    """The moments of one thing, told in order."""

    def __init__(self, db: sqlite3.Connection, me: str, known: People, key: str, every: list[Moment]) -> None:
        self._db, self._known, self._key, self._every = db, known, key, every
        self._reader = Reader(db)
        self._kind = key.split("/", 1)[0]
        found = record(db, key)
        self._record = OpId(*_operation(found.id)) if found else None
        self.title = found.row.title_line if found else known[key.rsplit("/", 1)[-1]].label
        self._alone = alone(db, me, key)
        self._titles: dict[str, str] = {}
        self._together = Together()
        self._stood: dict[str, set[Any]] = {}  # how each field of the record has read so far

    def events(self, skipped: int) -> list[Event]:
        """From the oldest on; those before `skipped` are only gone through where others need them."""
        told: list[Event] = []
        replay = Replay(self._record) if self._record else None
        before: dict[str, Moment] = {}
        for number, moment in enumerate(self._every, 1):
            if moment.key == self._key:
                if replay is not None:
                    self._edited(told, replay, number, moment)
            elif number > skipped:
                told.append(self._said(number, moment, before.get(moment.key)))
            before[moment.key] = moment
        return [event for event in told if event.number > skipped]

    # -- the record ---------------------------------------------------------------------------

    def _edited(self, told: list[Event], replay: Replay, number: int, moment: Moment) -> None:
        change = self._reader.change(moment)
        made, prior = replay.made, replay.state()
        written = tuple(replay.take(change))
        mine = [o for o in change.operations if o.obj == self._record and o.key == AT]
        at = time_of(mine[-1].value, 0) if mine else 0
        who = self._known[author(change.actor)]
        met = self._together.met(mine, len(told)) if mine else ()
        state = replay.state()
        what = phrases.done(self._kind, written, made=not made, back=self._back(written, prior, state))
        event = Event(
            moment.id, number, who, at, what, written,
            tuple(dict.fromkeys(told[place].who for place in met)), state, prior,
        )  # fmt: skip
        for place in met:
            known = told[place]
            if who not in known.beside:
                told[place] = replace(known, beside=(*known.beside, who))
        told.append(event)

    def _back(self, written: Sequence[Written], prior: State, state: State) -> set[str]:
        """Which fields read again as they did once, and not just before."""
        back = set()
        for name in (each.field for each in written):
            reads = state.get(name)
            stood = self._stood.setdefault(name, set())
            if reads and reads in stood and reads != prior.get(name):
                back.add(name)
            stood.add(reads)
        return back

    # -- what was said ------------------------------------------------------------------------

    def _said(self, number: int, moment: Moment, last: Moment | None) -> Event:
        key = StatementKey.parse(moment.key)
        old = retell.said_in(self._reader, last) if last else None
        new = retell.said_in(self._reader, moment)
        words = phrases.said(key.kind, key.subject, old, new, self._other(new))
        at = time_of((new or {}).get(AT), 0)
        who = self._known[key.author]
        if self._alone and key.kind == "note" and not who.me:
            return Event(moment.id, number, who, at, words)  # what they wrote is read once I have written
        return Event(
            moment.id, number, who, at, words, retell.written(key, old, new),
            statement=moment.key, values=new,
        )  # fmt: skip

    def _other(self, values: Mapping[str, Any] | None) -> str:
        """The title of another record that a statement names."""
        key = str((values or {}).get("to", ""))
        if key and key not in self._titles:
            found = record(self._db, key)
            self._titles[key] = found.row.title_line if found else ""
        return self._titles.get(key, "")


def _operation(text: str) -> tuple[int, bytes]:
    counter, _, actor = text.partition("@")
    return int(counter), bytes.fromhex(actor)


def label(kind: str, name: str) -> str:
    """What a field is called: 'How it is now'; a field of a newer Moot by its own name."""
    for declared in (RECORDS.get(kind), STATEMENTS.get(kind)):
        if declared is not None and name in declared.fields:
            return declared.fields[name].label
    return name
