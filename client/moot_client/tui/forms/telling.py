"""What is said beside a field, or once, about what others did in it while one was editing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from textual.content import Content

from moot_client.tui.desk import Desk
from moot_client.tui.forms.meanwhile import Meanwhile
from moot_client.tui.forms.merging import Seen
from moot_client.tui.forms.spec import FormSpec
from moot_client.tui.looks.ink import ACCENT, DIM, joined, line, write
from moot_client.views.people import Member, people
from moot_client.views.phrases import listed
from moot_client.views.rows import record
from moot_shared.ids import KEY_BYTES, encode_bytes
from moot_shared.kinds.fields import Reference

SHOWN = 2  # paragraphs of others that are named beside a field
LONGEST = 300  # characters of one
_WRITER = """
SELECT actor FROM cell JOIN record ON cell.object = record.id
WHERE record.key = ? AND cell.key = ? ORDER BY counter DESC LIMIT 1
"""


def told(desk: Desk, meanwhile: Meanwhile) -> dict[str, Content]:
    """For each field in which others wrote what is not in it: a few words to stand under it."""
    found: dict[str, list[Content]] = {}
    for name in meanwhile.seen:
        found[name] = list(_beside(desk, meanwhile, name))
    for name, words in meanwhile.theirs.items():
        who = _name(_writer(desk, meanwhile.spec.subject, name))
        shown = _value(desk, meanwhile.spec, name, words)
        found[name] = [write((who, ACCENT), " wrote here meanwhile: ", shown, (".  Yours stays", DIM))]
    return {name: joined(lines, "\n") for name, lines in found.items()}


def _beside(desk: Desk, meanwhile: Meanwhile, name: str) -> Iterator[Content]:
    seen = meanwhile.seen[name]
    beside = [p for p in seen.paragraphs if p.element in seen.beside]
    if not beside:
        return
    known = people(desk.db, desk.me)
    for paragraph in beside[:SHOWN]:
        cut = paragraph.text[:LONGEST] + ("…" if len(paragraph.text) > LONGEST else "")
        who = (_name(known[paragraph.author]), ACCENT)
        yield write(who, " rewrote this meanwhile: ", line(cut), ("  Both are kept", DIM))
    if len(beside) > SHOWN:
        yield write((f"and {len(beside) - SHOWN} more, which are kept too", DIM))


def _value(desk: Desk, spec: FormSpec, name: str, words: str) -> Content:
    if isinstance(spec.fields[name], Reference):
        found = record(desk.db, words)
        words = found.row.title_line if found else "" if "/" in words else words
    return line(f"‘{words[:LONGEST]}’" if words else "nothing")


def _writer(desk: Desk, key: str, name: str) -> Member:
    row = desk.db.execute(_WRITER, (key, name)).fetchone()
    return people(desk.db, desk.me)[encode_bytes(row[0][:KEY_BYTES]) if row else desk.me]


def came_in(desk: Desk, before: Mapping[str, Seen], found: Meanwhile) -> dict[str, str]:
    """field -> who changed it, where that is in the form now; `before`: what was seen of it."""
    if not found.anything:
        return {}
    known, subject = people(desk.db, desk.me), found.spec.subject
    came = {name: _name(_writer(desk, subject, name)) for name in found.values}
    for name, merged in found.prose.items():
        had = {paragraph.element for paragraph in before[name].paragraphs}
        new = {paragraph.author for paragraph in merged.seen.paragraphs if paragraph.element not in had}
        if merged.hunks:
            stands = record(desk.db, subject)
            last = {stands.row.changed_by} if stands else set[str]()  # of what was taken out it is not known
            came[name] = listed(sorted(_name(known[key]) for key in new or last))
    return came


def came_words(spec: FormSpec, came: Mapping[str, str]) -> str:
    """The same as a sentence."""
    who = listed(list(dict.fromkeys(came.values())))
    fields = listed([f"‘{spec.fields[name].label}’" for name in came])
    return f"{who} changed {fields} meanwhile: it is in the form"


def _name(member: Member) -> str:
    return "You, on another machine," if member.me else line(member.label).plain


def came_back(desk: Desk, meanwhile: Meanwhile) -> str:
    """What is said once: where mine or theirs stands although the other side took it out."""
    for merged in meanwhile.prose.values():
        if merged.back:
            who = _name(people(desk.db, desk.me)[merged.back[0].author])
            return f"{who} rewrote a paragraph that you had taken out: it is there again."
        if merged.stays:
            return "A paragraph that you rewrote was taken out meanwhile by somebody else: yours stays."
    return ""


def put_away_words(desk: Desk, spec: FormSpec) -> str:
    """That the record was put away, or brought back, while one edits it."""
    who = _name(_writer(desk, spec.subject, "archived"))
    if spec.away:
        return f"{who} put this away meanwhile. What you write is kept with it all the same."
    return f"{who} brought this back meanwhile."
