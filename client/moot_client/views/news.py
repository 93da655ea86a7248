"""What others did since one last looked: merges by name first, then what is new, counted."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator

from moot_client.views.belonging import belonging
from moot_client.views.people import People
from moot_client.views.phrases import TodayLine, count, listed
from moot_client.views.rows import NEWER, RECORD, Stored, stored
from moot_shared.ids import KEY_BYTES, encode_bytes
from moot_shared.kinds import RECORDS, ProseText, Record
from moot_shared.text import shown_line

__all__ = ["TodayLine", "at_once", "count", "listed", "news"]


def news(db: sqlite3.Connection, known: People, me: str, since: int) -> Iterator[TodayLine]:
    """What changed after the position `since`, by others than me."""
    touched = [
        stored(row)
        for row in db.execute(
            f"SELECT {RECORD} FROM record WHERE touched > ? ORDER BY touched DESC", (since,)
        )
    ]
    for record in touched:
        writers = at_once(db, record)
        if writers:
            yield TodayLine(_merge(known, me, writers, record.row.title_line), str(record.row.key))
    yield from belonging(db, known, me, since)
    counted = [*_new_records(db, touched, me, since), *_said(db, me, since)]
    if counted:
        yield TodayLine(" · ".join(text for text, _ in counted), next((t for _, t in counted if t), ""))


def at_once(db: sqlite3.Connection, record: Stored[Record]) -> set[str]:
    """Key texts of those whose words stand side by side in a record, or stood at the same time."""
    writers = {
        paragraph.author
        for value in record.row.values.values()
        if isinstance(value, ProseText)
        for paragraph in value.paragraphs
        if paragraph.doubled
    }
    for field in record.row.others:
        cells = db.execute("SELECT actor FROM cell WHERE object = ? AND key = ?", (record.id, field))
        writers |= {encode_bytes(actor[:KEY_BYTES]) for (actor,) in cells}
    return writers


def _merge(known: People, me: str, writers: set[str], title: str) -> str:
    others = sorted(known[key].label for key in writers if key != me)
    names = [*others, "you"] if me in writers else others
    what = f"edited ‘{shown_line(title)}’"
    both = "both " if len(names) == 2 else ""
    if len(names) < 2:
        who = "You" if me in writers else listed(names)
        return f"{who} {what} on two machines: both kept"
    return f"{listed(names)} {both}{what}: {both.strip() or 'all'} kept"


def _new_records(
    db: sqlite3.Connection, touched: list[Stored[Record]], me: str, since: int
) -> Iterator[tuple[str, str]]:
    """Things that others made, by kind; edits of older ones as one number."""
    spans: dict[bytes, list[tuple[int, int]]] = defaultdict(list)
    for actor, first, last in db.execute(
        "SELECT actor, start_op, last_op FROM change WHERE position > ?", (since,)
    ):
        spans[actor].append((first, last))
    made: dict[str, list[str]] = defaultdict(list)
    edited = []
    for record in touched:
        counter, _, actor = record.id.partition("@")
        new = any(first <= int(counter) <= last for first, last in spans.get(bytes.fromhex(actor), ()))
        if new and record.row.key.creator != me and record.row.key.kind != "community":
            made[record.row.key.kind].append(str(record.row.key))
        elif not new and record.row.changed_by != me:
            edited.append(str(record.row.key))
    for kind in sorted(made, key=lambda kind: (kind not in ("issue", "review", "lesson"), kind)):
        yield _new(len(made[kind]), kind), made[kind][0]
    if edited:
        yield count(len(edited), "edit"), edited[0]


def _new(number: int, kind: str) -> str:
    declared = RECORDS.get(kind)
    if declared is None:
        return f"{count(number, 'thing')} {NEWER}"
    return f"{number} new {kind if number == 1 else declared.plural}"


def _said(db: sqlite3.Connection, me: str, since: int) -> Iterator[tuple[str, str]]:
    """Shared reviews, votes, hours, comments and uses of lessons by others."""
    about: dict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = db.execute(
        "SELECT kind, author, about FROM statement WHERE touched > ? AND author != ? ORDER BY touched",
        (since, me),
    )
    for kind, author, subject in rows:
        about[kind].append((author, subject))
    shared = sorted(set(about["note"]))
    if shared:
        yield f"{count(len(shared), 'review')} shared", shared[0][1]
    for kind, name in (
        ("vote", "vote"),
        ("pledge", "pledge"),
        ("comment", "comment"),
        ("use", "lesson used"),
    ):
        if about[kind]:
            number = len(about[kind])
            yield (
                (f"{count(number, 'lesson')} used" if kind == "use" else count(number, name)),
                about[kind][0][1],
            )
