"""What was typed in the interface and not yet said: on this machine alone, to read, to copy, to put away."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace

from moot_client.cli.output import aside, json_value, line, prose, table
from moot_client.cli.parser import Commands, Parser
from moot_client.cli.session import Session
from moot_client.cli.times import when
from moot_client.views.begun import Draft, called, drafts
from moot_shared.errors import NotFound


def add(commands: Commands) -> None:
    """`drafts` and `draft …`."""
    commands.command(
        "drafts", list_drafts, "what was typed and not yet said, the newest first", "moot drafts"
    )
    group = commands.group("draft", "one draft: show, forget")
    _number(group.command("show", show, "its words, to copy them", "moot draft show 1"))
    _number(
        group.command(
            "forget", forget, "put it away for good; prints its words once more", "moot draft forget 1"
        )
    )


def _number(parser: Parser) -> None:
    parser.add_argument("number", type=int, metavar="NUMBER", help="as moot drafts counts: 1 is the newest")


def list_drafts(session: Session, arguments: Namespace) -> None:
    """All of them."""
    found = drafts(session.db)
    if session.as_json:
        json_value([_as_json(session, number, draft) for number, draft in enumerate(found, 1)])
    elif not found:
        aside("Nothing is begun. What is typed in the interface and left is kept, and listed here.")
    else:
        rows = [(str(n), when(draft.saved), _called(session, draft)) for n, draft in enumerate(found, 1)]
        table(("number", "saved", "draft"), rows, ("number",))


def show(session: Session, arguments: Namespace) -> None:
    """One of them."""
    _print(session, arguments.number, _one(session, arguments.number))


def forget(session: Session, arguments: Namespace) -> None:
    """Put one away."""
    draft = _one(session, arguments.number)
    stood = session.replica.change_draft(draft.form, draft.subject, lambda stands: {})
    _print(session, arguments.number, replace(draft, fields=stood))


def _print(session: Session, number: int, draft: Draft) -> None:
    if session.as_json:
        json_value(_as_json(session, number, draft))
        return
    words = _words(draft.fields)
    for name, text in words.items():
        if len(words) > 1:
            line(f"{name}:")
        prose(text)


def _one(session: Session, number: int) -> Draft:
    found = drafts(session.db)
    if not 1 <= number <= len(found):
        raise NotFound(f"There is no draft of number {number}. moot drafts lists what there is.")
    return found[number - 1]


def _words(fields: Mapping[str, str]) -> dict[str, str]:
    """What was typed: a name with a dot only says something about another field."""
    return {name: text for name, text in fields.items() if text and "." not in name}


def _called(session: Session, draft: Draft) -> str:
    return called(session.db, draft.form, draft.subject, draft.fields)


def _as_json(session: Session, number: int, draft: Draft) -> dict[str, object]:
    return {
        "number": number,
        "form": draft.form,
        "about": draft.subject,
        "fields": draft.fields,
        "saved": draft.saved,
        "text": _called(session, draft),
    }
