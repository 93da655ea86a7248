"""What was done, in plain words that go after a name: 'Ines rewrote a paragraph of “How it is now”'."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from moot_client.history.replay import ADDED, TAKEN_OUT, Written
from moot_client.views.phrases import count, each
from moot_shared.kinds import RECORDS, Record
from moot_shared.kinds.fields import Field, Hours, Line, Prose, Reference, Text
from moot_shared.kinds.review import QUESTIONS

NEWER = "changed something that a newer Moot shows"
_MADE = {"issue": "listed it", "review": "began it", "lesson": "noted it", "community": "founded it"}
_SET: dict[tuple[str, Any], str] = {
    ("archived", True): "put it away",
    ("archived", False): "brought it back",
    ("status", "open"): "opened it again",
    ("status", "agreed"): "said that it is agreed",
    ("status", "in work"): "took it into work",
    ("status", "closed"): "closed it",
    ("ending", ""): "opened it again",
    ("ending", "lessons"): "ended it with lessons",
    ("ending", "next steps"): "ended it with next steps",
    ("ending", "skipped"): "skipped it",
}
LONGEST = 60  # characters of a value that stands in a sentence


def done(kind: str, written: Sequence[Written], *, made: bool, back: Collection[str] = ()) -> str:
    """What one change did to a record; `back` are the fields that read as they did once before."""
    declared = RECORDS.get(kind)
    if made:
        return _MADE.get(kind, "made it")
    known = declared.fields if declared else {}
    again = [one for one in written if _returns(known, one, back)]
    named = each([_called(known[one.field], one.field) for one in again])
    said = [f"brought back an earlier {named}"] if again else []
    said += [words for one in written if one not in again and (words := _to_field(declared, one))]
    if not written:
        return "touched it, and changed no word"
    return each(list(dict.fromkeys(said))) or NEWER


def _returns(known: Mapping[str, Field[Any]], written: Written, back: Collection[str]) -> bool:
    """Whether a text is back; of what is chosen from a few words the word says more than that it is back."""
    return written.field in back and isinstance(known.get(written.field), Line | Text | Prose)


def _called(field: Field[Any], name: str) -> str:
    return "title" if name == "title" else f"“{field.label}”"


def _to_field(declared: type[Record] | None, written: Written) -> str:
    name = written.field
    field = declared.fields.get(name) if declared else None
    if declared is None or field is None:
        return NEWER
    after = field.read(written.after) if not isinstance(field, Prose) else None
    if (name, after) in _SET:
        return _SET[name, after]
    if isinstance(field, Prose) or written.prose:
        return _to_prose(field.label, written)
    if name == declared.title_field:
        return "changed the title" if name == "title" else f"changed “{field.label}”"
    value = "" if isinstance(field, Reference) else field.show(after)
    return f"changed “{field.label}”" + (f" to “{short(value)}”" if value else "")


def _to_prose(label: str, written: Written) -> str:
    added, gone = written.count(ADDED) - written.rewritten, written.count(TAKEN_OUT) - written.rewritten
    parts = [
        f"rewrote {_paragraphs(written.rewritten)} of" if written.rewritten else "",
        f"added {_paragraphs(added)} to" if added > 0 else "",
        f"took {_paragraphs(gone)} out of" if gone > 0 else "",
    ]
    said = [part for part in parts if part]
    return f"{said[0]} “{label}”" if len(said) == 1 else f"rewrote “{label}”"


def _paragraphs(number: int) -> str:
    return "a paragraph" if number == 1 else count(number, "paragraph")


def short(words: str) -> str:
    """A value that stands in a sentence."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


Values = Mapping[str, Any]


def said(kind: str, subject: str, before: Values | None, after: Values | None, other: str = "") -> str:
    """What a statement did, by its kind; `other` is the title of another record that it names."""
    old, new = before or {}, after or {}
    if kind == "vote":
        return _vote(old, new)
    if kind == "pledge":
        return _pledge(old, new)
    if kind == "link":
        tied = new.get("how", "related to") != "none" and bool(new)
        to = f" “{short(other)}”" if other else " another issue"
        return f"tied it ({new.get('how', 'related to')}) to{to}" if tied else f"untied it from{to}"
    if kind == "note":
        question = QUESTIONS.get(subject.rsplit("/", 1)[-1], "a question")
        return _words(
            old,
            new,
            f"answered “{question}”",
            f"changed the answer to “{question}”",
            f"took the answer to “{question}” back",
        )
    if kind == "use":
        first = (
            f"{'tried' if new.get('state') == 'tried' else 'applied'} it: {short(str(new.get('where', '')))}"
        )
        return (
            first
            if not old
            else "changed what was said of using it"
            if new.get("where")
            else "took a use back"
        )
    if kind == "profile":
        return _profile(old, new)
    if kind == "comment":
        return _words(old, new, "commented", "changed a comment", "took a comment back")
    return "said something" if new else "took something back"


def _words(old: Values, new: Values, first: str, again: str, back: str) -> str:
    if not new.get("text"):
        return back
    return again if old.get("text") else first


def _vote(old: Values, new: Values) -> str:
    dots, had = _whole(new.get("dots")), _whole(old.get("dots"))
    if dots == had:
        return "said why" if new.get("why") else "took the reason back"
    if not dots:
        return "took the dots back"
    return f"changed {count(had, 'dot')} to {dots}" if had else f"gave {count(dots, 'dot')}"


def _pledge(old: Values, new: Values) -> str:
    hours = Hours("")
    now, had = hours.read(new.get("hours")), hours.read(old.get("hours"))
    if not now:
        return "took the hours back"
    return f"changed {had:g} h to {now:g} h" if had else f"would give {now:g} h"


def _profile(old: Values, new: Values) -> str:
    name, about = new.get("name"), new.get("about")
    parts = [
        f"took the name “{short(str(name))}”" if name != old.get("name") and name else "",
        "changed “About”" if about != old.get("about") and about else "",
        "took “About” back" if old.get("about") and not about else "",
    ]
    return each([part for part in parts if part]) or "said the same again"


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
