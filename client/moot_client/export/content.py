"""What there is to write: records, statements and members, read once and in an order that stays."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from moot_client.home import Place
from moot_client.views.community import CommunityView, community
from moot_client.views.lessons import states
from moot_client.views.people import People, people
from moot_client.views.pictures import Activity, AgendaMap, activity, agenda_map
from moot_client.views.reviews import alone
from moot_client.views.rows import STATEMENT, Said, Stored, all_records, said
from moot_shared.kinds import Record, Statement


@dataclass(frozen=True, slots=True)
class Spoken:
    """A statement as its kind, with its text as it was said and what else its author said at once."""

    row: Said[Statement]
    text: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A community whole. `about` maps record keys to what was said about them; `alone` are the reviews in
    which whoever exports has yet to share a part.
    """

    place: Place
    community: CommunityView
    people: People
    records: tuple[Stored[Record], ...]
    statements: tuple[Spoken, ...]
    about: dict[str, list[Spoken]]
    alone: frozenset[str]
    titles: dict[str, str]
    states: dict[str, str]
    invites: tuple[dict[str, Any], ...]
    map: AgendaMap
    activity: Activity


def read(db: sqlite3.Connection, place: Place) -> Content:
    """Everything, from rows."""
    spoken = tuple(
        Spoken(said(row), row[2], tuple(json.loads(others)))
        for *row, others in db.execute(f"SELECT {STATEMENT}, others FROM statement ORDER BY key")
    )
    about: dict[str, list[Spoken]] = defaultdict(list)
    for one in spoken:
        if one.row.row.about:
            about[one.row.row.about].append(one)
    columns = ("key", "author", "role", "uses", "expires", "revoked", "used")
    invites = db.execute(f"SELECT {', '.join(columns)} FROM invite ORDER BY key").fetchall()
    records = tuple(all_records(db))
    return Content(
        place=place,
        community=community(db),
        people=people(db, place.key_text),
        records=records,
        statements=spoken,
        about=about,
        alone=frozenset(key for key in about if alone(db, place.key_text, key)),
        titles={str(stored.row.key): stored.row.title_line for stored in records},
        states=states(db),
        invites=tuple(dict(zip(columns, row, strict=True)) for row in invites),
        map=agenda_map(db, place.key_text),
        activity=activity(db),
    )
