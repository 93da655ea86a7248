"""Taking back what one did last: for each command, the one that puts things as they were.

Nothing is deleted, so taking back is saying again: a vote as it was, a field as it was, a new
thing put away, a comment said empty. Shared prose is put back by paragraphs, against those that
stood right after the edit: what others wrote meanwhile stays. A value that somebody has changed
again since stays as they have it, and so does what I said anew myself, on another machine for one.
Words that were said for the first time (a review's answers, a comment, a use) are the private draft
again that they were.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from moot_client.replica.commands import Command, Create, Edit, Say, Together
from moot_client.tui.forms.drafts import VOTE
from moot_client.tui.words.paragraphs import Paragraphs
from moot_client.views.reviews import DRAFT_FORM
from moot_shared.kinds import RECORDS, STATEMENTS
from moot_shared.kinds.fields import Prose
from moot_shared.kinds.review import QUESTIONS


@dataclass(frozen=True, slots=True)
class DraftAgain:
    """A draft that was put away or said, to keep again."""

    form: str
    subject: str
    fields: dict[str, str]

    def beside(self, standing: Mapping[str, str]) -> tuple[dict[str, str], str]:
        """The draft to keep where another one stands by now, and words that have no room in it.

        The answers of a review go side by side, and what was written since is the newer answer. Any
        other draft that was begun since is about something else: it stays as it is.
        """
        if self.form == DRAFT_FORM:
            return {**self.fields, **{name: words for name, words in standing.items() if words}}, ""
        if not standing or dict(standing) == self.fields:
            return self.fields, ""
        rest = [words for name, words in self.fields.items() if words.strip() and "." not in name]
        return dict(standing), "\n\n".join(rest)


@dataclass(frozen=True, slots=True)
class Part:
    """One command and what takes it back; `stood` is what it had left, as far as that would be changed."""

    done: Command
    back: Command
    me: str
    stood: dict[str, Any]
    prose: dict[str, Paragraphs]

    def now(self, db: sqlite3.Connection) -> tuple[Command | None, list[str]]:
        """What there is to do still, None where nothing is; and what stays, '' for the whole."""
        stands = _standing(db, self.me, self.back, self.stood)
        since = [name for name, value in self.stood.items() if stands[name] != value]
        if not isinstance(self.back, Edit):
            return (None, [_called(self.back)]) if since else (self.back, [])
        fields = RECORDS[self.back.key.split("/", 1)[0]].fields
        values = {name: value for name, value in self.back.values.items() if name not in since}
        base, row = dict(self.back.base), _record(db, self.back.key) or {} if self.prose else {}
        for name, paragraphs in self.prose.items():
            base[name], texts, stays = paragraphs.now(row.get(name, []), self.me)
            values[name] = "\n\n".join(texts)
            if stays:
                since.append(name)
            if stays and texts == [text for _, text in paragraphs.left]:
                del values[name]
        left = [fields[name].label for name in since]
        return replace(self.back, values=values, base=base) if values else None, left


@dataclass(frozen=True, slots=True)
class StillMine:
    """What of an act can be taken back by now: by which command, as which drafts; and what stays."""

    command: Command | None
    drafts: tuple[DraftAgain, ...]
    stays: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Careful:
    """What takes an act back, as far as nobody has changed the same again."""

    parts: tuple[Part, ...]

    def now(self, db: sqlite3.Connection) -> StillMine:
        """What there is to do, as things stand."""
        found = [(part, *part.now(db)) for part in self.parts]
        back = [command for _, command, _ in found if command is not None]
        drafts = _drafts_of([part for part, command, _ in found if command is not None])
        stays = tuple(label for _, _, labels in found for label in labels)
        return StillMine(Together(tuple(back)) if len(back) > 1 else next(iter(back), None), drafts, stays)


Inverse = DraftAgain | Careful


@dataclass(frozen=True, slots=True)
class _Before:
    """Values as they were, for each command in order; None where there was nothing."""

    values: tuple[dict[str, Any] | None, ...]
    me: str


def _parts(command: Command) -> tuple[Command, ...]:
    return command.commands if isinstance(command, Together) else (command,)


def state_before(db: sqlite3.Connection, me: str, command: Command) -> _Before:
    """What a command is about to change."""
    values: list[dict[str, Any] | None] = []
    for part in _parts(command):
        if isinstance(part, Edit):
            values.append(_record(db, part.key))
        elif isinstance(part, Say):
            values.append(_statement(db, f"{me}/{part.kind}/{part.subject}"))
        else:
            values.append(None)
    return _Before(tuple(values), me)


def inverse_after(db: sqlite3.Connection, before: _Before, command: Command, answer: Any) -> Inverse | None:
    """What takes `command` back, now that it is done."""
    answers = answer if isinstance(command, Together) else [answer]
    found = []
    for done, old, got in zip(_parts(command), before.values, answers, strict=True):
        back = _inverse(db, before.me, done, old, got)
        if back is not None:
            stood, prose = _stood(db, before.me, back), _prose(db, back, old or {})
            found.append(Part(done, back, before.me, stood, prose))
    return Careful(tuple(reversed(found))) if found else None


def _drafts_of(parts: Sequence[Part]) -> tuple[DraftAgain, ...]:
    """The drafts that words were before they were said, as the screens in which one writes read them."""
    drafts: dict[tuple[str, str], dict[str, str]] = {}
    for part, back in ((each.done, each.back) for each in parts):
        if not isinstance(part, Say) or not isinstance(back, Say):
            continue
        words = {name: str(value) for name, value in part.values.items()}
        if part.kind == "note":
            review, _, question = part.subject.rpartition("/")
            form, subject, words = DRAFT_FORM, review, {question: words.get("text", "")}
        elif part.kind == "comment":
            form, subject = "comment", part.subject
        elif part.kind == "vote" and words.get("why") != back.values.get("why"):
            form, subject = VOTE, part.subject
            words = words if words.get("why") else {}
        elif part.kind == "use":
            form, subject = "use", "/".join(part.subject.split("/")[:3])
        else:
            continue
        if any(value.strip() for value in words.values()):
            drafts.setdefault((form, subject), {}).update(words)
    return tuple(DraftAgain(form, subject, fields) for (form, subject), fields in drafts.items())


def _inverse(
    db: sqlite3.Connection, me: str, part: Command, old: dict[str, Any] | None, answer: Any
) -> Command | None:
    if isinstance(part, Create):
        return Edit(str(answer), {"archived": True})
    if isinstance(part, Edit):
        return _edit_back(db, me, part, old or {})
    if isinstance(part, Say):
        fields = STATEMENTS[part.kind].fields
        was = {name: (old or {}).get(name, fields[name].default) for name in part.values if name in fields}
        subject = part.subject if not part.subject.endswith("/") else str(answer).split("/", 2)[2]
        return Say(part.kind, subject, was)
    return None


def _edit_back(db: sqlite3.Connection, me: str, edit: Edit, old: dict[str, Any]) -> Edit:
    fields = RECORDS[edit.key.split("/", 1)[0]].fields
    values: dict[str, Any] = {}
    base: dict[str, list[str]] = {}
    now = _record(db, edit.key) or {}
    for name in edit.values:
        declared = fields.get(name)
        if isinstance(declared, Prose):
            values[name] = "\n\n".join(str(row[1]) for row in old.get(name, []))
            base[name] = _mine_or_old(old.get(name, []), now.get(name, []), me)
        elif declared is not None:
            values[name] = old.get(name, declared.default)
    return Edit(edit.key, values, base)


def _prose(db: sqlite3.Connection, back: Command, old: dict[str, Any]) -> dict[str, Paragraphs]:
    """What an edit left of each prose field, and what had been there."""
    if not isinstance(back, Edit):
        return {}
    now = _record(db, back.key) or {}
    found = {}
    for name, elements in back.base.items():
        left = tuple((str(row[0]), str(row[1])) for row in now.get(name, []) if row[0] in elements)
        found[name] = Paragraphs(left, tuple(str(row[1]) for row in old.get(name, [])))
    return found


def _mine_or_old(old: Sequence[Sequence[Any]], now: Sequence[Sequence[Any]], me: str) -> list[str]:
    """The paragraphs' elements after an edit of mine, but for what came from others while it was made."""
    known = {row[0] for row in old}
    return [str(element) for element, _, author, _ in now if element in known or author == me]


