"""Options from declared fields: what a kind declares is what its commands take."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from moot_client.views.find import record_key
from moot_shared.errors import InputError
from moot_shared.kinds.declaration import Kind
from moot_shared.kinds.fields import Choice, Field, Line, Reference

if TYPE_CHECKING:
    from moot_client.cli.parser import Parser
    from moot_client.cli.session import Session

STDIN = "-"
MOST_BYTES = 8 * 1024 * 1024


def add_fields(parser: Parser, kind: type[Kind], skip: Iterable[str] = ("archived",)) -> None:
    """An option for each field of a kind."""
    for name, field in kind.fields.items():
        if name not in skip:
            action = parser.add_argument(
                field.option, dest="field_" + name, metavar=_metavar(field), help=_help(field)
            )
            if isinstance(field, Choice):
                parser.offer(action, field.options)


def once(arguments: Namespace, name: str) -> None:
    """A field given as it stands, as if it were given by its option; InputError for both."""
    plain, option = getattr(arguments, name), getattr(arguments, "field_" + name)
    if plain is not None and option is not None:
        raise InputError(f"The same is given twice: as it stands, and with --{name}. Once is enough.")
    if plain is not None:
        setattr(arguments, "field_" + name, plain)


def field_values(session: Session, arguments: Namespace, kind: type[Kind]) -> dict[str, Any]:
    """The fields that were given, as text for the declaration to read; ids in full."""
    values: dict[str, Any] = {}
    once_from_stdin(getattr(arguments, "field_" + name, None) for name in kind.fields)
    for name, field in kind.fields.items():
        given = getattr(arguments, "field_" + name, None)
        if given is None:
            continue
        text = from_stdin(given) if field.multiline or isinstance(field, Line) else given
        values[name] = reference(session, text, field) if isinstance(field, Reference) else text
    kind.check(values, whole=False)  # say what is wrong before anything heavy is loaded
    return values


def reference(session: Session, text: str, field: Reference) -> str:
    """The full key of a record that a field may point at; '' for nothing."""
    if not text.strip():
        return ""
    if len(field.kinds) == 1:
        return record_key(session.db, text, field.kinds[0])
    key = record_key(session.db, text)
    return field.check(key)


def once_from_stdin(given: Iterable[str | None]) -> None:
    """InputError where stdin is to be several things."""
    if sum(text == STDIN for text in given) > 1:
        raise InputError("Stdin holds one thing at a time: give the others in another way.")


def from_stdin(text: str) -> str:
    """`-` stands for what comes in on stdin; anything else for itself."""
    if text != STDIN:
        return text
    if sys.stdin is None:
        raise InputError("There is nothing on stdin to read for ‘-’.")
    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InputError("There is too much on stdin: more than 8 MB.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("What came in on stdin is not text in UTF-8.") from error


def _metavar(field: Field[Any]) -> str:
    if isinstance(field, Choice):
        return "WORD"
    if isinstance(field, Reference):
        return field.kinds[0].upper() if len(field.kinds) == 1 else "ID"
    return "TEXT" if field.multiline or isinstance(field.default, str) else "NUMBER"


def _help(field: Field[Any]) -> str:
    parts = [field.label]
    if isinstance(field, Choice):
        parts.append(" / ".join(option for option in field.options if option))
    if field.help:
        parts.append(field.help)
    if field.multiline or isinstance(field, Line):
        parts.append("- reads stdin")
    return ": ".join([parts[0], "; ".join(parts[1:])] if parts[1:] else parts).replace("%", "%%")
