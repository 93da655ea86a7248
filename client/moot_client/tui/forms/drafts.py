"""Drafts by name: what was typed and not yet said, and how to go on with it."""

from __future__ import annotations

from textual.content import Content

from moot_client.store.drafts import REFUSED
from moot_client.tui.desk import Desk
from moot_client.tui.ink import line, write
from moot_client.tui.targets import draft_of, draft_target
from moot_client.views.rows import record
from moot_shared.kinds import RECORDS

__all__ = ["ENDING", "FROM", "PASTED", "REFUSED", "TO_COPY", "WRITING", "draft_of", "draft_target", "named"]

PASTED = "pasted"
FROM = "from."  # with pasted words: where they came from, if not from a clipboard
TO_COPY = (PASTED, REFUSED)  # words without a form: one copies them, or puts them away
VOTE, HOURS = "vote", "hours"  # what was typed in a line in place, and left
WRITING = "review"  # a review's unshared answers: moot_client.views.reviews reads them too
ENDING = {"removal": "Why a membership ends", "leaving": "Why you leave"}
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


def named(desk: Desk, form: str, subject: str) -> Content:
    """A draft in a few words: 'New issue: Handover…', 'A comment on Handover…'."""
    if form == "profile":
        return write("What you say of yourself")
    if form in ENDING:
        return write(ENDING[form])
    fields = desk.rows.draft(form, subject)
    if form == REFUSED:
        return write("Not accepted: ", line(fields.get("text", "").partition("\n")[0][:200]))
    if form == PASTED and FROM in fields:
        first = fields.get("text", "").strip().partition("\n")[0]
        return write(f"From {fields[FROM]}: ", line(first[:200]))
    if form == PASTED:
        return write(f"Pasted text, {len(fields.get('text', '')):,} characters")
    if form in _WHAT:
        about = subject.split("/comment/", 1)[-1]
        found = record(desk.db, "/".join(about.split("/")[:3]))
        return write(_WHAT[form], " ", line(found.row.title_line if found else "something that is not here"))
    kind = form.removeprefix("new ")
    title = RECORDS[kind].title_field if kind in RECORDS else ""
    words = fields.get(title, "") or next((w for n, w in fields.items() if w and "." not in n), "")
    return write(f"New {kind}: ", line(words[:200]))