def _stood(db: sqlite3.Connection, me: str, back: Command) -> dict[str, Any]:
    """The values that stand where a command would change them; prose is put back by paragraphs."""
    if isinstance(back, Edit):
        fields = RECORDS[back.key.split("/", 1)[0]].fields
        return _standing(db, me, back, [n for n in back.values if not isinstance(fields[n], Prose)])
    return _standing(db, me, back, back.values) if isinstance(back, Say) else {}


def _standing(db: sqlite3.Connection, me: str, back: Command, names: Iterable[str]) -> dict[str, Any]:
    """How the fields of these names stand."""
    if isinstance(back, Edit):
        row, fields = _record(db, back.key) or {}, RECORDS[back.key.split("/", 1)[0]].fields
    elif isinstance(back, Say):
        row, fields = _statement(db, f"{me}/{back.kind}/{back.subject}") or {}, STATEMENTS[back.kind].fields
    else:
        return {}
    return {name: row.get(name, fields[name].default) for name in names}


def _called(back: Command) -> str:
    """A question of a review, if it is that; '' for what was done as a whole."""
    question = back.subject.rpartition("/")[2] if isinstance(back, Say) and back.kind == "note" else ""
    return QUESTIONS.get(question, question)


def _record(db: sqlite3.Connection, key: str) -> dict[str, Any] | None:
    row = db.execute("SELECT value FROM record WHERE key = ? ORDER BY id LIMIT 1", (key,)).fetchone()
    return dict(json.loads(row[0])) if row else None


def _statement(db: sqlite3.Connection, key: str) -> dict[str, Any] | None:
    row = db.execute("SELECT value FROM statement WHERE key = ?", (key,)).fetchone()
    return dict(json.loads(row[0])) if row else None
