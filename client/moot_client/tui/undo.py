"""Taking back what one did last: for each command, the one that puts things as they were.

Nothing is deleted, so taking back is saying again: a vote as it was, a field as it was, a new
thing put away, a comment said empty. Shared prose is put back by paragraphs, against those that
stood right after the edit: what others wrote meanwhile stays. A value that somebody has changed
again since stays as they have it. Words that were said for the first
time (a review's answers, a comment, a use) are the private draft again that they were.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moot_client.replica.commands import Command, Create, Edit, Say, Together
from moot_client.views.reviews import DRAFT_FORM
from moot_shared.kinds import RECORDS, STATEMENTS
from moot_shared.kinds.fields import Prose


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
class WordsBack:
    """What takes words back that others could read, and the drafts that they are again."""

    command: Command
    drafts: tuple[DraftAgain, ...]


@dataclass(frozen=True, slots=True)
class Careful:
    """What takes an edit back, as far as nobody has changed the same again: `stood` is what it had left."""

    edit: Edit
    stood: dict[str, Any]

    def now(self, db: sqlite3.Connection) -> tuple[Edit | None, list[str]]:
        """The edit to make, None where nothing of it is left; and the labels of what stays as it is."""
        row = _record(db, self.edit.key) or {}
        fields = RECORDS[self.edit.key.split("/", 1)[0]].fields
        since = [n for n, value in self.stood.items() if row.get(n, fields[n].default) != value]
        values = {n: value for n, value in self.edit.values.items() if n not in since}
        left = Edit(self.edit.key, values, self.edit.base) if values else None
        return left, [fields[n].label for n in since]


Inverse = Command | DraftAgain | WordsBack | Careful


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
    parts = _parts(command)
    answers = answer if isinstance(command, Together) else [answer]
    inverses = [
        _inverse(db, before.me, part, old, got)
        for part, old, got in zip(parts, before.values, answers, strict=True)
    ]
    found = tuple(one for one in reversed(inverses) if one is not None)
    if not found:
        return None
    back = found[0] if len(found) == 1 else Together(found)
    if isinstance(command, Edit) and isinstance(back, Edit):
        return Careful(back, _scalars(db, back))
    drafts = _drafts_of(parts)
    return WordsBack(back, drafts) if drafts else back


def _drafts_of(parts: Sequence[Command]) -> tuple[DraftAgain, ...]:
    """The drafts that words were before they were said, as the screens in which one writes read them."""
    drafts: dict[tuple[str, str], dict[str, str]] = {}
    for part in parts:
        if not isinstance(part, Say):
            continue
        words = {name: str(value) for name, value in part.values.items()}
        if part.kind == "note":
            review, _, question = part.subject.rpartition("/")
            form, subject, words = DRAFT_FORM, review, {question: words.get("text", "")}
        elif part.kind == "comment":
            form, subject = "comment", part.subject
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


def _mine_or_old(old: Sequence[Sequence[Any]], now: Sequence[Sequence[Any]], me: str) -> list[str]:
    """The paragraphs' elements after an edit of mine, but for what came from others while it was made."""
    known = {row[0] for row in old}
    return [str(element) for element, _, author, _ in now if element in known or author == me]


def _scalars(db: sqlite3.Connection, edit: Edit) -> dict[str, Any]:
    """The values that stand where an edit would change them; prose is put back by paragraphs."""
    row = _record(db, edit.key) or {}
    fields = RECORDS[edit.key.split("/", 1)[0]].fields
    return {n: row.get(n, fields[n].default) for n in edit.values if not isinstance(fields[n], Prose)}


def _record(db: sqlite3.Connection, key: str) -> dict[str, Any] | None:
    row = db.execute("SELECT value FROM record WHERE key = ? ORDER BY id LIMIT 1", (key,)).fetchone()
    return dict(json.loads(row[0])) if row else None


def _statement(db: sqlite3.Connection, key: str) -> dict[str, Any] | None:
    row = db.execute("SELECT value FROM statement WHERE key = ?", (key,)).fetchone()
    return dict(json.loads(row[0])) if row else None
