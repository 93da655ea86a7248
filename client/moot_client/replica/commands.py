"""What can be asked of a replica, as values that also travel through the inbox as JSON.

Commands are driven by the declared kinds: `Create`, `Edit` and `Say` serve every kind, so a
new one needs no command. Each is answered by one JSON-able value (below) or a MootError.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from moot_shared.errors import FormatError
from moot_shared.frozen import field, frozen


@frozen
class Create:
    """Make a record. Answer: its key as text. Prose fields are given as plain text."""

    kind: str
    values: dict[str, Any]


@frozen
class Edit:
    """Change fields of a record. Answer: its key.

    `base` holds, for each prose field, the elements (`Paragraph.element`) that the editor saw when
    they began, in order; without it the text is taken as an edit of what stands now.
    """

    key: str
    values: dict[str, Any]
    base: dict[str, list[str]] = field(default_factory=dict)


@frozen
class Say:
    """Say or re-say one statement of one's own. Answer: its key.

    `subject` is the statement's subject (`kinds` says what each kind's is). Fields that are not
    given stay as they were. Subjects that end in '/' get a fresh ULID (comments, uses).
    """

    kind: str
    subject: str
    values: dict[str, Any]


@frozen
class Together:
    """Several commands, all or none, in one change where they fit. Answer: a list of their answers."""

    commands: tuple[Command, ...]


@frozen
class MakeInvite:
    """Invite somebody. Answer: the line to paste. `expires` is Unix milliseconds or None.

    With the role `view` (and `uses` None) it makes a viewer link: the answer is its address.
    """

    role: str = "member"
    uses: int | None = 1
    expires: int | None = None


@frozen
class SyncOnce:
    """One exchange with the relay, by the process that writes. Answer: {"stored": bool, "received": int}."""


def apart(commands: Iterable[Command]) -> Iterator[list[Command]]:
    """Commands in order, in groups of which no two are about the same record or statement.

    What a command does is worked out from rows, and those know nothing of an earlier one of its group.
    """
    group: list[Command] = []
    places: set[str] = set()
    for command in _singly(commands):
        place = _place(command)
        if place in places:
            yield group
            group, places = [], set()
        group.append(command)
        places |= {place} - {""}
    if group:
        yield group


def _singly(commands: Iterable[Command]) -> Iterator[Command]:
    for command in commands:
        yield from _singly(command.commands) if isinstance(command, Together) else (command,)


def _place(command: Command) -> str:
    """What a command is about, or '' for something new."""
    if isinstance(command, Edit):
        return command.key
    if isinstance(command, Say) and not command.subject.endswith("/"):
        return f"{command.kind}/{command.subject}"
    return ""


Command = Create | Edit | Say | Together | MakeInvite | SyncOnce
_KINDS: dict[str, type[Any]] = {c.__name__: c for c in (Create, Edit, Say, Together, MakeInvite, SyncOnce)}


def words_in(command: Command) -> Iterator[str]:
    """What was typed in a command, field by field."""
    for each in _singly([command]):
        if isinstance(each, Create | Edit | Say) and isinstance(each.values, dict):
            yield from (text for text in each.values.values() if isinstance(text, str) and text.strip())


def to_json(command: Command) -> str:
    """A command as one JSON text."""
    if isinstance(command, Together):
        return json.dumps({"do": "Together", "commands": [json.loads(to_json(c)) for c in command.commands]})
    fields = {name: getattr(command, name) for name in command.__match_args__}
    return json.dumps({"do": type(command).__name__, **fields})


def from_json(text: str) -> Command:
    """The inverse of `to_json`; FormatError for anything else."""
    try:
        return _from_plain(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise FormatError("This command was written by another version of Moot.") from error


def _from_plain(plain: dict[str, Any]) -> Command:
    name = plain.pop("do")
    if name == "Together":
        return Together(tuple(_from_plain(c) for c in plain["commands"]))
    command: Command = _KINDS[name](**plain)
    return command
