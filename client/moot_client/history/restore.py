"""An earlier text back: an edit of what stands now, so that it can be taken back like any other."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from moot_client.history.history import Event, History, label
from moot_client.replica.commands import Edit, Say
from moot_shared.errors import InputError
from moot_shared.kinds import RECORDS, STATEMENTS
from moot_shared.kinds.fields import Prose

SAYABLE = ("comment", "note", "use", "vote", "pledge", "profile", "link")
"""Statements that can be said again as they were."""
NOTHING = "That is what stands there now: there is nothing to bring back."


def back(found: History, event: Event, fields: Collection[str] = ()) -> Edit | Say:
    """What brings back how it was right after an event: what it changed, or these fields.

    InputError says why there is nothing to bring back.
    """
    if event.statement:
        return _said_again(found, event)
    chosen = fields or [each.field for each in event.written]
    return _edit(found, event.state or {}, chosen)


def before(found: History, event: Event) -> Edit:
    """What brings back how a record was before an event, in what that changed."""
    if not event.prior:
        raise InputError("Nothing stood here before that.")
    return _edit(found, event.prior, [each.field for each in event.written])


def stands(found: History, event: Event) -> bool:
    """Whether what an event wrote into a record is what stands there now."""
    state = event.state or {}
    return all(found.now.get(each.field) == state.get(each.field) for each in event.written)


def _edit(found: History, state: Any, chosen: Collection[str]) -> Edit:
    kind = found.key.split("/", 1)[0]
    declared = RECORDS[kind].fields if kind in RECORDS else {}
    unknown = [name for name in chosen if name not in declared]
    if unknown and len(unknown) == len(chosen):
        named = ", ".join(declared)
        raise InputError(
            f"There is no field called {unknown[0]} that this Moot can write. There are: {named}."
        )
    values: dict[str, Any] = {}
    base: dict[str, list[str]] = {}
    for name in chosen:
        field = declared.get(name)
        if isinstance(field, Prose):
            if found.now.get(name, ()) != state.get(name, ()):
                values[name] = "\n\n".join(state.get(name, ()))
                base[name] = list(found.base.get(name, ()))
        elif field is not None and field.read(found.now.get(name)) != field.read(state.get(name)):
            values[name] = field.read(state.get(name))
    if not values:
        raise InputError(NOTHING)
    return Edit(found.key, values, base)


def _said_again(found: History, event: Event) -> Say:
    _, kind, subject = event.statement.split("/", 2)
    if not event.who.me or kind not in SAYABLE:
        raise InputError(f"Only {event.who.label} can say this again: it is their own word.")
    newest = next(each for each in found.events if each.statement == event.statement)
    declared = STATEMENTS[kind].fields
    values = {n: (event.values or {}).get(n, f.default) for n, f in declared.items()}
    if all((newest.values or {}).get(n, declared[n].default) == value for n, value in values.items()):
        raise InputError(NOTHING)
    return Say(kind, subject, values)


def named(found: History, command: Edit | Say) -> str:
    """What a command brings back, in words: '“Title” and “How it is now”'."""
    if isinstance(command, Edit):
        kind = found.key.split("/", 1)[0]
        return " and ".join(f"“{label(kind, name)}”" for name in command.values)
    return "what you said"
