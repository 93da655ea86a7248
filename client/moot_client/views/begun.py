"""What waits on this machine alone: a beginning, the recovery words, and what was typed and not yet said."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping

from moot_client.store.drafts import REFUSED, about
from moot_client.views.phrases import TodayLine
from moot_client.views.rows import record
from moot_client.views.standing import gone, standing
from moot_client.views.today import anything_listed
from moot_shared.frozen import frozen
from moot_shared.kinds import RECORDS
from moot_shared.text import shown_line

WORDS_CONFIRMED = "words confirmed"
"""Under this name a machine keeps whether its member has shown that the recovery words are on paper."""
PASTED = "pasted"
FROM = "from."  # with pasted words: where they came from, if not from a clipboard
VOTE, HOURS = "vote", "hours"  # what was typed in a line in place, and left
WRITING = "review"  # a review's unshared answers: `views.reviews` reads them too
ENDING = {"removal": "Why a membership ends", "leaving": "Why you leave"}
_PROFILE = "What you say of yourself"
_WHAT = {
    "edit": "Changes to",
    "finish": "The end of",
    "comment": "A comment on",
    "use": "Where you used",
    "tie": "What hangs together with",
    VOTE: "Your dots on",
    HOURS: "Your hours for",
    WRITING: "Your part of",
}
_SHOWN = 200  # characters of somebody's words in a name


@frozen
class Draft:
    """What was typed in one form about one thing, and when it was saved (Unix milliseconds)."""

    form: str
    subject: str
    fields: Mapping[str, str]
    saved: int


def drafts(db: sqlite3.Connection) -> tuple[Draft, ...]:
    """All of them, the newest first."""
    rows = db.execute("SELECT form, subject, fields, saved FROM draft ORDER BY saved DESC, form, subject")
    return tuple(Draft(form, subject, json.loads(fields), saved) for form, subject, fields, saved in rows)


def called(db: sqlite3.Connection, form: str, subject: str, fields: Mapping[str, str]) -> str:
    """A draft in a few words, on one line: 'New issue: Handover…', 'A comment on Handover…'."""
    return shown_line(_called(db, form, subject, fields))


def _called(db: sqlite3.Connection, form: str, subject: str, fields: Mapping[str, str]) -> str:
    if form == "profile":
        return _PROFILE
    if form in ENDING:
        return ENDING[form]
    words = fields.get("text", "")
    if form == REFUSED:
        return f"Not accepted: {_first(words)}"
    if form == PASTED and FROM in fields:
        return f"From {fields[FROM]}: {_first(words)}"
    if form == PASTED:
        return f"Pasted text, {len(words):,} characters"
    if form in _WHAT:
        subject = about(subject).split("/comment/", 1)[-1]
        found = record(db, "/".join(subject.split("/")[:3]))
        return f"{_WHAT[form]} {found.row.title_line if found else 'something that is not here'}"
    kind = form.removeprefix("new ")
    title = RECORDS[kind].title_field if kind in RECORDS else ""
    words = fields.get(title, "") or next((w for n, w in fields.items() if w and "." not in n), "")
    return f"New {kind}: {words[:_SHOWN]}"


def _first(words: str) -> str:
    return words.strip().partition("\n")[0][:_SHOWN]


def on_this_machine(db: sqlite3.Connection, me: str) -> Iterator[TodayLine]:
    """What waits here besides what the community asks: nothing for somebody who no longer belongs."""
    if gone(db, me):
        return
    if not _words_confirmed(db):
        yield TodayLine("your recovery words: make sure that you have written them down", "words/")
    if not anything_listed(db):
        yield TodayLine("list the first issue that matters to you", "new/issue")
    if _alone(db) and not standing(db, me).relay:
        words = "put the community on a relay: then you can invite the others"
        yield TodayLine(words, "details/relay")


def _alone(db: sqlite3.Connection) -> bool:
    """Whether nobody else belongs here yet."""
    (members,) = db.execute(
        "SELECT count(*) FROM (SELECT 1 FROM member WHERE NOT removed LIMIT 2)"
    ).fetchone()
    return int(members) < 2


def _words_confirmed(db: sqlite3.Connection) -> bool:
    row = db.execute("SELECT value FROM own WHERE name = ?", ("own " + WORDS_CONFIRMED,)).fetchone()
    return bool(row and json.loads(row[0]))
