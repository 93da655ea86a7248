"""The forms there are, each made from the declaration of a kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from moot_client.replica.commands import Command, Create, Edit, Say
from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.forms.spec import FieldError, Fields, FormSpec
from moot_client.views.rows import record
from moot_shared.errors import NotFound
from moot_shared.kinds import RECORDS, Link, Profile, ProseText, Use
from moot_shared.kinds.fields import Reference
from moot_shared.text import held, held_line, prose

_NEW: dict[str, tuple[str, ...]] = {
    "issue": ("title", "now", "body", "level", "kind"),
    "review": ("title", "about", "form", "issue"),
    "lesson": ("statement", "story", "source", "origin"),
}
_EDITED: dict[str, tuple[str, ...]] = {
    "issue": ("title", "now", "body", "level", "kind", "status"),
    "review": ("title", "about", "form", "issue", "next_steps"),
    "lesson": ("statement", "story", "source", "origin"),
}
_FINISH = {"issue": "list it", "review": "begin it", "lesson": "note it"}
_DONE = {"issue": "Listed on the agenda", "review": "Begun: {} writes your part", "lesson": "Noted"}


def _chosen(kind: str, names: tuple[str, ...]) -> Fields:
    fields = RECORDS[kind].fields
    return {name: fields[name] for name in names}


def new_spec(kind: str, *, subject: str = "", start: Mapping[str, str] | None = None) -> FormSpec:
    """Something new of a kind."""

    def command(values: dict[str, str], base: dict[str, list[str]]) -> Command:
        return Create(kind, dict(values))

    return FormSpec(
        form=f"new {kind}",
        subject=subject,
        title=f"New {kind}",
        finish=_FINISH[kind],
        fields=_chosen(kind, _NEW[kind]),
        command=command,
        done=_DONE[kind].format(key_of("write")),
        start=dict(start or {}),
        undo=f"the new {kind}",
        new=True,
    )


def edit_spec(
    desk: Desk, key: str, names: tuple[str, ...] = (), *, title: str = "", form: str = "edit"
) -> FormSpec:
    """A record's fields as they stand, to change."""
    found = record(desk.db, key)
    if found is None:
        raise NotFound("That is not here. It may not have arrived yet.")
    row, kind = found.row, key.split("/", 1)[0]
    start, standing, originals = {}, {}, {}
    contested = {n: row.values[n] for n in names or _EDITED[kind] if row.others.get(n) and n in row.values}
    for name in names or _EDITED[kind]:
        value = getattr(row, name)
        if isinstance(value, ProseText):
            start[name] = held(str(value))
            standing[name] = tuple(replace(p, text=held(p.text)) for p in value.paragraphs)
            originals.update({held(p.text): p.text for p in value.paragraphs if held(p.text) != p.text})
        else:
            declared = row.fields[name]
            start[name] = value if isinstance(declared, Reference) else held_line(declared.show(value))

    def command(values: dict[str, str], seen: dict[str, list[str]]) -> Command | None:
        whole = {n: _restored(v, originals) if n in standing else v for n, v in values.items()}
        whole = whole or contested  # keeping all as it stands settles what was written at the same time
        return Edit(key, whole, {n: seen[n] for n in whole if n in seen}) if whole else None

    return FormSpec(
        form=form,
        subject=key,
        title=title or f"Edit {kind}",
        finish="keep it",
        fields=_chosen(kind, names or _EDITED[kind]),
        command=command,
        done="Kept",
        start=start,
        base={name: [p.element for p in paragraphs] for name, paragraphs in standing.items()},
        undo="the edit",
        standing=standing,
        again=partial(edit_spec, desk, key, names, title=title, form=form),
        away=row.archived,
    )


def _restored(words: str, originals: Mapping[str, str]) -> str:
    """Paragraphs that were not touched, as they were written: pictures of control characters undone."""
    return prose([originals.get(part, part) for part in words.split("\n\n")]) if originals else words


def use_spec(key: str) -> FormSpec:
    """Where and how a lesson was used."""

    def command(values: dict[str, str], base: dict[str, list[str]]) -> Command:
        return Say("use", f"{key}/", dict(values))

    return FormSpec(
        form="use",
        subject=key,
        title="Where it was used",
        finish="say it",
        fields={name: Use.fields[name] for name in ("where", "how", "state")},
        command=command,
        done="Said where it was used",
        undo="the use of a lesson",
        new=True,
    )


def link_spec(key: str) -> FormSpec:
    """An issue's tie to another one."""

    def command(values: dict[str, str], base: dict[str, list[str]]) -> Command:
        if "to" not in values:
            raise FieldError("to", "Which issue is it tied to? Type some words of its title.")
        return Say("link", f"{key}/{values['to']}", dict(values))

    return FormSpec(
        form="tie",
        subject=key,
        title="How it hangs together",
        finish="tie them",
        fields={name: Link.fields[name] for name in ("to", "how")},
        command=command,
        done="Tied together",
        undo="the tie",
        new=True,
    )


def profile_spec(desk: Desk) -> FormSpec:
    """My name, and a few words."""
    row = desk.db.execute("SELECT value FROM statement WHERE key = ?", (f"{desk.me}/profile/me",)).fetchone()
    said: dict[str, Any] = json.loads(row[0]) if row else {}

    def command(values: dict[str, str], base: dict[str, list[str]]) -> Command | None:
        return Say("profile", "me", dict(values)) if values else None

    return FormSpec(
        form="profile",
        subject="me",
        title="You",
        finish="keep it",
        fields={name: Profile.fields[name] for name in ("name", "about")},
        command=command,
        done="Kept",
        start={"name": held_line(str(said.get("name", ""))), "about": held(str(said.get("about", "")))},
        undo="what you said of yourself",
        again=partial(profile_spec, desk),
    )


def finish_spec(desk: Desk, key: str) -> FormSpec:
    """How a review ends: with lessons, next steps, or skipped, with a reason or none."""
    names = ("ending", "next_steps", "skipped_because")
    return edit_spec(desk, key, names, title="End the review", form="finish")


def lesson_from(source: str) -> FormSpec:
    """A lesson that comes from a review or an issue."""
    return new_spec("lesson", subject=source, start={"source": source} if source else {})


def review_of(issue: str, title: str) -> FormSpec:
    """A review that looks back at an issue."""
    return new_spec("review", subject=issue, start={"issue": issue, "title": held_line(title)})
